"""What the privacy page calls things, in the reader's language. Codes come from rows, words from here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carloans.core.periods import Period
from visitors import consent_texts, disclosures
from visitors.models import PrivacyRequest
from visitors.selectors.privacy import StoredValue

Say = Callable[[], str]

_VALUES: dict[str, tuple[Say, Say]] = {
    "email": (lambda: _("E-mail address"), lambda: _("So that you can continue later and we can write to you.")),
    "phone": (lambda: _("Phone number"), lambda: _("So that somebody can call you if you ask for it.")),
    "first_name": (lambda: _("First name"), lambda: _("So that we can address you.")),
    "last_name": (lambda: _("Last name"), lambda: _("So that we can address you.")),
    "state": (lambda: _("State"), lambda: _("So that we keep to your state's rules and quiet hours.")),
    "zip_code": (lambda: _("ZIP code"), lambda: _("So that a dealer near you can be found.")),
    "vehicle": (lambda: _("Vehicle"), lambda: _("Part of your application.")),
    "loan_amount_cents": (lambda: _("Loan amount"), lambda: _("Part of your application.")),
    "monthly_income_cents": (lambda: _("Monthly income"), lambda: _("Part of your application.")),
    "employer": (lambda: _("Employer"), lambda: _("Part of your application.")),
    "job_title": (lambda: _("Job title"), lambda: _("Part of your application.")),
    "months_on_job": (lambda: _("Months on the job"), lambda: _("Part of your application.")),
}
_CONSENTS: dict[str, Say] = {
    consent_texts.PRIVACY_NOTICE: lambda: _("Privacy notice"),
    consent_texts.MARKETING_EMAIL: lambda: _("E-mails about your application"),
    consent_texts.DEALER_CONTACT: lambda: _("Contact by dealers"),
    consent_texts.SOFT_PULL: lambda: _("Soft credit check"),
}
_ACTS: dict[str, Say] = {
    "pressed Save my progress": lambda: _("pressed “Save my progress”"),
    "pressed Submit application": lambda: _("pressed “Submit application”"),
    "ticked the box and pressed Save my progress": lambda: _("ticked the box and pressed “Save my progress”"),
    "ticked the box and pressed Submit application": lambda: _("ticked the box and pressed “Submit application”"),
    "pressed_i_agree": lambda: _("pressed “I agree”"),
    "ticked_and_pressed_send": lambda: _("ticked the box and pressed “Send”"),
}
_EFFECTS: dict[str, Say] = {
    consent_texts.MARKETING_EMAIL: lambda: _(
        "Cathy stops writing to you about your application. What you saved stays as it is."
    ),
    consent_texts.DEALER_CONTACT: lambda: _(
        "We no longer pass your details on to dealers, and what is still on its way is stopped. Dealers who have them "
        "already are listed on your page; please tell them as well."
    ),
    consent_texts.SOFT_PULL: lambda: _(
        "No further soft credit check is made. A check that was made stays on record, and your credit score is not "
        "affected."
    ),
}
_AGENTS: dict[str, Say] = {
    "VisitorIdentifier": lambda: _("Looked at which step you stopped at and whether we may write to you."),
    "EmailReengagement": lambda: _("Wrote the words of e-mails to you."),
    "RealtimeChat": lambda: _("Answered you in the chat."),
    "CreditCheck": lambda: _("Chose which prepared sentence tells you the outcome of the soft credit check."),
    "LeadPackaging": lambda: _("Summed up your request for a dealer."),
}
_RECIPIENTS: dict[str, Say] = {
    disclosures.DEALER: lambda: _("your request and contact details, so that they can get in touch"),
    disclosures.CREDIT_CHECK: lambda: _("your name, phone number and e-mail address, for the soft credit check"),
}
_REQUESTS: dict[str, Say] = {
    PrivacyRequest.Kind.HUMAN_REVIEW: lambda: _(
        "A person from our team looks at what the AI assistant did for you and gets in touch."
    ),
    PrivacyRequest.Kind.HUMAN_HELP: lambda: _("A person from our team helps you to see, correct or delete your data."),
}


def value_label(code: str) -> str:
    """What a stored value is called."""
    return _VALUES[code][0]()


def value_reason(code: str) -> str:
    """Why it is stored."""
    return _VALUES[code][1]()


def value_shown(value: StoredValue) -> str:
    """The value as it stands on the page: money in dollars, a hidden one as such."""
    if not value.shown:
        return _("stored, hidden here")
    if value.code.endswith("_cents"):
        return f"${Decimal(value.shown) / 100:,.2f}"
    return value.shown


def consent_title(kind: str) -> str:
    """What an agreement is about."""
    return _CONSENTS[kind]()


def act_said(act: str) -> str:
    """How an agreement was given, in words; what a page of somebody else's reported stays as it is."""
    return _ACTS[act]() if act in _ACTS else act


def withdrawal_effect(kind: str) -> str:
    """What happens when an agreement of this kind is withdrawn."""
    return _EFFECTS[kind]()


def agent_work(agent: str) -> str:
    """What one of our AI agents did; empty for one that customers do not meet."""
    return _AGENTS[agent]() if agent in _AGENTS else ""


def kept_for(period: Period | None) -> str:
    """How long something is kept, counted from the last activity in it."""
    if period is None:
        return _("as long as what it belongs to")
    parts = [
        ngettext("%(n)s year", "%(n)s years", period.years) % {"n": period.years} if period.years else "",
        ngettext("%(n)s month", "%(n)s months", period.months) % {"n": period.months} if period.months else "",
        ngettext("%(n)s day", "%(n)s days", period.days) % {"n": period.days} if period.days else "",
    ]
    return ", ".join(part for part in parts if part) or _("a few hours")


def recipient_got(kind: str) -> str:
    """What a recipient of this kind got, and what for."""
    return _RECIPIENTS[kind]()


def request_meaning(kind: str) -> str:
    """What the staff do about a request."""
    return _REQUESTS[PrivacyRequest.Kind(kind)]()


def done(code: str) -> str:
    """What an act did, for the top of the page; empty for a code that we do not know."""
    said: dict[str, Say] = {
        "withdrawn": lambda: _("Done. This agreement has ended."),
        "opted_out": lambda: _("Done. Your data is not sold or shared."),
        "asked": lambda: _("Done. Our team has been asked and gets in touch with you within 45 days."),
        "verified": lambda: _("Thank you. For 30 minutes this page shows everything and lets you change it."),
        "corrected": lambda: _("Done. Your corrections are saved."),
        "corrected_dealers": lambda: _(
            "Done. Your corrections are saved. Dealers who got your data before still have the former values; our team "
            "has been asked to tell them."
        ),
        "unchanged": lambda: _("Nothing was different, so nothing was changed."),
    }
    return said[code]() if code in said else ""
