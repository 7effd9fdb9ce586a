"""The demo form on the server: the same checks as every other door, an error beside each field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from visitors.cleaning import Refused
from visitors.details import read_details

#: Field of the page to key of `details`; money is typed in dollars.
TEXTS = (
    "vehicle_year", "vehicle_make", "vehicle_model", "employer", "job_title", "first_name", "last_name", "email",
    "phone", "state", "zip",
)  # fmt: skip
MONEY = {"loan_amount": "loan_amount_cents", "monthly_income": "monthly_income_cents"}
#: The step of each field of the page.
STEP_OF = {
    "vehicle_year": 1, "vehicle_make": 1, "vehicle_model": 1, "loan_amount": 1, "monthly_income": 2, "employer": 3,
    "job_title": 3, "years_on_job": 3, "first_name": 4, "last_name": 4, "email": 4, "phone": 4, "state": 4, "zip": 4,
}  # fmt: skip
#: What must be known, now or from before, to submit. To save, an address is enough.
REQUIRED = (
    "vehicle_make", "vehicle_model", "loan_amount", "monthly_income", "employer", "first_name", "last_name", "email",
    "phone",
)  # fmt: skip
#: Key of `details` to the page's field, where they differ.
PAGE_NAME = {
    "loan_amount_cents": "loan_amount", "monthly_income_cents": "monthly_income", "months_on_job": "years_on_job",
    "zip_code": "zip",
}  # fmt: skip
_DOLLARS = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})*|[0-9]{1,9})(?:\.([0-9]{1,2}))?")


@dataclass
class Filled:
    """A filled-in page: `raw` as typed, `data` for `save_progress`, `errors` by field."""

    raw: dict[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_form(
    post: Mapping[str, str], *, on_file: frozenset[str], submitting: bool, allow_test_numbers: bool
) -> Filled:
    """Check each field by itself, so that every error shows at once. Fields that are on file may stay empty."""
    raw = {name: str(post.get(name, ""))[:400] for name in (*TEXTS, *MONEY, "years_on_job")}
    filled = Filled(raw)
    raw["email"] = raw["email"] or str(post.get("save_email", ""))[:400]
    for name in TEXTS:
        _keep(filled, name, name, raw[name].strip())
    for name, key in MONEY.items():
        _keep(filled, name, key, _cents(raw[name]))
    _keep(filled, "years_on_job", "months_on_job", _months(raw["years_on_job"]))
    _check_each(filled, allow_test_numbers)
    if submitting:
        _require(filled, on_file)
    elif not filled.raw["email"].strip() and "email" not in on_file:
        filled.errors.setdefault("email", _("Enter your e-mail address, so that you can continue later."))
    return filled


def _keep(filled: Filled, name: str, key: str, value: Any) -> None:
    if value not in ("", None):
        filled.data[key] = value


def _cents(typed: str) -> int | str | None:
    """Dollars as people type them, in cents; what cannot be read goes on as it is and is refused by the check."""
    text = typed.strip()
    if not text:
        return None
    match = _DOLLARS.fullmatch(text)
    if match is None:
        return text
    return int(match[1].replace(",", "")) * 100 + int((match[2] or "0").ljust(2, "0"))


def _months(typed: str) -> int | str | None:
    """Years, also "1.5", in months."""
    text = typed.strip()
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{1,2})(?:[.,]([0-9]))?", text)
    return int(match[1]) * 12 + round(int(match[2] or 0) * 1.2) if match else text


_READABLE = {
    "loan_amount_cents": lambda: _("Enter an amount from $100 to $250,000, for example 18,500."),
    "monthly_income_cents": lambda: _("Enter your monthly income before taxes, for example 3,200."),
    "months_on_job": lambda: _("Enter the number of years, for example 2 or 1.5."),
    "vehicle_year": lambda: _("Enter a year from 1950 to 2035."),
}


def _check_each(filled: Filled, allow_test_numbers: bool) -> None:
    for key, value in list(filled.data.items()):
        try:
            read_details({key: value}, allow_test_numbers=allow_test_numbers)
        except Refused as error:
            said = _READABLE[key]() if key in _READABLE else str(error.message)
            filled.errors[PAGE_NAME.get(key, key)] = said


_KEY = MONEY | {"years_on_job": "months_on_job"}


def _require(filled: Filled, on_file: frozenset[str]) -> None:
    for name in REQUIRED:
        key = _KEY.get(name, name)
        if key not in filled.data and key not in on_file:
            filled.errors.setdefault(name, _("Please fill this in."))


def messages_for_script() -> dict[str, str]:
    """What the page's script says, in the page's language. Keys are fields and codes."""
    return {
        "required": _("Please fill this in."),
        "invalid": _("Please check this answer."),
        "vehicle_year": _("Enter a year from 1950 to 2035."),
        "loan_amount": _("Enter an amount from $100 to $250,000, for example 18,500."),
        "monthly_income": _("Enter your monthly income before taxes, for example 3,200."),
        "years_on_job": _("Enter the number of years, for example 2 or 1.5."),
        "email": _("This does not look like an e-mail address. Please check it."),
        "invalid_email": _("This does not look like an e-mail address. Please check it."),
        "disposable_email": _("Please use an e-mail address that you will keep."),
        "phone": _("This does not look like a US phone number. Please check it."),
        "invalid_phone": _("This does not look like a US phone number. Please check it."),
        "zip": _("A ZIP code has five digits."),
        "email_first": _("Enter your e-mail address, so that you can continue later."),
        "sensitive_number": _("Please do not enter social security, card or account numbers here."),
        "saved": _("Your progress is saved."),
        "saved_mail": _("Your progress is saved. If you stop here, Cathy will write to you with a link back."),
        "network": _("We could not reach the server. Nothing was saved; please try again."),
        "try_again": _("That did not work. Please check your answers and try again."),
        "kept": _("saved"),
        "change": _("Change"),
    }
