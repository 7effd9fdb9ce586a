"""The corpus: seeded, from public formats, half of it hard negatives. Nothing in it is anybody's."""

import string
from dataclasses import dataclass
from random import Random

from carloans.core.tests.privacy import clean, personal, sentences, values

#: (type, name, how the value is made, the sentences around it, how many)
PLAN = [
    ("PHONE", "phone", values.phone, sentences.PHONE, 160),
    ("PHONE", "obfuscated phone", values.obfuscated_phone, sentences.SPOKEN_PHONE, 80),
    ("PHONE", "spoken phone", values.spoken_phone, sentences.SPOKEN_PHONE, 80),
    ("SSN", "ssn", values.written_ssn, sentences.SSN, 100),
    ("SSN", "ssn in context", values.ssn_in_context, sentences.SSN_CONTEXT, 120),
    ("SSN_LAST4", "last four", values.last4, sentences.LAST4, 120),
    ("CREDIT_CARD", "card", values.card, sentences.CARD, 100),
    ("CREDIT_CARD", "mistyped card", values.card_in_context, sentences.CARD_CONTEXT, 100),
    ("BANK_ACCOUNT", "account", values.account, sentences.ACCOUNT, 120),
    ("ROUTING", "routing", values.routing, sentences.ROUTING, 60),
    ("IBAN", "iban", values.iban, sentences.IBAN, 60),
    ("DOB", "dob", personal.dob, sentences.DOB, 140),
    ("DRIVER_LICENSE", "licence", personal.licence, sentences.LICENCE, 100),
    ("STREET_ADDRESS", "street", personal.street, sentences.STREET, 140),
    ("ZIP", "zip", personal.zip_code, sentences.ZIP, 80),
    ("EMAIL", "email", personal.email, sentences.EMAIL, 120),
    ("EMAIL", "obfuscated email", personal.obfuscated_email, sentences.OBFUSCATED_EMAIL, 100),
    ("IP", "ip", values.ip, sentences.IP, 80),
]


@dataclass(frozen=True)
class Case:
    """A text with one value of `type` at `start:end`."""

    name: str
    type: str
    text: str
    start: int
    end: int


def positives(seed: int = 20240117) -> list[Case]:
    rng = Random(seed)
    return [_case(rng, *plan[:4]) for plan in PLAN for _ in range(plan[4])]


def _case(rng: Random, kind: str, name: str, make, around: list[str]) -> Case:
    sentence, value = rng.choice(around), make(rng)
    start = sentence.index("{x}")
    return Case(name, kind, sentence[:start] + value + sentence[start + 3 :], start, start + len(value))


def negatives(seed: int = 20240117, count: int = 2000) -> list[str]:
    """Every sentence at least once, then more with other numbers in them."""
    rng = Random(seed)
    all_of_them = clean.CLEAN + clean.CLEAN_LONG
    more = [rng.choice([s for s in all_of_them if "{" in s]) for _ in range(max(0, count - len(all_of_them)))]
    return [_filled(rng, sentence) for sentence in all_of_them + more]


def _filled(rng: Random, sentence: str) -> str:
    out, rest = "", sentence
    while "{" in rest:
        before, _, after = rest.partition("{")
        slot, _, rest = after.partition("}")
        out += before + (_number(rng, slot) if slot in _SLOTS else "{" + slot + "}")
    return out + rest


_SLOTS = {"n", "y", "k", "vin", "t", "m", *(f"d{i}" for i in range(2, 18))}


def _number(rng: Random, slot: str) -> str:
    if slot[0] == "d":
        return str(rng.randint(1, 9)) + values.digits(rng, int(slot[1:]) - 1)
    if slot == "vin":
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        return rng.choice("12345JKW") + "".join(rng.choices(letters + string.digits, k=10)) + values.digits(rng, 6)
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1998, 2026)
    return {
        "n": str(rng.randint(1, 9)),
        "y": str(year),
        "k": f"{rng.randint(1, 99)},{rng.randint(0, 999):03d}",
        "t": f"{rng.randint(1, 12)}:{rng.choice(['00', '15', '30', '45'])}{rng.choice(['', ' pm', 'am'])}",
        "m": rng.choice(
            [
                f"{month}/{day}/{year}",
                f"{values.MONTHS[month - 1]} {day}, {year}",
                f"{values.MONTHS[month - 1]} {year}",
                f"{year}-{month:02d}-{day:02d}",
            ]
        ),
    }[slot]
