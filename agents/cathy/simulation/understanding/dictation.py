"""Numbers and addresses as people dictate them when asked: in words, in pieces, with corrections in the middle.

Read only as the answer to the question for one: elsewhere "two five" may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from carloans.core.contacts import check_email, check_phone

_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "cero": "0", "one": "1", "uno": "1", "two": "2", "dos": "2", "three": "3",
    "tres": "3", "four": "4", "cuatro": "4", "five": "5", "cinco": "5", "six": "6", "seis": "6", "seven": "7",
    "siete": "7", "eight": "8", "ocho": "8", "nine": "9", "nueve": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
    "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
    "eighty": "80", "ninety": "90", "diez": "10", "once": "11", "doce": "12", "trece": "13", "catorce": "14",
    "quince": "15", "dieciseis": "16", "dieciséis": "16", "diecisiete": "17", "dieciocho": "18", "diecinueve": "19",
    "veinte": "20", "veintiuno": "21", "veintidos": "22", "veintidós": "22", "veintitres": "23", "veintitrés": "23",
    "veinticuatro": "24", "veinticinco": "25", "veintiseis": "26", "veintiséis": "26", "veintisiete": "27",
    "veintiocho": "28", "veintinueve": "29", "treinta": "30", "cuarenta": "40", "cincuenta": "50", "sesenta": "60",
    "setenta": "70", "ochenta": "80", "noventa": "90",
}  # fmt: skip
#: "cuarenta y siete", "forty and seven"
_JOINED = {"y", "and"}
_TIMES = {"double": 2, "doble": 2, "triple": 3}
PHONE_CORRECTION = re.compile(
    r"\b(?:no+(?: no)*,? (?:wait|sorry|perd[oó]n|espera)|no|sorry|pardon me|wait|i mean|correction"
    r"|perd[oó]n|digo|mejor dicho)\b",
    re.IGNORECASE,
)
#: the whole is said again
_AGAIN = re.compile(r"\b(?:no,? (?:wait|sorry|espera)|wait|i mean|correction|digo|mejor dicho)\b,?", re.IGNORECASE)
_WRITTEN = re.compile(r"(?<!\d)\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)")
_PIECES = re.compile(r"\d+|[a-záéíóúñ]+")
#: "4457 not 4456": the second is what it was
_INSTEAD = re.compile(r"\b(?:not|instead of|en vez de|en lugar de|y no)\s+(?:an?\s+)?\d[\d-]*", re.IGNORECASE)
#: "so 1196 at the end", "the last four are 1196": said behind a whole number, it replaces its end
NEW_END = re.compile(
    r"(?P<a>\b\d{2,4}) (?:at the end|en? el final|al final)\b"
    r"|\b(?:ends?|ending|termina)\w* (?:in|with|en|con) (?P<b>\d{2,4})\b"
    r"|\blast (?:four|4|three|two|digits?)(?: digits?)? (?:is|are|should be|were) (?P<c>\d{2,4})\b",
    re.IGNORECASE,
)
_LENGTH = 10


def dictated_phone(text: str) -> str:
    """Return the number in E.164, or "" when what is dictated does not make exactly one."""
    written = _WRITTEN.findall(text)
    if len(written) == 1 and not _changes(text.partition(written[0])[2]):
        return _valid(re.sub(r"\D", "", written[0]))
    if len(written) == 1 and (end := NEW_END.search(text.partition(written[0])[2])):
        digits, last = re.sub(r"\D", "", written[0]), end["a"] or end["b"] or end["c"]
        return _valid(digits[: -len(last)] + last)
    parts = [_digits(_INSTEAD.sub(" ", part)) for part in PHONE_CORRECTION.split(text.lower())]
    parts = [part for part in parts if part]
    if not parts:
        return ""
    whole = _national(parts[0])
    for part in parts[1:]:
        part = _national(part)
        whole = part if len(part) >= _LENGTH else whole[: _LENGTH - len(part)] + part
    return _valid(whole)


def _changes(behind: str) -> bool:
    return bool(PHONE_CORRECTION.search(behind) or NEW_END.search(behind))


def _valid(digits: str) -> str:
    check = check_phone(digits, allow_test_numbers=True) if len(digits) == _LENGTH else None
    return check.e164 if check and check.valid else ""


def _national(digits: str) -> str:
    return digits[1:] if len(digits) == _LENGTH + 1 and digits[0] == "1" else digits


def _digits(text: str) -> str:
    """The digits of a dictated text: "triple five, oh one twenty-two" is 5550122."""
    found, times, tens = "", 1, False
    for piece in _PIECES.findall(_set_apart(text)):
        if piece in _TIMES:
            times = _TIMES[piece]
            continue
        if tens and piece in _JOINED:
            continue
        value = piece if piece.isdigit() else _DIGIT_WORDS.get(piece, "")
        if tens and len(value) == 1 and value != "0" and not piece.isdigit():
            found = found[:-1] + value
        else:
            found += value * times
        tens = not piece.isdigit() and len(value) == 2 and value[1] == "0" and value != "10"
        times = 1
    return found


def _set_apart(text: str) -> str:
    """ "937five550151" in its pieces."""
    words = "|".join(sorted(_DIGIT_WORDS, key=len, reverse=True))
    return re.sub(rf"(?<=\d)({words})(?=\d)", r" \1 ", text)


_PROVIDERS = "gmail|yahoo|hotmail|outlook|aol|icloud|live|msn|comcast|protonmail|me|att|verizon|sbcglobal"
_HOST = r"(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|" + _PROVIDERS + r")"
_NOISE = re.compile(
    r"\b(?:all (?:one word|lower ?case|together|small)|no spaces?|lower ?case|its|it's|it is|that's|thats"
    r"|my (?:email|e-mail)(?: address)?(?: is)?|the (?:email|address) is|email|e-mail|ok|okay|so|sure|yes|yeah|uh+|um+"
    r"|well|just|use|send it to|try|es|mi correo es|todo junto|por favor|please|(?:and |y )?(?:then|luego)(?: an?| un)?"
    r"|followed by|seguido de|(?:my |mi )?(?:last name|first name|apellido|nombre)(?: first| primero)?)\b"
    r"|^\W*(?:no|nope|nah|sí|si)\b",
    re.IGNORECASE,
)
_SIGNS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"[\s,]*\b(?:under ?score|guion bajo|guión bajo)\b[\s,]*", "_"),
    (r"[\s,]*\b(?:dash|hyphen|minus|guion medio|guión medio|guion|guión)\b[\s,]*", "-"),
    (r"[\s,]*\b(?:dot|period|point|punto)\b[\s,]*", "."),
    (r"[\s,]*(?:\b(?:at sign|at|arroba)\b|@)[\s,]*", "@"),
    (r"\b([a-z])\s+(?:as in|like in|de|for)\s+[a-z]+\b", r"\1"),
    (r"(?<=\w),(?=(?:com|net|org|edu)\b)", "."),
    (r"\b(?:[a-z0-9]-){2,}[a-z0-9]\b", lambda spelled: spelled[0].replace("-", "")),
)
_ADDRESS = re.compile(rf"(?P<box>[a-z0-9][a-z0-9._+\s,-]{{0,60}})@{_HOST}\b")
_USER_NAME = re.compile(
    rf"^\W*(?P<host>{_PROVIDERS})\b[\s,.:]*(?:user ?name|user|and)?[\s,.:]+(?:is\s+)?(?P<box>[a-z0-9._+-]{{3,}})\W*$"
)
_MOST_PARTS = 7


def dictated_email(text: str) -> str:
    """Return the address in small letters, or "" when none can be made of what is dictated."""
    line = _NOISE.sub(" ", _AGAIN.split(text.lower())[-1])
    for pattern, sign in _SIGNS:
        line = re.sub(pattern, sign, line)
    match = _ADDRESS.search(line) or _USER_NAME.match(line)
    if not match:
        return ""
    parts = re.split(r"[\s,]+", match["box"].strip(" ,."))
    box = "".join(_DIGIT_WORDS.get(part, part) for part in parts)
    host = match["host"] if "." in match["host"] else f"{match['host']}.com"
    if not box or len(parts) > _MOST_PARTS:
        return ""
    check = check_email(f"{box}@{host}")
    return check.normalized if check.valid else ""
