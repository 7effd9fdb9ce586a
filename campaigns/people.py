"""What this room needs to know about the reader of a mail, asked from the visitors' room in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.models import Message
from visitors import consent_texts, selectors, services
from visitors.errors import UnknownApplication, UnknownVisitor
from visitors.selectors.people import names_and_companies


@dataclass(frozen=True, kw_only=True, repr=False)
class Reader:
    """One application and the person behind it, at one moment. `email` and `first_name` are PII."""

    application_id: UUID | None
    visitor_id: UUID
    site_id: int
    status: str
    abandoned_at: datetime | None
    step_reached: int
    vehicle: Mapping[str, Any]
    stop_reason: str
    company: str
    is_demo: bool
    locale: str
    state: str
    gpc: bool
    is_bot: bool
    consented: bool
    email: str
    email_index: str
    first_name: str

    def __repr__(self) -> str:
        return f"<Reader {self.visitor_id}>"


def reader_of(*, application_id: UUID, now: datetime) -> Reader | None:
    """Everything about the reader that decides on a mail; None for an unknown application or an erased person."""
    try:
        application = selectors.application_ref(application_id=application_id)
    except UnknownApplication:
        return None
    return _reader(application.visitor_id, application, now)


def owner_of_page(*, visitor_id: UUID, now: datetime) -> Reader | None:
    """The reader of a mail that is about no application: whose privacy page it opens. None for an erased person."""
    return _reader(visitor_id, None, now)


def reader_of_mail(*, message: Message, now: datetime) -> Reader | None:
    """The reader of a stored mail, whatever it is about."""
    if message.enrollment is None:
        return owner_of_page(visitor_id=message.reader_id, now=now)
    return reader_of(application_id=message.enrollment.application_id, now=now)


def _reader(visitor_id: UUID, application: selectors.ApplicationRef | None, now: datetime) -> Reader | None:
    contact = selectors.visitor_contact(visitor_id=visitor_id)
    if contact.erased:
        return None
    consent = selectors.active_consent(visitor_id=contact.visitor_id, kind=consent_texts.MARKETING_EMAIL, now=now)
    facts = selectors.visitor_facts(visitor_id=contact.visitor_id)
    return Reader(
        application_id=application.id if application else None,
        visitor_id=contact.visitor_id,
        site_id=contact.site_id,
        status=application.status if application else "",
        abandoned_at=application.abandoned_at if application else None,
        step_reached=application.step_reached if application else 0,
        vehicle=(application.vehicle if application else None) or {},
        stop_reason=facts["stop_reason"] or "",
        company=contact.company_name,
        is_demo=_is_demo(contact.site_key),
        locale=contact.locale,
        state=contact.state,
        gpc=contact.gpc,
        is_bot=contact.is_bot,
        consented=consent is not None,
        email=contact.email,
        email_index=contact.email_index,
        first_name=contact.first_name,
    )


def _is_demo(site_key: str) -> bool:
    """A site that was switched off since is treated like a real one: with every courtesy."""
    try:
        return selectors.site_by_key(key=site_key).is_demo
    except selectors.UnknownSite:
        return False


def address_of(*, visitor_id: UUID) -> str:
    """The address on file, in clear; empty when there is none (any more)."""
    try:
        return selectors.visitor_contact(visitor_id=visitor_id).email
    except UnknownVisitor:
        return ""


def greetings(*, visitor_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """(first name, company) by visitor: whom our mails greet, and in whose name. PII; for the person's own export."""
    return names_and_companies(visitor_ids=visitor_ids)


def email_index_of(*, visitor_id: UUID) -> str:
    """The blind index of the address on file; empty when there is none."""
    try:
        return selectors.visitor_contact(visitor_id=visitor_id).email_index
    except UnknownVisitor:
        return ""


def withdraw_marketing(*, visitor_id: UUID, via: str, now: datetime) -> None:
    """End the visitor's consent to our mails."""
    services.withdraw_consent(visitor_id=visitor_id, kind=consent_texts.MARKETING_EMAIL, via=via, now=now)


def withdraw_contact(*, visitor_id: UUID, via: str, now: datetime) -> None:
    """End the visitor's consent to our mails and to being contacted by dealers: "stop" means every channel."""
    withdraw_marketing(visitor_id=visitor_id, via=via, now=now)
    services.withdraw_consent(visitor_id=visitor_id, kind=consent_texts.DEALER_CONTACT, via=via, now=now)
