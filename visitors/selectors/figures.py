"""Figures and lists for the operations room: counted from rows, contact data masked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from carloans.core.privacy.mask import mask_email, mask_name, mask_phone
from visitors import consent_texts
from visitors.models import Application, Assessment, Consent, Event, ReturnLink, Site, Visitor


def funnel(*, since: datetime, now: datetime) -> dict[str, int]:
    """How far those came who arrived, or began an application, since then: three queries, bots left out.

    {visitors, started, saved, abandoned, contactable, returned, submitted}. `abandoned` also counts those who never
    saved and fell silent; `contactable` those whom we may write to: saved, agreed, no privacy signal.
    """
    people = Visitor.objects.filter(first_seen_at__gte=since, is_bot=False, source=Visitor.Source.BROWSER)
    applications = Application.objects.filter(created_at__gte=since, visitor__is_bot=False)
    counts = applications.annotate(may_write=Exists(_marketing_consents())).aggregate(
        started=Count("pk"),
        saved=Count("pk", filter=Q(saved_at__isnull=False)),
        abandoned=Count("pk", filter=_left(now)),
        contactable=Count("pk", filter=Q(abandonments__gt=0, may_write=True, visitor__gpc=False)),
        returned=Count("pk", filter=Q(returned_at__isnull=False)),
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
    )
    return {"visitors": people.count(), **counts}


def _marketing_consents() -> Any:
    return Consent.objects.filter(
        visitor_id=OuterRef("visitor_id"), kind=consent_texts.MARKETING_EMAIL, withdrawal__isnull=True
    )


def _left(now: datetime) -> Q:
    """Marked as abandoned at least once, or begun, never saved and silent for longer than the site allows."""
    left = Q(abandonments__gt=0)
    for site_id, seconds in Site.objects.values_list("pk", "abandon_after_seconds"):
        silent = now - timedelta(seconds=seconds)
        left |= Q(site_id=site_id, status=Application.STARTED, last_event_at__lt=silent)
    return left


def recent_applications(*, limit: int = 50, status: str | None = None) -> list[dict[str, Any]]:
    """The applications that moved last, masked, in two queries."""
    rows = Application.objects.select_related("visitor", "site").order_by("-last_event_at")
    verdicts = Prefetch("assessments", queryset=Assessment.objects.order_by("-attempt"), to_attr="verdicts")
    chosen = rows.filter(status=status) if status else rows
    return [_application_line(row) for row in chosen.prefetch_related(verdicts)[:limit]]


def _application_line(row: Application) -> dict[str, Any]:
    verdicts: list[Assessment] = getattr(row, "verdicts", [])
    verdict = verdicts[0] if verdicts else None
    return {
        "id": row.pk,
        "visitor_id": row.visitor_id,
        "site": row.site.name,
        "status": row.status,
        "step_reached": row.step_reached,
        "vehicle": row.vehicle,
        "name": mask_name(row.visitor.first_name),
        "email": mask_email(row.visitor.email),
        "phone": mask_phone(row.visitor.phone),
        "created_at": row.created_at,
        "last_event_at": row.last_event_at,
        "stop_reason": verdict.stop_reason if verdict else "",
        "priority": verdict.priority if verdict else "",
        "judged_by": verdict.source if verdict else "",
    }


#: What tells a story; heartbeats and single fields would drown it.
_TOLD = ("page_view", "step_view", "step_error", "save_progress", "submit")


def timeline(*, visitor_id: UUID, limit: int = 200) -> list[dict[str, Any]]:
    """What happened with a visitor in this room, oldest first: {at, kind, step, page, code}. No contact data."""
    told = Event.objects.filter(visitor_id=visitor_id, type__in=_TOLD).order_by("-received_at")[:limit]
    facts = [_fact(row.received_at, row.type, step=row.step, page=row.page, code=row.code) for row in told]
    facts += _application_facts(visitor_id) + _consent_facts(visitor_id) + _link_facts(visitor_id)
    return sorted(facts, key=lambda fact: fact["at"])[-limit:]


def _fact(at: datetime, kind: str, *, step: int | None = None, page: str = "", code: str = "") -> dict[str, Any]:
    return {"at": at, "kind": kind, "step": step, "page": page, "code": code}


def _application_facts(visitor_id: UUID) -> list[dict[str, Any]]:
    moments = {"abandoned_at": "abandoned", "returned_at": "returned", "submitted_at": "submitted"}
    rows = Application.objects.filter(visitor_id=visitor_id)
    facts = [
        _fact(getattr(row, name), kind, step=row.step_reached)
        for row in rows
        for name, kind in moments.items()
        if getattr(row, name)
    ]
    verdicts = Assessment.objects.filter(application__visitor_id=visitor_id)
    return facts + [_fact(row.at, "judged", code=row.stop_reason) for row in verdicts]


def _consent_facts(visitor_id: UUID) -> list[dict[str, Any]]:
    rows = Consent.objects.filter(visitor_id=visitor_id).annotate(ended_at=F("withdrawal__at"))
    given = [_fact(row.given_at, "consent_given", code=row.kind) for row in rows]
    return given + [_fact(row.ended_at, "consent_withdrawn", code=row.kind) for row in rows if row.ended_at]


def _link_facts(visitor_id: UUID) -> list[dict[str, Any]]:
    rows = ReturnLink.objects.filter(visitor_id=visitor_id)
    issued = [_fact(row.created_at, "link_issued") for row in rows]
    return issued + [_fact(row.used_at, "link_used") for row in rows if row.used_at]
