"""Applications as a creditor receives them: when each came and what it lacks, for the room that keeps the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from visitors.errors import UnknownApplication
from visitors.models import Application

#: Said of an application that nobody sent off, whatever else it holds.
SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class Received:
    """One application without personal data. `missing` names facts that a creditor needs and that are not there."""

    id: UUID
    visitor_id: UUID
    site_id: int
    status: str
    from_platform: bool
    is_bot: bool
    saved_at: datetime | None
    submitted_at: datetime | None
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it was sent off."""
        return self.submitted_at is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """That an application arrived, and whether it was sent off."""

    id: UUID
    site_id: int
    complete: bool
    from_platform: bool


def received_application(*, application_id: UUID) -> Received:
    """Raises UnknownApplication."""
    row = Application.objects.select_related("visitor").filter(pk=application_id).first()
    if row is None:
        raise UnknownApplication
    return Received(
        row.pk, row.visitor_id, row.site_id, row.status, row.external_id is not None, row.visitor.is_bot, row.saved_at,
        row.submitted_at, _missing(row),
    )  # fmt: skip


def received_since(*, since: datetime, limit: int = 50_000) -> list[Arrival]:
    """Those saved or sent off since then, the oldest first; bots, and what was closed without being sent, left out."""
    rows: QuerySet[Application] = Application.objects.filter(
        Q(saved_at__gte=since, status__in=Application.OPEN) | Q(submitted_at__gte=since), visitor__is_bot=False
    )
    found = rows.order_by("created_at").values_list("pk", "site_id", "submitted_at", "external_id")[:limit]
    return [Arrival(pk, site_id, sent is not None, external is not None) for pk, site_id, sent, external in found]


def _missing(row: Application) -> tuple[str, ...]:
    person = row.visitor
    there = {
        "name": person.first_name and person.last_name,
        "contact": person.email or person.phone,
        "address": person.state or person.zip_code,
        "vehicle": row.vehicle_make,
        "loan_amount": row.loan_amount_cents is not None,
        "monthly_income": row.monthly_income_cents is not None,
        "employer": row.employer,
        "months_on_job": row.months_on_job is not None,
        SUBMISSION: row.submitted_at is not None,
    }
    return tuple(name for name, value in there.items() if not value)
