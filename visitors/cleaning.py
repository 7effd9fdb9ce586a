"""What text from outside must look like before it becomes a value. Pure functions, no database."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from carloans.core.errors import BadInput
from carloans.core.privacy.redaction import find

# fmt: off
US_STATES = frozenset({
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL",
    "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD",
    "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "GU", "VI", "AS", "MP",
})
# fmt: on
#: Controls that reorder the text around them; right-to-left scripts do not need them, spoofers do.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANKS = frozenset("\t\n\r")
#: Nobody's name, employer or car holds nine digits, but a social security, card or account number does.
_LONG_NUMBER = re.compile(r"(?:\d[ .\-]?){9,}")
#: No car is called by five digits in words; telephone numbers are.
_SPOKEN_NUMBER = re.compile(
    r"(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
    r"\b\W*){5,}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>{}\[\]|\\^~=@:;/]|https?|www\.", re.IGNORECASE)
_PLAIN = re.compile(r"[\w .,&'’+/!()\-]*")
_SECRETIVE = re.compile(r"^(?=.*\d)[\w.~-]{12,}$|[@%]|\d{5,}")


class Refused(BadInput):
    """A value that cannot be taken: `code` says why, `extra["field"]` which."""

    status = 422


def refuse(code: str, field: str, message: str) -> Refused:
    return Refused(message, code=code, field=field)


def has_control_characters(value: str) -> bool:
    """Whether a text holds what nobody types: controls, lone surrogates, reordering marks."""
    return any(
        char in _REORDERING or (unicodedata.category(char) in {"Cc", "Cs"} and char not in _BLANKS) for char in value
    )


def clean_text(value: Any, *, field: str, limit: int) -> str:
    """Text in NFC with single spaces. Raises Refused for another type, control characters or too much of it."""
    if not isinstance(value, str):
        raise refuse("invalid_value", field, _("This should be text."))
    if len(value) > limit * 4:
        raise refuse("too_long", field, _("Please keep this to %(limit)s characters.") % {"limit": limit})
    if has_control_characters(value):
        raise refuse(
            "control_characters", field, _("This contains characters that cannot be shown. Please type it again.")
        )
    cleaned = " ".join(unicodedata.normalize("NFC", value).split())
    if len(cleaned) > limit:
        raise refuse("too_long", field, _("Please keep this to %(limit)s characters.") % {"limit": limit})
    return cleaned


def clean_words(value: Any, *, field: str, limit: int) -> str:
    """A name, an employer: any script, but no markup, address or long number."""
    cleaned = clean_text(value, field=field, limit=limit)
    if _LONG_NUMBER.search(cleaned):
        raise refuse("sensitive_number", field, _("Please do not enter social security, card or account numbers here."))
    if _MARKUP.search(cleaned):
        raise refuse("invalid_value", field, _("Please use letters, spaces, hyphens and apostrophes."))
    return cleaned


def clean_plain(value: Any, *, field: str, limit: int) -> str:
    """A car's make or model: it is stored readable and shown to staff, so nothing else may hide in it."""
    cleaned = clean_text(value, field=field, limit=limit)
    if _LONG_NUMBER.search(cleaned) or not _PLAIN.fullmatch(cleaned):
        raise refuse("invalid_value", field, _("Please use letters, digits, spaces and hyphens."))
    return cleaned


def clean_car(value: Any, *, field: str, limit: int) -> str:
    """A make or model without personal data: a number in words, or an address, has no place in a readable column."""
    cleaned = clean_plain(value, field=field, limit=limit)
    if find(cleaned) or _SPOKEN_NUMBER.search(cleaned):
        raise refuse("sensitive_value", field, _("Please enter the car only: no names, numbers or addresses of yours."))
    return cleaned


def clean_number(value: Any, *, field: str, least: int, most: int) -> int:
    """A whole number, also written as digits. Raises Refused for anything else or out of range."""
    if isinstance(value, str) and value.isascii() and value.strip().isdecimal() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise refuse("invalid_value", field, _("This should be a whole number."))
    if not least <= value <= most:
        raise refuse(
            "out_of_range",
            field,
            _("This should be between %(least)s and %(most)s.") % {"least": f"{least:,}", "most": f"{most:,}"},
        )
    return value


def clean_state(value: Any, *, field: str = "state") -> str:
    cleaned = clean_text(value, field=field, limit=2).upper()
    if cleaned and cleaned not in US_STATES:
        raise refuse("invalid_state", field, _("Please choose a US state."))
    return cleaned


def clean_zip(value: Any, *, field: str = "zip") -> str:
    """Five digits; a ZIP+4 is cut."""
    cleaned = clean_text(value, field=field, limit=10)
    if cleaned and not re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", cleaned):
        raise refuse("invalid_zip", field, _("A ZIP code has five digits."))
    return cleaned[:5]


def clean_locale(value: Any) -> str:
    """`en` or `es`; every other language reads English."""
    return "es" if isinstance(value, str) and value[:2].lower() == "es" else "en"


def clean_path(value: Any) -> str:
    """The path of a page, without query or fragment, and with tokens, ids and addresses in it made unreadable.

    Raises Refused for what is no path.
    """
    text = clean_text(value, field="page", limit=1000)
    try:
        path = urlsplit(text).path
    except ValueError as error:
        raise refuse("invalid_value", "page", _("This should be the path of a page.")) from error
    segments = [":id" if _SECRETIVE.search(segment) else segment for segment in path.split("/")]
    return "/".join(segments)[:200]
