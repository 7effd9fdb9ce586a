"""Invented personal data that looks real and occurs nowhere else, so that every find of it is a leak.

Each function draws from a seeded generator. Names are made of syllables that form no word; numbers are valid where a
check digit makes them so.
"""

from __future__ import annotations

from random import Random
from typing import Final

# fmt: off
_HEADS: Final = (
    "Zor", "Vek", "Tul", "Quin", "Dax", "Brel", "Gorz", "Lub", "Fyn", "Krim", "Ploz", "Wex", "Jurg", "Hax", "Myz",
    "Skov", "Trub", "Yol", "Vraz", "Nim",
)
_MIDDLES: Final = ("ando", "ulmi", "eska", "ovri", "idza", "unka", "erbo", "alzu", "ontri", "ifka", "ugdo", "emzi")
_TAILS: Final = ("vex", "dorn", "zik", "blum", "quist", "garth", "wicz", "dahl", "nak", "proz", "luft", "jarn")
AREAS: Final = (
    "205", "212", "213", "214", "305", "312", "404", "415", "480", "503", "512", "602", "615", "713", "786", "801",
    "816", "904", "919", "972",
)
_STREETS: Final = (
    "Maple", "Cedar", "Oakwood", "Lincoln", "Washington", "Ridgeview", "Lakeshore", "Magnolia", "Birchwood", "Juniper",
)
_SUFFIXES: Final = ("Street", "Avenue", "Road", "Drive", "Lane", "Court", "Boulevard")
_MAILS: Final = ("gmail.com", "yahoo.com", "outlook.com", "icloud.com", "hotmail.com")
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CIFRAS: Final = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
# fmt: on


def digits(rng: Random, count: int) -> str:
    """`count` digits, the first of them not zero."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def name(rng: Random) -> str:
    """A name of at least nine letters that is no word of any text of ours."""
    return rng.choice(_HEADS) + rng.choice(_MIDDLES) + rng.choice(_TAILS)


def email(rng: Random, first: str, last: str, tag: str = "") -> str:
    """An address at a large provider; `tag` goes behind a plus sign."""
    local = f"{first}.{last}{rng.randint(10, 9999)}".lower()
    return f"{local}{'+' + tag if tag else ''}@{rng.choice(_MAILS)}"


def phone(rng: Random) -> str:
    """A number in E.164 of an assigned area code."""
    return f"+1{rng.choice(AREAS)}{rng.choice('234678')}{rng.randint(20, 99)}{rng.randint(1000, 9999)}"


def fictional_phone(rng: Random, ending: str) -> str:
    """A number 555-01NN, which only a demo site takes; its ending tells the simulated bureau what to answer."""
    return f"+1{rng.choice(AREAS)}55501{ending}"


def ssn(rng: Random) -> str:
    """A social security number that could be issued, with dashes."""
    area = rng.choice([rng.randint(100, 665), rng.randint(667, 899)])
    return f"{area}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"


def card(rng: Random) -> str:
    """Sixteen digits that pass the Luhn check, in groups of four."""
    start = "4" + digits(rng, 14)
    number = start + _luhn_digit(start)
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def _luhn_digit(start: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(start))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def account(rng: Random) -> str:
    return digits(rng, 11)


def routing(rng: Random) -> str:
    """Nine digits with the checksum of the American Bankers Association."""
    start = f"{rng.choice(['02', '03', '06', '11', '12', '26'])}{digits(rng, 6)}"
    weights = (3, 7, 1, 3, 7, 1, 3, 7)
    return start + str(-sum(int(digit) * weight for digit, weight in zip(start, weights, strict=True)) % 10)


def iban(rng: Random) -> str:
    """A German one with its check digits."""
    body = digits(rng, 18)
    check = 98 - int(body + "131400") % 97
    return f"DE{check:02d}{body}"


def licence(rng: Random) -> str:
    return rng.choice("BCDFGHJKLMNPRSTVWZ") + digits(rng, 8)


def birthday(rng: Random) -> str:
    return f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{rng.randint(1950, 2004)}"


def address(rng: Random) -> str:
    return f"{rng.randint(2100, 19999)} {rng.choice(_STREETS)} {rng.choice(_SUFFIXES)}"


def ip(rng: Random) -> str:
    return f"{rng.randint(100, 191)}.{rng.randint(100, 255)}.{rng.randint(100, 255)}.{rng.randint(10, 254)}"


def spoken(number: str, lang: str = "en") -> str:
    """The digits of a number in words."""
    words = _CIFRAS if lang == "es" else _DIGITS
    return " ".join(words[int(char)] for char in number if char.isdigit())


def national(e164: str) -> str:
    """(512) 234-5678"""
    return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
