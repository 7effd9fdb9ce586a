"""Applications: for the sweeps, for the agents, for the lead's package and for the person who comes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from visitors.errors import UnknownApplication
from visitors.models import Application, Assessment, Consent, Event, ReturnLink, Site
from visitors.selectors.people import vehicle_facts
from visitors.tokens import hash_of


@dataclass(frozen=True)
class ApplicationRef:
    """An application without personal data."""

    id: UUID
    visitor_id: UUID
    site_id: int
    status: str
    step_reached: int
    vehicle: dict[str, Any] | None
    created_at: datetime
    last_event_at: datetime
    abandoned_at: datetime | None
    returned_at: datetime | None
    submitted_at: datetime | None
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationDetails:
    """What the person entered, in clear: for the lead's package only."""

    ref: ApplicationRef
    loan_amount_cents: int | None
    monthly_income_cents: int | None
    employer: str
    job_title: str
    months_on_job: int | None

    def __repr__(self) -> str:
        return f"<Details of application {self.ref.id}>"


@dataclass(frozen=True)
class RestoredForm:
    """What a returning person sees again: first name and vehicle in clear, the rest only as "on file"."""

    visitor_id: UUID
    application_id: UUID
    first_name: str
    step: int
    values: dict[str, Any]
    on_file: frozenset[str]
    submitted: bool


def _ref(row: Application) -> ApplicationRef:
    return ApplicationRef(
        row.pk, row.visitor_id, row.site_id, row.status, row.step_reached, vehicle_facts(row), row.created_at,
        row.last_event_at, row.abandoned_at, row.returned_at, row.submitted_at, row.status in Application.OPEN,
    )  # fmt: skip


def _get(application_id: UUID) -> Application:
    row = Application.objects.select_related("visitor").filter(pk=application_id).first()
    if row is None:
        raise UnknownApplication
    return row


def application_of_platform(*, site_id: int, external_id: str) -> ApplicationRef:
    """The one that a site's own platform sent under its id. Raises UnknownApplication, also after an erasure."""
    rows = Application.objects.select_related("visitor").filter(site_id=site_id, external_id=external_id)
    row = rows.filter(visitor__erased_at__isnull=True).first()
    if row is None:
        raise UnknownApplication
    return _ref(row)


def application_ref(*, application_id: UUID) -> ApplicationRef:
    """Raises UnknownApplication."""
    return _ref(_get(application_id))


def latest_application(*, visitor_id: UUID) -> ApplicationRef | None:
    """The application that a visitor began last, ended or not."""
    row = Application.objects.filter(visitor_id=visitor_id).order_by("-created_at").first()
    return _ref(row) if row else None


def application_details(*, application_id: UUID) -> ApplicationDetails:
    """Raises UnknownApplication."""
    row = _get(application_id)
    return ApplicationDetails(
        ref=_ref(row),
        loan_amount_cents=row.loan_amount_cents,
        monthly_income_cents=row.monthly_income_cents,
        employer=row.employer,
        job_title=row.job_title,
        months_on_job=row.months_on_job,
    )


def application_facts(*, application_id: UUID, now: datetime) -> dict[str, Any]:
    """What the Visitor Identifier is told: steps and counts, which contact exists, never a value.

    Raises UnknownApplication.
    """
    row = _get(application_id)
    steps, errors = _walk(row)
    idle = now - row.last_event_at
    return {
        "application": {
            "step_reached": row.step_reached,
            "steps_seen": steps,
            "minutes_since_last_event": int(idle.total_seconds() // 60),
            "saved": row.saved_at is not None,
            "errors": errors,
        },
        "contact": {
            "email": bool(row.visitor.email),
            "phone": bool(row.visitor.phone),
            "name": bool(row.visitor.first_name or row.visitor.last_name),
        },
        "consents": _standing_kinds(row, now),
        "signals": {
            "gpc": row.visitor.gpc,
            "bot": row.visitor.is_bot,
            "returned_before": row.returned_at is not None,
        },
    }


def _walk(row: Application) -> tuple[list[int], dict[str, int]]:
    """The steps that were seen, in numerical order, and how many errors each showed."""
    events = Event.objects.filter(visitor_id=row.visitor_id, step__isnull=False, received_at__gte=row.created_at)
    pairs = list(events.values_list("type", "step"))
    errors = Counter(str(step) for kind, step in pairs if kind == Event.Type.STEP_ERROR)
    return sorted({step for _, step in pairs if step}), dict(errors)


def _standing_kinds(row: Application, now: datetime) -> list[str]:
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    rows = Consent.objects.filter(alive, visitor_id=row.visitor_id, withdrawal__isnull=True)
    return sorted(set(rows.values_list("kind", flat=True)))


def due_for_abandonment(*, now: datetime, limit: int = 500) -> list[UUID]:
    """Saved or returned applications that were idle for longer than their site allows, longest idle first."""
    idle = Q(pk__in=[])
    for site_id, seconds in Site.objects.values_list("pk", "abandon_after_seconds"):
        idle |= Q(site_id=site_id, last_event_at__lt=now - timedelta(seconds=seconds))
    waiting = Application.objects.filter(
        idle,
        status__in=(Application.SAVED, Application.RETURNED),
        abandonments__lt=Application.MOST_ABANDONMENTS,
        visitor__erased_at__isnull=True,
    )
    return list(waiting.order_by("last_event_at").values_list("pk", flat=True)[:limit])


def abandoned_without_assessment(*, now: datetime, limit: int = 500) -> list[UUID]:
    """Abandonments that nobody judged yet and nobody is judging at the moment."""
    judged = Assessment.objects.filter(application=OuterRef("pk"), attempt=OuterRef("abandonments"))
    free = Q(judge_until__isnull=True) | Q(judge_until__lt=now)
    rows = Application.objects.filter(free, ~Exists(judged), status=Application.ABANDONED)
    return list(rows.order_by("abandoned_at").values_list("pk", flat=True)[:limit])


def judged_abandonments(*, since: datetime, limit: int = 500) -> list[UUID]:
    """Applications that are abandoned and judged since then: what the sweep behind `visitor_abandoned` looks at."""
    rows = Assessment.objects.filter(
        at__gte=since, attempt=F("application__abandonments"), application__status=Application.ABANDONED
    )
    return list(rows.order_by("at").values_list("application_id", flat=True)[:limit])


def fresh_links_wanted(*, since: datetime, limit: int = 100) -> list[tuple[UUID, UUID, UUID]]:
    """(link, application, visitor) whose owner asked for a fresh link since then and has none that is newer."""
    newer = ReturnLink.objects.filter(
        application=OuterRef("application"), created_at__gt=OuterRef("fresh_requested_at")
    )
    rows = ReturnLink.objects.filter(
        ~Exists(newer), fresh_requested_at__gte=since, application__status__in=Application.OPEN
    )
    return list(rows.order_by("fresh_requested_at").values_list("pk", "application_id", "visitor_id")[:limit])


def links_used(*, since: datetime, limit: int = 500) -> list[tuple[UUID, datetime]]:
    """(message, moment) of every return link that was redeemed since then: for rooms that missed the news."""
    rows = ReturnLink.objects.filter(used_at__gte=since).order_by("used_at")
    return [(row.message_id, row.used_at) for row in rows[:limit] if row.used_at]


def return_link_preview(*, token: str, now: datetime) -> str:
    """What a link would do, without doing it: "usable", "expired", "used" or "unknown"."""
    link = ReturnLink.objects.filter(token_hash=hash_of(token)).first()
    if link is None:
        return "unknown"
    if link.used_at:
        return "used"
    return "expired" if link.revoked_at or link.expires_at <= now else "usable"


def link_id_of(*, token: str) -> UUID | None:
    """The id of the link with this token, None for an unknown one."""
    return ReturnLink.objects.filter(token_hash=hash_of(token)).values_list("pk", flat=True).first()


_SHOWN = ("vehicle_year", "vehicle_make", "vehicle_model")
_KEPT = ("loan_amount_cents", "monthly_income_cents", "employer", "job_title", "months_on_job")
_KEPT_CONTACT = ("email", "phone", "last_name", "state", "zip_code")


def restored_form(*, application_id: UUID) -> RestoredForm | None:
    """The form of a person who came back by their link; None for an unknown application or an erased visitor."""
    row = Application.objects.select_related("visitor").filter(pk=application_id).first()
    if row is None or row.visitor.erased_at:
        return None
    kept = {name for name in _KEPT if getattr(row, name) not in ("", None)}
    contact = {name for name in _KEPT_CONTACT if getattr(row.visitor, name)}
    shown = {name: getattr(row, name) for name in _SHOWN if getattr(row, name)}
    if row.visitor.first_name:
        shown["first_name"] = row.visitor.first_name
    return RestoredForm(
        row.visitor_id, row.pk, row.visitor.first_name, row.step_reached, shown, frozenset(kept | contact),
        row.status not in Application.OPEN,
    )  # fmt: skip
