"""Numbers in words, English and Spanish: "double five oh", "treinta y dos", "fivefivefive".

Only what people use to dictate digits is read: units, teens, tens, hundreds after a unit, "double" and
"triple". A word of quantity ("thousand", "mil") turns what stands before it into an amount.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

UNITS: dict[str, str] = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
    "cero": "0", "uno": "1", "una": "1", "un": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5",
    "seis": "6", "siete": "7", "ocho": "8", "nueve": "9",
}  # fmt: skip
TEENS: dict[str, str] = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    "diez": "10", "once": "11", "doce": "12", "trece": "13", "catorce": "14", "quince": "15",
    "dieciseis": "16", "diecisiete": "17", "dieciocho": "18", "diecinueve": "19",
    "veintiuno": "21", "veintiun": "21", "veintidos": "22", "veintitres": "23", "veinticuatro": "24",
    "veinticinco": "25", "veintiseis": "26", "veintisiete": "27", "veintiocho": "28", "veintinueve": "29",
}  # fmt: skip
TENS: dict[str, str] = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
    "veinte": "2", "treinta": "3", "cuarenta": "4", "cincuenta": "5", "sesenta": "6", "setenta": "7",
    "ochenta": "8", "noventa": "9",
}  # fmt: skip
HUNDREDS: dict[str, str] = {
    "cien": "1", "ciento": "1", "doscientos": "2", "trescientos": "3", "cuatrocientos": "4",
    "quinientos": "5", "seiscientos": "6", "setecientos": "7", "ochocientos": "8", "novecientos": "9",
}  # fmt: skip
REPEATS: dict[str, int] = {"double": 2, "triple": 3, "treble": 3, "doble": 2}
AMOUNTS = frozenset({"thousand", "million", "mil", "millon", "millones", "grand"})

_ALL = sorted({*UNITS, *TEENS, *TENS, *HUNDREDS, *REPEATS, *AMOUNTS, "hundred"}, key=len, reverse=True)
_WORD = "|".join(_ALL)
_TOKENS = re.compile(rf"(?<![a-z])(?<![a-z]')(?:{_WORD})+(?![a-z])(?!'[a-z])")
_INNER = re.compile(_WORD)
_NEAR = frozenset({"", " ", "  ", "-", " - ", " y ", " and "})
# "un", "una" and "o" are articles and a conjunction far more often than digits, so they start nothing.
_FIRM = "|".join(w for w in _ALL if w not in {"un", "una", "o", "oh", "once"})
_HINT = re.compile(
    rf"(?<![a-z])(?:{_FIRM})(?:[^a-z0-9]{{0,4}}|[^a-z0-9]+(?:dash|hyphen|dot|space|guion|punto|y)[^a-z0-9]+)"
    rf"(?:{_WORD}|\d)(?![a-z]{{4}})|\d[^a-z0-9]{{0,3}}(?:{_FIRM})(?![a-z])"
)


class Spoken(NamedTuple):
    """`digits` read between `start` and `end`; `amount` marks "thousand" and its like."""

    start: int
    end: int
    digits: str
    amount: bool = False


def may_hold_spoken_digits(lower: str) -> bool:
    """Cheap: are there two number words side by side, or one beside a digit?"""
    return _HINT.search(lower) is not None


def spoken_numbers(lower: str) -> list[Spoken]:
    """The number words of a folded lower-case text, composed ("sixty seven" is 67)."""
    return list(_compose(list(_words(lower)), lower))


def _words(lower: str) -> Iterator[tuple[int, int, str]]:
    for token in _TOKENS.finditer(lower):
        for word in _INNER.finditer(lower, token.start(), token.end()):
            yield word.start(), word.end(), word.group()


def _compose(words: list[tuple[int, int, str]], lower: str) -> Iterator[Spoken]:
    index = 0
    while index < len(words):
        run = _adjoining(words, index, lower)
        digits, used = _read(run)
        yield Spoken(words[index][0], words[index + used - 1][1], digits, amount=run[0] in AMOUNTS)
        index += used


def _adjoining(words: list[tuple[int, int, str]], index: int, lower: str) -> list[str]:
    """The word at `index` and up to three that follow it with no more than a blank, a dash or an "and" between."""
    run = [words[index][2]]
    for before, after in zip(words[index : index + 3], words[index + 1 : index + 4], strict=False):
        if lower[before[1] : after[0]] not in _NEAR:
            break
        run.append(after[2])
    return run


def _read(words: list[str]) -> tuple[str, int]:
    """The digits that `words` begin with, and how many words they took."""
    word, after = words[0], words[1] if len(words) > 1 else ""
    if word in REPEATS:
        return (UNITS[after] * REPEATS[word], 2) if after in UNITS else ("", 1)
    if after == "hundred" and (word in UNITS or word in TEENS):
        return _hundred(UNITS.get(word) or TEENS[word], words[2:], 2)
    if word in HUNDREDS:
        return _hundred(HUNDREDS[word], words[1:], 1)
    return _below_hundred(words) or ("", 1)


def _hundred(digit: str, rest: list[str], used: int) -> tuple[str, int]:
    """Read “five hundred twelve” as 512, but add no unit: "eight hundred five five five" dictates digits."""
    below = _below_hundred(rest) if rest and (rest[0] in TEENS or rest[0] in TENS) else None
    return (digit + below[0], used + below[1]) if below else (digit + "00", used)


def _below_hundred(words: list[str]) -> tuple[str, int] | None:
    word, after = words[0], words[1] if len(words) > 1 else ""
    if word in TENS:
        unit = UNITS.get(after, "0")
        return (TENS[word] + unit, 2) if unit != "0" else (TENS[word] + "0", 1)
    if word in UNITS or word in TEENS:
        return UNITS.get(word) or TEENS[word], 1
    return None
