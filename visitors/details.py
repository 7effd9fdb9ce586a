"""Contact details and form values as they come in, checked against one allow-list.

The same reader serves the tracker's `save_progress`, the page's own form, the server-to-server call and the CSV
import, so that what is refused at one door is refused at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from carloans.core import contacts
from visitors import cleaning, consent_texts
from visitors.cleaning import Refused, refuse

#: A loan or an income beyond this is a typing error.
MOST_LOAN_CENTS = 25_000_000
MOST_INCOME_CENTS = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Details:
    """Checked values; empty or None where nothing was said. Money in cents, `email` and `phone` normalised."""

    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    state: str = ""
    zip: str = ""
    vehicle_year: int | None = None
    vehicle_make: str = ""
    vehicle_model: str = ""
    loan_amount_cents: int | None = None
    monthly_income_cents: int | None = None
    employer: str = ""
    job_title: str = ""
    months_on_job: int | None = None
    locale: str = ""
    notice_version: str = ""
    marketing_email: bool = False

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the named values that were said."""
        return {name: getattr(self, name) for name in names if getattr(self, name) not in ("", None)}


KEYS = frozenset(field.name for field in fields(Details))
INTEGERS = frozenset({"vehicle_year", "loan_amount_cents", "monthly_income_cents", "months_on_job"})
BOOLEANS = frozenset({"marketing_email"})

_READERS: dict[str, Callable[[Any], Any]] = {
    "first_name": partial(cleaning.clean_words, field="first_name", limit=60),
    "last_name": partial(cleaning.clean_words, field="last_name", limit=60),
    "employer": partial(cleaning.clean_words, field="employer", limit=80),
    "job_title": partial(cleaning.clean_words, field="job_title", limit=80),
    "vehicle_make": partial(cleaning.clean_car, field="vehicle_make", limit=40),
    "vehicle_model": partial(cleaning.clean_car, field="vehicle_model", limit=40),
    "vehicle_year": partial(cleaning.clean_number, field="vehicle_year", least=1950, most=2035),
    "loan_amount_cents": partial(cleaning.clean_number, field="loan_amount_cents", least=10_000, most=MOST_LOAN_CENTS),
    "monthly_income_cents": partial(
        cleaning.clean_number, field="monthly_income_cents", least=0, most=MOST_INCOME_CENTS
    ),
    "months_on_job": partial(cleaning.clean_number, field="months_on_job", least=0, most=720),
    "state": cleaning.clean_state,
    "zip": cleaning.clean_zip,
    "locale": cleaning.clean_locale,
}


def read_details(raw: Any, *, allow_test_numbers: bool) -> Details:
    """Every value of `raw` checked. Empty and null mean "not said".

    `allow_test_numbers` takes fictional telephone numbers (a demo site). Raises Refused at the first value that cannot
    be taken: `code` is invalid_email, disposable_email, invalid_phone, unknown_field, control_characters …
    """
    if not isinstance(raw, Mapping):
        raise refuse("invalid_value", "data", _("The values should be a JSON object."))
    if unknown := sorted(str(key)[:40] for key in raw.keys() - KEYS):
        raise Refused(_("We do not take this value."), code="unknown_field", field=unknown[0])
    said = {key: value for key, value in raw.items() if value is not None and value != ""}
    values = {key: read(said[key]) for key, read in _READERS.items() if key in said}
    return Details(
        **values,
        email=read_email(said.get("email", "")),
        phone=read_phone(said.get("phone", ""), allow_test_numbers=allow_test_numbers),
        notice_version=_read_notice(said.get("notice_version", "")),
        marketing_email=_read_tick(said.get("marketing_email", False)),
    )


def read_email(value: Any) -> str:
    """The normalised address; empty for none. Raises Refused: invalid_email, disposable_email …"""
    text = cleaning.clean_text(value, field="email", limit=254)
    if not text:
        return ""
    checked = contacts.check_email(text)
    if checked.valid:
        return str(checked.normalized)
    if checked.reason == "disposable":
        raise refuse("disposable_email", "email", _("Please use an e-mail address that you will keep."))
    message = _("This does not look like an e-mail address. Please check it.")
    raise Refused(message, code="invalid_email", field="email", reason=checked.reason)


def read_phone(value: Any, *, allow_test_numbers: bool) -> str:
    """The number in E.164; empty for none. Raises Refused(invalid_phone) with the check's `reason`."""
    text = cleaning.clean_text(value, field="phone", limit=40)
    if not text:
        return ""
    checked = contacts.check_phone(text, allow_test_numbers=allow_test_numbers)
    if checked.valid:
        return str(checked.e164)
    message = _("This does not look like a US phone number. Please check it.")
    raise Refused(message, code="invalid_phone", field="phone", reason=checked.reason)


def _read_notice(value: Any) -> str:
    """The version of the privacy notice that stood next to the button."""
    text = cleaning.clean_text(value, field="notice_version", limit=80)
    found = consent_texts.find(text)
    if text and (found is None or found[0] != consent_texts.PRIVACY_NOTICE):
        raise refuse("unknown_notice", "notice_version", _("This privacy notice is not one of ours."))
    return text


def _read_tick(value: Any) -> bool:
    if not isinstance(value, bool):
        raise refuse("invalid_value", "marketing_email", _("This should be true or false."))
    return value
