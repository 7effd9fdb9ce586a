"""Reading the fields of a pressed card: strict about names and types, kind about the reason of a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carloans.core import contacts
from chat import wording
from chat.errors import BadFields

Problems = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ContactValues:
    """`phone` in E.164 or empty; `email` normalised or empty."""

    phone: str
    email: str
    dealer_contact: bool


def read_contact(
    fields: Mapping[str, str | bool], *, locale: str, allow_test_numbers: bool, phone_required: bool = True
) -> ContactValues:
    """The values of a contact form. Raises BadFields with a sentence for each field that must be mended.

    An empty phone is fine where one is on file already.

    A number of a fictional range (555) is taken only where `allow_test_numbers` says that customers are simulated.
    """
    problems = _strangers(fields, {"phone", "email", "dealer_contact"})
    phone, email = _text(fields, "phone"), _text(fields, "email")
    wanted = phone or phone_required
    e164 = _check_phone(phone, problems, locale, allow_test_numbers) if wanted else ""
    address = _check_email(email, problems, locale) if email else ""
    ticked = fields.get("dealer_contact", False)
    if not isinstance(ticked, bool):
        problems["dealer_contact"] = _problem("field_choice", "bad_type", locale)
    if problems:
        raise BadFields(problems)
    return ContactValues(phone=e164, email=address, dealer_contact=bool(ticked))


def read_choice(fields: Mapping[str, str | bool], spec: Sequence[Mapping[str, Any]], name: str, *, locale: str) -> str:
    """The chosen option of a field. Raises BadFields for anything that the card did not offer."""
    offered = {option["value"] for one in spec if one["name"] == name for option in one["options"]}
    value = fields.get(name)
    problems = _strangers(fields, {name})
    if value not in offered:
        problems[name] = _problem("field_choice", "not_offered", locale)
    if problems:
        raise BadFields(problems)
    return str(value)


def _strangers(fields: Mapping[str, Any], expected: set[str]) -> Problems:
    return {"": {"code": "unknown_field", "message": ""}} if set(fields) - expected else {}


def _text(fields: Mapping[str, str | bool], name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _problem(key: str, code: str, locale: str) -> dict[str, str]:
    return {"code": code, "message": wording.say(key, locale)}


def _check_phone(raw: str, problems: Problems, locale: str, allow_test_numbers: bool) -> str:
    if not raw:
        problems["phone"] = _problem("field_required", "required", locale)
        return ""
    found = contacts.check_phone(raw, allow_test_numbers=allow_test_numbers)
    if not found.valid:
        key = f"phone_{found.reason}"
        problems["phone"] = _problem(key if wording.known(key) else "phone", found.reason or "invalid", locale)
        return ""
    return str(found.e164)


def _check_email(raw: str, problems: Problems, locale: str) -> str:
    found = contacts.check_email(raw)
    if not found.valid:
        key = f"email_{found.reason}"
        problems["email"] = _problem(key if wording.known(key) else "email", found.reason or "invalid", locale)
        return ""
    return str(found.normalized)
