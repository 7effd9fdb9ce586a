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
_TOKENS = re.compile(rf"(?<![a-z'])(?:{_WORD})+(?![a-z'])")
_INNER = re.compile(_WORD)
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
        start, end, word = words[index]
        following = words[index + 1] if index + 1 < len(words) else None
        gap = lower[end : following[0]] if following else None
        digits, used = _read(word, following[2] if following and gap is not None and _near(gap) else "")
        index += 1 + used
        end = words[index - 1][1]
        yield Spoken(start, end, digits, amount=word in AMOUNTS)


def _near(gap: str) -> bool:
    return gap in ("", " ", "-", " y ", "  ")


def _read(word: str, after: str) -> tuple[str, int]:
    """Digits for `word`, and how many of the following words were used up with it."""
    if word in REPEATS:
        return (UNITS[after] * REPEATS[word], 1) if after in UNITS else ("", 0)
    if word in TENS:
        unit = UNITS.get(after, "0")
        return (TENS[word] + unit, 1) if unit != "0" else (TENS[word] + "0", 0)
    if word in UNITS:
        return (UNITS[word] + "00", 1) if after == "hundred" else (UNITS[word], 0)
    if word in TEENS:
        return (TEENS[word] + "00", 1) if after == "hundred" else (TEENS[word], 0)
    if word in HUNDREDS:
        return HUNDREDS[word] + "00", 0
    return "", 0
