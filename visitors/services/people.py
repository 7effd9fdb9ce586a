"""Visitors' rows: making them, writing what people say about themselves, and forgetting it.

The rule for one address on two devices: an address that somebody typed proves nothing. So every browser keeps its own
row, application and consents, and is never shown another's. Rows with the same address on the same site belong to one
person for counting, stopping and erasing (`selectors.person_ids`); exactly one of them, the first, holds the address.
Only the signed link in a mail to the address lets another device continue: it hands over the row that it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from carloans.core import audit
from carloans.core.privacy.index import blind_index
from visitors import signals
from visitors.cleaning import clean_state, clean_words
from visitors.details import Details, read_email, read_phone
from visitors.errors import UnknownVisitor
from visitors.models import Application, Event, ReturnLink, Site, Visitor

CONTACT = ("email", "phone", "first_name", "last_name", "state", "locale")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Where, when and with what privacy signal something came in."""

    now: datetime
    ip: str = ""
    user_agent: str = ""
    gpc: bool = False


def register_visitor(
    *,
    site_id: int,
    now: datetime,
    visitor_id: UUID | None = None,
    locale: str = "en",
    gpc: bool = False,
    is_bot: bool = False,
    source: str = Visitor.Source.BROWSER,
) -> UUID:
    """A new visitor of a site. An id that is taken already, perhaps on another site, is replaced by a fresh one."""
    return create_visitor(
        site_id=site_id, now=now, visitor_id=visitor_id, locale=locale, gpc=gpc, is_bot=is_bot, source=source
    ).pk


def create_visitor(*, site_id: int, now: datetime, visitor_id: UUID | None = None, **facts: Any) -> Visitor:
    """As `register_visitor`, within this room. Raises IntegrityError when somebody takes the id at the same moment."""
    if visitor_id is None or Visitor.objects.filter(pk=visitor_id).exists():
        visitor_id = uuid4()
    return Visitor.objects.create(pk=visitor_id, site_id=site_id, first_seen_at=now, last_seen_at=now, **facts)


def lock_visitor(visitor_id: UUID | None, site_id: int | None = None) -> Visitor | None:
    """The living visitor with its row locked for this transaction, None when there is none (on this site)."""
    if visitor_id is None:
        return None
    rows = Visitor.objects.select_for_update().filter(pk=visitor_id, erased_at__isnull=True)
    return (rows.filter(site_id=site_id) if site_id else rows).first()


def lock_application(application_id: UUID) -> Application | None:
    """The application with its row and its visitor's locked, the visitor's first.

    Whoever changes more than one row of a person begins with the visitor's: in another order two of them would wait
    for each other, and the database would end one.
    """
    visitor_id = Application.objects.filter(pk=application_id).values_list("visitor_id", flat=True).first()
    lock_visitor(visitor_id)
    return Application.objects.select_for_update().filter(pk=application_id).first()


def lock_people(visitor_ids: Sequence[UUID]) -> None:
    """Several rows of one person, locked in one order by everybody."""
    list(Visitor.objects.select_for_update().filter(pk__in=visitor_ids).order_by("pk").values_list("pk"))


def upsert_contact(
    *,
    visitor_id: UUID,
    now: datetime,
    email: str | None = None,
    phone: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    state: str | None = None,
) -> list[str]:
    """Write what a visitor said, after an explicit act; None leaves a value as it is. Returns the changed names.

    Raises UnknownVisitor, or Refused with invalid_email, disposable_email, invalid_phone …, writing nothing.
    """
    with transaction.atomic():
        visitor = lock_visitor(visitor_id)
        if visitor is None:
            raise UnknownVisitor
        allow = Site.objects.filter(pk=visitor.site_id, is_demo=True).exists()
        details = Details(
            email=read_email(email or ""),
            phone=read_phone(phone or "", allow_test_numbers=allow),
            first_name=clean_words(first_name or "", field="first_name", limit=60),
            last_name=clean_words(last_name or "", field="last_name", limit=60),
            state=clean_state(state or ""),
        )
        return write_contact(visitor, details, application_id=None, now=now)


def write_contact(visitor: Visitor, details: Details, *, application_id: UUID | None, now: datetime) -> list[str]:
    """Write checked values to a locked row, hold the address if it is free, and tell. Returns the changed names."""
    said = details.given(*CONTACT)
    changed = sorted(name for name, value in said.items() if getattr(visitor, name) != value)
    for name in changed:
        setattr(visitor, name, said[name])
    if details.zip:
        visitor.zip_code, visitor.zip3 = details.zip, details.zip[:3]
    visitor.phone_index = blind_index("phone", visitor.phone)
    if visitor.identity == Visitor.Identity.ANONYMOUS and (visitor.email or visitor.phone):
        visitor.identity = Visitor.Identity.PROBABLE
    _save_holding_address(visitor)
    if {"email", "phone"} & set(changed):
        audit.record(
            action="contact.saved", actor=f"visitor:{visitor.pk}", subject=f"visitor:{visitor.pk}", now=now,
            facts={"changed": changed},
        )  # fmt: skip
        signals.after_commit(signals.contact_saved, visitor_id=visitor.pk, application_id=application_id, now=now)
    return changed


def _save_holding_address(visitor: Visitor) -> None:
    """Save the row as the holder of its address, unless another row on the site is."""
    index, left = blind_index("email", visitor.email), ""
    if index != visitor.email_index:
        left = visitor.email_index if visitor.email_holder else ""
        visitor.email_index = index
        visitor.email_holder = bool(index) and not _held(visitor).exists()
    try:
        with transaction.atomic():
            visitor.save()
    except IntegrityError:
        visitor.email_holder = False
        visitor.save()
    if left:
        _promote_next(visitor.site_id, left)


def _held(visitor: Visitor) -> Any:
    return Visitor.objects.filter(site_id=visitor.site_id, email_index=visitor.email_index, email_holder=True)


def _promote_next(site_id: int, index: str) -> None:
    """The oldest of the other rows with an address holds it when its holder has left it."""
    rows = Visitor.objects.filter(site_id=site_id, email_index=index, erased_at__isnull=True)
    heir = rows.order_by("first_seen_at").first()
    if heir is not None:
        Visitor.objects.filter(pk=heir.pk).update(email_holder=True)


#: Columns of a visitor that an erasure empties, and of an application.
NO_CONTACT: dict[str, Any] = {
    "email": "", "email_index": "", "email_holder": False, "phone": "", "phone_index": "", "first_name": "",
    "last_name": "", "zip_code": "", "zip3": "", "state": "", "identity": Visitor.Identity.ANONYMOUS,
}  # fmt: skip
NO_MEANS: dict[str, Any] = {"employer": "", "job_title": "", "monthly_income_cents": None, "months_on_job": None}


def erase_visitor(*, visitor_id: UUID, now: datetime) -> bool:
    """Forget what one row knows of a person. Consents stay: they prove what was allowed. False if already erased.

    `carloans.core.rights.erase` does this for all rows of a person and in every room.
    """
    with transaction.atomic():
        if not close_door(visitor_ids=[visitor_id], now=now):
            return False
        Visitor.objects.filter(pk=visitor_id).update(**NO_CONTACT)
        Event.objects.filter(visitor=visitor_id).delete()
        Application.objects.filter(visitor=visitor_id).update(**NO_MEANS)
        return True


def close_door(*, visitor_ids: Sequence[UUID], now: datetime) -> int:
    """Mark visitors as erased, so that nothing more is written about them, and end what is open. How many were not.

    Their applications are closed, their links revoked; another row with their address holds it from here on.
    """
    with transaction.atomic():
        rows = Visitor.objects.select_for_update().filter(pk__in=visitor_ids, erased_at__isnull=True)
        living = list(rows.order_by("pk"))
        ids = [one.pk for one in living]
        Visitor.objects.filter(pk__in=ids).update(erased_at=now, email_holder=False)
        Application.objects.filter(visitor__in=ids, status__in=Application.OPEN).update(status=Application.CLOSED)
        links = ReturnLink.objects.filter(visitor__in=ids, used_at__isnull=True, revoked_at__isnull=True)
        links.update(revoked_at=now)
        for one in living:
            _tell_erased(one, now)
    return len(living)


def _tell_erased(visitor: Visitor, now: datetime) -> None:
    if visitor.email_holder:
        _promote_next(visitor.site_id, visitor.email_index)
    audit.record(action="visitor.erased", actor="system", subject=f"visitor:{visitor.pk}", now=now)
    facts = {"visitor_id": visitor.pk, "email_index": visitor.email_index, "now": now}
    signals.after_commit(signals.visitor_erased, **facts)
