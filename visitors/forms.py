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
#: What must be known, now or from before, to submit. To save, an address is enough.
REQUIRED = {
    "vehicle_make": 1, "vehicle_model": 1, "loan_amount": 1, "monthly_income": 2, "employer": 3, "years_on_job": 3,
    "first_name": 4, "last_name": 4, "email": 4, "phone": 4,
}  # fmt: skip
_DOLLARS = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})*|[0-9]{1,9})(?:\.([0-9]{1,2}))?")


@dataclass
class Filled:
    """A filled-in page: `raw` as typed, `data` for `save_progress`, `errors` by field."""

    raw: dict[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_form(post: Mapping[str, str], *, on_file: frozenset[str], submitting: bool, allow_test_numbers: bool) -> Filled:
    """Check each field by itself, so that every error shows at once. Fields that are on file may stay empty."""
    raw = {name: str(post.get(name, ""))[:400] for name in (*TEXTS, *MONEY, "years_on_job")}
    filled = Filled(raw)
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


_PAGE_NAME = {key: name for name, key in MONEY.items()} | {"months_on_job": "years_on_job"}
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
            said = _READABLE[key]() if key in _READABLE else _(str(error.message))
            filled.errors[_PAGE_NAME.get(key, key)] = said


_KEY = MONEY | {"years_on_job": "months_on_job"}


def _require(filled: Filled, on_file: frozenset[str]) -> None:
    for name in REQUIRED:
        key = _KEY.get(name, name)
        if key not in filled.data and key not in on_file:
            filled.errors.setdefault(name, _("Please fill this in."))
