"""Phone numbers: any North American way of writing or dictating one, to E.164 with extension."""

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from carloans.core.text.fold import fold
from carloans.core.text.spoken import AMOUNTS, Spoken, spoken_numbers

Reason = Literal["empty", "not_a_number", "too_short", "too_long", "not_assigned"]

_EXTENSION = re.compile(
    r"[\s,;(]*(?:\bextension|\bextn?|(?<![a-z])ext|\bxtn?|(?<=[\d\s])x|\bint(?:erno)?\b|\banexo|;ext=|"
    r"(?<=\d)\s*#)\.?[\s:#.=-]*(?:(?:is|number|es)\s+)?"
    r"(?P<digits>\d[\d\s-]{0,8})\)?[\s.]*$"
)
_POSTDIAL = re.compile(r"(?<=\d)\s*[,;pw]+\s*(?P<digits>\d{1,7})#?$")
# "… option 2", "… after 5pm": digits that are not dialled.
_AFTERTHOUGHT = re.compile(
    r"[\s,;(]+(?:option|opcion|opt|press|after|before|between|until|till|from|anytime|any time|call)\b"
)
# A bar between two groups is no look-alike of a one, and "ext" without a number is none.
_BAR = re.compile(r"(?<=\d{3})\s?\|\s?(?=\d{3})")
_DANGLING = re.compile(r"[\s,;(]+(?:ext|extension|x)\b[\s.:)]*(?:none|n/a|no)?$")
_WORD = re.compile(r"(?<![\w])[a-z']{1,}(?![\w])[.:]?")
_LOOKALIKE = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8", "z": "2"})
_LOOKALIKE_TOKEN = re.compile(r"(?<![a-z])(?=[olisbz|\d().+/_-]*\d)[olisbz|\d().+/_-]+")
#: "956-631-0119/0120": a second ending
_TWO_ENDS = re.compile(r"(\+?[\d().\s-]{10,})/\s?\d{2,4}$")
_TEN = re.compile(r"\s*(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]{0,2}\d{3}[-. ]?\d{4}(?!\d)")
#: the 1 for mobiles behind +52 went in 2019; people still write it
_OLD_MEXICAN = re.compile(r"^\+521(\d{10})$")
_VANITY = re.compile(r"(?:\+?1[-. ]*)?\(?\d{3}\)?[-. ]*(?=[a-z\d -]*[a-z]{3})[a-z\d][a-z\d -]{5,12}")


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """`e164` and `extension` are empty when there is none; `reason` says why a number is not valid."""

    valid: bool
    e164: str = ""
    extension: str = ""
    reason: Reason | None = None


def check_phone(text: str, *, region: str = "US", allow_test_numbers: bool = False) -> PhoneCheck:
    """Is this a number that can be assigned? `region` is where a number without a plus is dialled.

    `allow_test_numbers` also takes area code 555, which nobody has and every demonstration uses. Never raises.
    """
    if not text.strip():
        return PhoneCheck(valid=False, reason="empty")
    dialled, extension = _split_extension(dialled_text(text))
    if not any(char.isdigit() for char in dialled):
        return PhoneCheck(valid=False, reason="not_a_number")
    number = _parse(dialled, region)
    if number is None:
        return PhoneCheck(valid=False, extension=extension, reason=_why_unreadable(dialled))
    return _judge(number, extension or number.extension or "", allow_test_numbers)


def plain_phone(text: str) -> str:
    """The same text for the same number, whatever it looks like: E.164 if it can be read, else its digits."""
    dialled, _ = _split_extension(dialled_text(text))
    number = _parse(dialled, "US")
    if number is None:
        return re.sub(r"\D", "", dialled)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dialled_text(text: str) -> str:
    """`text` in folded lower case with number words, look-alike letters and emoji digits turned into digits."""
    lower = _DANGLING.sub("", _BAR.sub("-", fold(text).lower))
    plus = "+" if re.match(r"\s*(?:\+|plus\b|mas\b|\(\+)", lower) else ""
    if (vanity := _VANITY.fullmatch(lower.strip())) and not spoken_numbers(lower):
        return plus + vanity.group().lstrip("+")
    lower = _in_digits(lower)
    lower = _LOOKALIKE_TOKEN.sub(_look_again, lower)
    return plus + lower.strip().lstrip("+(").strip() if plus else lower.strip()


def _in_digits(lower: str) -> str:
    """Number words replaced by digits. A lone "one" or "o" between other words is no digit."""
    words = [word for word in spoken_numbers(lower) if word.digits and not word.amount]
    parts, position = [], 0
    for word in words:
        parts += [lower[position : word.start], _spell(word, lower)]
        position = word.end
    return "".join([*parts, lower[position:]])


def _spell(word: Spoken, lower: str) -> str:
    return lower[word.start : word.end] if lower[word.start : word.end] in AMOUNTS else word.digits


def _look_again(match: re.Match[str]) -> str:
    """Letters beside digits (“5l2-O123”) are meant as digits; extensions ("x12") are left alone."""
    return match.group().translate(_LOOKALIKE)


def _split_extension(dialled: str) -> tuple[str, str]:
    """An extension needs a whole number before it."""
    menu = _AFTERTHOUGHT.search(dialled)
    if menu and sum(char.isdigit() for char in dialled[: menu.start()]) >= 10:
        dialled = dialled[: menu.start()]
    for pattern in (_EXTENSION, _POSTDIAL):
        match = pattern.search(dialled)
        if match and sum(char.isdigit() for char in dialled[: match.start()]) >= 7:
            return dialled[: match.start()], re.sub(r"\D", "", match["digits"])
    return dialled, ""


def _parse(dialled: str, region: str) -> PhoneNumber | None:
    """phonenumbers reads the digits; odd separators are taken away first."""
    plus = "+" if dialled.startswith("+") else ""
    if not _VANITY.fullmatch(dialled.lstrip("+")):
        dialled = _first_number(_WORD.sub(" ", dialled))
    plain = plus + _without_surplus_letters(re.sub(r"[^0-9a-z]", "", dialled))
    if re.search(r"[a-z]", plain) and not _VANITY.fullmatch(dialled.lstrip("+")):
        return None
    if plain.startswith("00") and len(plain) > 11:
        plain = "+" + plain[2:]
    try:
        return phonenumbers.parse(_OLD_MEXICAN.sub(r"+52\1", plain), region)
    except NumberParseException:
        return None


def _without_surplus_letters(plain: str) -> str:
    """Of “1-877-KARS-4-KIDS” the exchange dials the first ten places; the rest only helps the memory."""
    if plain[-1:].isalpha():
        return plain[:11] if plain.startswith("1") else plain[:10]
    return plain


def _first_number(dialled: str) -> str:
    """Of two numbers ("… or …") the first that is whole; anything shorter than two numbers is taken as it is."""
    digits = sum(char.isdigit() for char in dialled)
    if two := _TWO_ENDS.match(dialled):
        return two[1]
    beside = 10 < digits < 17 and not dialled.startswith("+") and re.search(r"(?:^|\s)\d{1,2}(?:\s{2,}|$)", dialled)
    if digits < 17 and not beside:
        return dialled
    found = next(iter(phonenumbers.PhoneNumberMatcher(dialled, "US", phonenumbers.Leniency.POSSIBLE)), None)
    if found is None and (first := _TEN.match(dialled)):
        return first.group()
    return found.raw_string if found else dialled


def _why_unreadable(dialled: str) -> Reason:
    digits = sum(char.isdigit() for char in dialled)
    letters = sum(char.isalpha() for char in dialled)
    if letters > digits or (letters and digits < 7):
        return "not_a_number"
    if digits < 7:
        return "too_short"
    if digits > 15:
        return "too_long"
    return "not_assigned" if dialled.startswith("+") else "not_a_number"


def _judge(number: PhoneNumber, extension: str, allow_test_numbers: bool) -> PhoneCheck:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return PhoneCheck(valid=False, extension=extension, reason="too_short")
    if possible == ValidationResult.TOO_LONG:
        return PhoneCheck(valid=False, extension=extension, reason="too_long")
    if phonenumbers.is_valid_number(number) or (allow_test_numbers and _is_test_number(e164)):
        return PhoneCheck(valid=True, e164=e164, extension=extension)
    return PhoneCheck(valid=False, extension=extension, reason="not_assigned")


def _is_test_number(e164: str) -> bool:
    """Area code 555 is assigned to nobody (NANPA); the exchange must still look like one."""
    return re.fullmatch(r"\+1555[2-9]\d{6}|\+15551\d{6}", e164) is not None
