"""Mistyped context words: "socal", "acount number", "rounting". One slip of the keyboard, first letter right."""

import re
from string import ascii_lowercase

from carloans.core.privacy.kinds import Kind
from carloans.core.text import words

_WORDS = {
    "social": Kind.SSN,
    "security": Kind.SSN,
    "routing": Kind.ROUTING,
    "account": Kind.BANK,
    "birthday": Kind.DOB,
    "birthdate": Kind.DOB,
    "birth": Kind.DOB,
    "license": Kind.LICENCE,
    "licence": Kind.LICENCE,
    "debit": Kind.CARD,
}
# What a slip of these words also spells.
_REAL = words(
    """
    routine rousing rotting routings berth births debt debut debits licensed licences licenses licencee licensee
    birch licenced licensor licencing accounts socials birthdays birthdates
    """
)
_PHONETIC = {"lisence": Kind.LICENCE, "lisense": Kind.LICENCE, "liscence": Kind.LICENCE, "liscense": Kind.LICENCE}
_WORD = re.compile(r"[a-z]{4,11}")


def _slips_of(word: str) -> set[str]:
    """A letter left out, put in, hit instead of another, or swapped with its neighbour; never the first one."""
    places = range(1, len(word))
    dropped = {word[:at] + word[at + 1 :] for at in places}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places if at + 1 < len(word)}
    typed = {word[:at] + key + word[at + 1 :] for at in places for key in ascii_lowercase}
    added = {word[:at] + key + word[at:] for at in range(1, len(word) + 1) for key in ascii_lowercase}
    return dropped | typed | added | swapped


_SLIPS = {slip: kind for word, kind in _WORDS.items() for slip in _slips_of(word) if len(slip) >= 4}
_SLIPS = {slip: kind for slip, kind in (_SLIPS | _PHONETIC).items() if slip not in _REAL and slip not in _WORDS}


def slips_in(lower: str) -> list[tuple[int, int, Kind]]:
    """Where a context word is mistyped, and which kind it announces."""
    return [(m.start(), m.end(), kind) for m in _WORD.finditer(lower) if (kind := _SLIPS.get(m.group()))]
