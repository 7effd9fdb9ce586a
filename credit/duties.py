"""Reading notice duties: for the operations room and for the sweeps. Nothing here is personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from carloans.core.outbox import DONE, open_rows
from credit import clocks
from credit.models import NoticeDuty, NoticeMail, NoticePolicy
from visitors import selectors as visitors

OPEN: Final = (NoticeDuty.State.OPEN, NoticeDuty.State.ASSIGNED)
#: Filters of the list, and what each shows.
FILTERS: Final = ("open", "unowned", "overdue", "settled")


@dataclass(frozen=True, slots=True)
class ApplicationClock:
    """What the law asks about one application: when it was received, whether it is complete, what is due when."""

    application_id: UUID
    received_at: datetime
    complete: bool
    notice_due_at: datetime | None


def duty_list(*, now: datetime, show: str = "open", limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
    """Duties by filter, the most urgent first; those that ended, the newest first. Two queries at most."""
    order = "-settled_at" if show == "settled" else "due_at"
    rows = _filtered(now=now, show=show).select_related("owner").order_by(order, "pk")
    return [line(duty, now=now) for duty in rows[offset : offset + limit]]


def duty_total(*, now: datetime, show: str = "open") -> int:
    """How many duties a filter finds."""
    return _filtered(now=now, show=show).count()


def _filtered(*, now: datetime, show: str) -> QuerySet[NoticeDuty]:
    rows = NoticeDuty.objects.filter(state__in=OPEN)
    if show == "settled":
        return NoticeDuty.objects.exclude(state__in=OPEN)
    if show == "overdue":
        return rows.filter(due_at__lt=now)
    return rows.filter(owner=None) if show == "unowned" else rows


def line(duty: NoticeDuty, *, now: datetime) -> dict[str, Any]:
    """A duty as lists show it. `days_left` is negative when overdue and means nothing once it has ended."""
    return {
        "id": duty.pk,
        "check_id": duty.check_row_id,
        "visitor_id": duty.visitor_id,
        "application_id": duty.application_id,
        "kind": duty.kind,
        "kind_label": duty.get_kind_display(),
        "basis": clocks.BASIS[NoticeDuty.Kind(duty.kind)],
        "state": duty.state,
        "reason": duty.reason,
        "owner": duty.owner.get_username() if duty.owner else "",
        "owner_id": duty.owner_id,
        "opened_at": duty.opened_at,
        "due_at": duty.due_at,
        "settled_at": duty.settled_at,
        "closed_reason": duty.closed_reason,
        "is_open": duty.state in OPEN,
        "days_left": clocks.days_left(duty.due_at, now),
        "escalated": duty.escalated,
    }


def duty_detail(*, duty_id: UUID, now: datetime) -> dict[str, Any] | None:
    """One duty with its proofs, our mail, and what it follows from or led to; None for an unknown id."""
    duty = NoticeDuty.objects.select_related("owner", "follows").filter(pk=duty_id).first()
    if duty is None:
        return None
    proofs = duty.proofs.select_related("staff").order_by("recorded_at")
    return {
        **line(duty, now=now),
        "missing": duty.missing,
        "says": duty.get_says_display(),
        "total_days": clocks.DAYS[NoticeDuty.Kind(duty.kind)],
        "may_ask_until": _may_ask_until(duty, [proof.sent_on for proof in proofs]),
        "proofs": [
            {
                "method": proof.get_method_display(),
                "sent_on": proof.sent_on,
                "reference": proof.reference,
                "text_sha256": proof.text_sha256,
                "staff": proof.staff.get_username(),
                "recorded_at": proof.recorded_at,
            }
            for proof in proofs
        ],
        "mail": _mail(duty),
        "follows": _linked(duty.follows) if duty.follows else None,
        "followers": [_linked(one) for one in duty.followers.order_by("opened_at")],
    }


def _mail(duty: NoticeDuty) -> dict[str, Any] | None:
    """How our own notice stands; never its text."""
    mail = NoticeMail.objects.defer("text").filter(duty=duty).first()
    if mail is None:
        return None
    names = ("state", "attempts", "last_error_code", "complete_by", "created_at", "sent_at", "delivered_at")
    return {name: getattr(mail, name) for name in (*names, "bounced_at", "text_sha256")}


def _linked(duty: NoticeDuty) -> dict[str, Any]:
    return {"id": duty.pk, "kind_label": duty.get_kind_display(), "state": duty.state}


def _may_ask_until(duty: NoticeDuty, sent_on: Sequence[date]) -> date | None:
    """Until when the applicant may ask for the reasons; None when there is nothing to ask about."""
    if duty.says != NoticeDuty.Says.ADVERSE_ACTION or not sent_on:
        return None
    return sent_on[-1] + clocks.REASONS_WITHIN


def duty_counts(*, now: datetime) -> dict[str, int]:
    """Open duties, those that nobody owns, those overdue, and those that are both; the last must be 0."""
    late, unowned = Q(due_at__lt=now), Q(owner=None)
    counts = NoticeDuty.objects.filter(state__in=OPEN).aggregate(
        open=Count("pk"),
        unassigned=Count("pk", filter=unowned),
        overdue=Count("pk", filter=late),
        overdue_unassigned=Count("pk", filter=late & unowned),
    )
    return {name: int(value or 0) for name, value in counts.items()}


def application_clocks(*, application_ids: Sequence[UUID]) -> dict[UUID, ApplicationClock]:
    """The clock of each application that has one, in one query: an application that started none is left out."""
    rows = NoticeDuty.objects.filter(application_id__in=application_ids, check_row=None, follows=None)
    found: dict[UUID, ApplicationClock] = {}
    for duty in rows.order_by("opened_at"):
        if duty.application_id is not None:
            found[duty.application_id] = _clock(duty, found.get(duty.application_id))
    return found


def _clock(duty: NoticeDuty, before: ApplicationClock | None) -> ApplicationClock:
    """The earliest receipt, and the earliest notice that is still owed."""
    assert duty.application_id is not None  # noqa: S101  asked by the caller
    due = duty.due_at if duty.state in OPEN else None
    dates = [moment for moment in (due, before.notice_due_at if before else None) if moment]
    return ApplicationClock(
        application_id=duty.application_id,
        received_at=before.received_at if before else duty.opened_at,
        complete=duty.kind == NoticeDuty.Kind.DECISION or bool(before and before.complete),
        notice_due_at=min(dates, default=None),
    )


# For the sweeps


def duties_to_escalate(*, now: datetime, limit: int = 200) -> list[UUID]:
    """Open duties that have reached an alarm which was not raised yet, the most urgent first."""
    reached = Q(due_at__lt=now, escalated__lt=clocks.OVERDUE)
    for days, level in clocks.ALARMS:
        reached |= Q(due_at__lte=now + timedelta(days=days), escalated__lt=level)
    rows = NoticeDuty.objects.filter(reached, state__in=OPEN).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def duties_without_owner(*, limit: int = 200) -> list[NoticeDuty]:
    """Open duties that nobody owns, or whose owner has left."""
    left = Q(owner=None) | Q(owner__is_active=False)
    return list(NoticeDuty.objects.filter(left, state__in=OPEN).order_by("due_at")[:limit])


def applications_to_note(*, since: datetime, limit: int = 500) -> list[UUID]:
    """Applications that arrived since then and whose clock is not in step with them, by the policies of their sites."""
    policies = {policy.site_id: policy for policy in NoticePolicy.objects.all()}
    arrivals = [one for one in visitors.received_since(since=since) if _counts(one, policies.get(one.site_id))]
    kept: set[str] = set()
    for chunk in _chunks([_key(one) for one in arrivals], 400):
        kept.update(str(key) for key in NoticeDuty.objects.filter(key__in=chunk).values_list("key", flat=True))
    return [one.id for one in arrivals if _key(one) not in kept][:limit]


def _counts(one: visitors.Arrival, policy: NoticePolicy | None) -> bool:
    policy = policy or NoticePolicy()
    return one.complete or (policy.imports_count if one.from_platform else policy.saved_forms_count)


def _key(one: visitors.Arrival) -> str:
    return f"application:{one.id}:{'decision' if one.complete else 'incompleteness'}"


def _chunks(values: Sequence[str], size: int) -> list[Sequence[str]]:
    return [values[at : at + size] for at in range(0, len(values), size)]


def due_mails(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Notice mails that are due and that nobody carries."""
    return list(NoticeMail.objects.filter(open_rows(now)).order_by("due_at").values_list("pk", flat=True)[:limit])


def unreported_mails(*, since: datetime, limit: int = 50) -> list[UUID]:
    """Some notices that left since then and whose arrival is not known, drawn by lot.

    Of some nothing is ever reported: in the order of their age these would keep all others from being asked about.
    """
    rows = NoticeMail.objects.filter(state=DONE, sent_at__gte=since, delivered_at=None, bounced_at=None)
    return list(rows.order_by("?").values_list("pk", flat=True)[:limit])
