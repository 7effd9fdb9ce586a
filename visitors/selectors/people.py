"""Who somebody is: their contact data for those who send, PII-free facts for the agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from carloans.core.privacy.index import blind_index
from visitors.errors import UnknownVisitor
from visitors.models import Application, Visitor


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Contact data in clear. For sending and for permitted staff only: never for a model, a log or a feed."""

    visitor_id: UUID
    site_id: int
    site_key: str
    company_name: str
    email: str
    email_index: str
    phone: str
    phone_index: str
    first_name: str
    last_name: str
    locale: str
    state: str
    zip_code: str
    zip3: str
    gpc: bool
    is_bot: bool
    erased: bool

    def __repr__(self) -> str:
        return f"<Contact of visitor {self.visitor_id}>"


def visitor_contact(*, visitor_id: UUID) -> Contact:
    """Raises UnknownVisitor. An erased visitor's contact is empty and says so."""
    row = Visitor.objects.select_related("site").filter(pk=visitor_id).first()
    if row is None:
        raise UnknownVisitor
    return contact_of(row)


def contact_of(row: Visitor) -> Contact:
    """The contact of a row that the caller has, with its site."""
    return Contact(
        visitor_id=row.pk,
        site_id=row.site_id,
        site_key=row.site.key,
        company_name=row.site.company_name,
        erased=row.erased_at is not None,
        **{name: getattr(row, name) for name in _COPIED},
    )


_COPIED = (
    "email", "email_index", "phone", "phone_index", "first_name", "last_name", "locale", "state", "zip_code", "zip3",
    "gpc", "is_bot",
)  # fmt: skip


def person_ids(*, visitor_id: UUID) -> list[UUID]:
    """Every row of the same site with the same address, this one first: for stopping and erasing, never for showing."""
    row = Visitor.objects.filter(pk=visitor_id).values("site_id", "email_index").first()
    if row is None or not row["email_index"]:
        return [visitor_id]
    others = Visitor.objects.filter(**row).exclude(pk=visitor_id).order_by("first_seen_at")
    return [visitor_id, *others.values_list("pk", flat=True)]


def people_ids(visitor_ids: Sequence[UUID], email_indexes: Sequence[str], phone_indexes: Sequence[str]) -> list[UUID]:
    """These rows, the same sites' rows with their addresses, and every site's rows with these indexes."""
    wanted = Q(pk__in=visitor_ids) | Q(email_index__in=email_indexes) | Q(phone_index__in=phone_indexes)
    known = Visitor.objects.filter(pk__in=visitor_ids).exclude(email_index="")
    for site, index in known.values_list("site", "email_index").distinct():
        wanted |= Q(site=site, email_index=index)
    return list(Visitor.objects.filter(wanted).order_by("first_seen_at").values_list("pk", flat=True))


def names_and_companies(*, visitor_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """(first name, company of the site) of each, in one query."""
    rows = Visitor.objects.filter(pk__in=visitor_ids).select_related("site")
    return {row.pk: (row.first_name, row.site.company_name) for row in rows}


def visitors_with_email(*, email_index: str) -> list[UUID]:
    """Every row, on any site, with an address given by its blind index; its holder first."""
    if not email_index:
        return []
    rows = Visitor.objects.filter(email_index=email_index).order_by("-email_holder", "first_seen_at")
    return list(rows.values_list("pk", flat=True))


def email_index_of(*, email: str) -> str:
    """The blind index by which an address is looked up."""
    return blind_index("email", email)


def visitor_facts(*, visitor_id: UUID) -> dict[str, Any]:
    """What an agent may know of somebody: placeholders for names, no contact data, no amounts.

    {first_name, has_email, has_phone, has_name, locale, state, step_reached, status, vehicle, stop_reason,
    returned_before}; first_name is the placeholder "{first_name}" or "". Raises UnknownVisitor.
    """
    row = Visitor.objects.filter(pk=visitor_id).first()
    if row is None:
        raise UnknownVisitor
    newest = Application.objects.filter(visitor_id=visitor_id).order_by("-created_at").first()
    return {
        "first_name": "{first_name}" if row.first_name else "",
        "has_email": bool(row.email),
        "has_phone": bool(row.phone),
        "has_name": bool(row.first_name or row.last_name),
        "locale": row.locale,
        "state": row.state,
        **_progress(newest),
    }


def _progress(newest: Application | None) -> dict[str, Any]:
    if newest is None:
        return {"step_reached": None, "status": None, "vehicle": None, "stop_reason": None, "returned_before": False}
    verdict = newest.assessments.order_by("-attempt").first()
    return {
        "step_reached": newest.step_reached,
        "status": newest.status,
        "vehicle": vehicle_facts(newest),
        "stop_reason": verdict.stop_reason if verdict else None,
        "returned_before": newest.returned_at is not None,
    }


def vehicle_facts(row: Application) -> dict[str, Any] | None:
    """{"year", "make", "model"}, None when nothing of the vehicle is known."""
    if not (row.vehicle_make or row.vehicle_model or row.vehicle_year):
        return None
    return {"year": row.vehicle_year, "make": row.vehicle_make, "model": row.vehicle_model}
