"""Reading leads: for the operations room with contact masked, for the sweeps by id, for the export in clear."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from carloans.core import outbox
from carloans.core.privacy.mask import mask_email, mask_name, mask_phone
from credit import selectors as credit
from credit.outcomes import Outcome
from leads import eligibility, holds
from leads.models import LEAD_LIFE, Buyer, Disposition, Lead, Submission, SubmissionAttempt
from visitors import disclosures
from visitors.disclosures import Recipient

#: How long fresh work is left to its own task before a sweep takes it for lost.
NUDGE_GRACE = timedelta(seconds=15)
#: A waiting lead is looked at this often, and for this long.
REVIEW_EVERY, REVIEW_FOR = timedelta(seconds=20), timedelta(days=30)


def checks_without_lead(*, now: datetime, since: datetime, limit: int = 100) -> list[UUID]:
    """Prequalified checks decided since then for which no lead was made."""
    decided = list(credit.decided_between(since, now - NUDGE_GRACE, outcome=Outcome.PREQUALIFIED))
    roots = {check.root_id for check in decided}
    done = set(Lead.objects.filter(credit_check_id__in=roots).values_list("credit_check_id", flat=True))
    known = {check.application_id for check in decided if check.application_id}
    served = set(Lead.objects.filter(application_id__in=known).values_list("application_id", flat=True))
    lost = {
        check.root_id: check for check in decided if check.root_id not in done and check.application_id not in served
    }
    return list(lost)[:limit]


def stranded(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Leads that were made but not queued."""
    rows = Lead.objects.filter(status="packaged", reviewed_at__lt=now - NUDGE_GRACE).order_by("reviewed_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def held(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Waiting leads whose reason may have passed, the longest not looked at first.

    What waits for a switch waits for as long as it is off; the others are given up after some time.
    """
    rows = Lead.objects.filter(
        Q(created_at__gt=now - REVIEW_FOR) | Q(hold_code=holds.SWITCHED_OFF.code),
        status__in=["waiting_consent", "withheld"],
        hold_code__in=holds.PASSING,
        reviewed_at__lt=now - REVIEW_EVERY,
    )
    return list(rows.order_by("reviewed_at").values_list("pk", flat=True)[:limit])


def held_of(*, visitor_id: UUID) -> list[UUID]:
    """The visitor's leads that wait for something that may have come."""
    rows = Lead.objects.filter(
        visitor_id=visitor_id, status__in=["waiting_consent", "withheld"], hold_code__in=holds.PASSING
    )
    return list(rows.values_list("pk", flat=True))


def due_submissions(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Submissions to be done now: new, to be retried, or left behind by a dead worker."""
    rows = Submission.objects.filter(outbox.open_rows(now)).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def named_buyers(*, state: str, now: datetime) -> list[tuple[str, str]]:
    """(slug, name) of the dealers whom a consent may name to a customer in a US state ("" when unknown)."""
    return [(buyer.slug, buyer.name) for buyer in eligibility.certified_buyers(state=state, now=now)]


def table(
    *, status: str = "", search: str = "", since: datetime | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Rows of the leads table, newest first, contact masked. `search` is a lead, visitor or application id."""
    return [row(lead) for lead in _matching(status, search, since)[offset : offset + limit]]


def count(*, status: str = "", search: str = "", since: datetime | None = None) -> int:
    """How many leads `table` could show."""
    return _matching(status, search, since).count()


def _matching(status: str, search: str, since: datetime | None) -> QuerySet[Lead]:
    rows = for_reading()
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(created_at__gte=since) if since else rows
    return rows.filter(_any_id(search)) if search else rows


def _any_id(search: str) -> Q:
    try:
        key = UUID(search)
    except ValueError:
        return Q(pk__in=[])
    return Q(pk=key) | Q(visitor_id=key) | Q(application_id=key) | Q(conversation_id=key)


def for_reading() -> QuerySet[Lead]:
    """Leads with their submissions, newest first, in a constant number of queries."""
    tries = Submission.objects.select_related("buyer").order_by("created_at")
    return Lead.objects.prefetch_related(Prefetch("submissions", queryset=tries)).order_by("-created_at", "-pk")


def row(lead: Lead) -> dict[str, Any]:
    """One lead as lists show it: no contact in clear, no figure of the bureau."""
    contact, vehicle = lead.package.get("contact", {}), lead.package.get("vehicle", {})
    tries = list(lead.submissions.all())
    last = tries[-1] if tries else None
    return {
        "id": lead.pk,
        "visitor_id": lead.visitor_id,
        "application_id": lead.application_id,
        "conversation_id": lead.conversation_id,
        "name": " ".join(filter(None, [mask_name(contact.get("first_name")), mask_name(contact.get("last_name"))])),
        "email": mask_email(contact.get("email")),
        "phone": mask_phone(contact.get("phone")),
        "vehicle": " ".join(str(vehicle[part]) for part in ("year", "make", "model") if vehicle.get(part)),
        "credit": Outcome.PREQUALIFIED.value,
        "status": lead.status,
        "reason": lead.hold_reason,
        "priority": lead.priority,
        "completeness": lead.completeness,
        "missing": lead.missing,
        "source": lead.source,
        "buyer": str(last.buyer) if last else "",
        "buyer_ref": last.buyer_ref if last else "",
        "attempts": last.attempts if last else 0,
        "created_at": lead.created_at,
        "accepted_at": last.accepted_at if last else None,
    }


def detail(*, lead_id: UUID) -> dict[str, Any] | None:
    """One lead with its words, its submissions and every attempt, oldest first; None for an unknown id."""
    lead = for_reading().prefetch_related(*_STORY).filter(pk=lead_id).first()
    if lead is None:
        return None
    application = lead.package.get("application", {})
    return {
        **row(lead),
        "summary": lead.summary,
        "summary_source": lead.summary_source,
        "highlights": lead.highlights,
        "step_reached": application.get("step_reached"),
        "loan_amount_cents": application.get("loan_amount_cents"),
        "consent": lead.package.get("consent", {}),
        "submissions": [_submission(one) for one in lead.submissions.all()],
    }


#: Every attempt and every word of the dealer, oldest first, in one query each.
_STORY = (
    Prefetch("submissions__log", queryset=SubmissionAttempt.objects.order_by("at", "pk")),
    Prefetch("submissions__dispositions", queryset=Disposition.objects.order_by("at")),
)


def _submission(one: Submission) -> dict[str, Any]:
    attempts = [
        {name: getattr(log, name) for name in ("at", "act", "number", "result", "http_status", "code", "ms")}
        for log in one.log.all()
    ]
    said = [{"at": word.at, "word": word.word} for word in one.dispositions.all()]
    return {
        "id": one.pk,
        "buyer": str(one.buyer),
        "format": one.buyer.format,
        "state": one.state,
        "result": one.result,
        "buyer_ref": one.buyer_ref,
        "reason": one.response_reason,
        "consent_id": one.consent_id,
        "due_at": one.due_at,
        "accepted_at": one.accepted_at,
        "attempts": attempts,
        "dispositions": said,
    }


def attempts_of(*, lead_ids: Collection[UUID], limit: int = 200) -> list[dict[str, Any]]:
    """The newest requests to buyers about some leads, newest first: {lead, buyer, act, result, code, at}."""
    rows = SubmissionAttempt.objects.filter(submission__lead__in=lead_ids).select_related("submission__buyer")
    return [
        {
            "lead": one.submission.lead_id,
            "buyer": str(one.submission.buyer),
            "act": one.act,
            "result": one.result,
            "code": one.code,
            "at": one.at,
        }
        for one in rows.order_by("-at", "-pk")[:limit]
    ]


def submission_ids(*, lead_id: UUID) -> list[UUID]:
    """The submissions of one lead."""
    return list(Submission.objects.filter(lead=lead_id).values_list("pk", flat=True))


def statuses() -> list[str]:
    """Every status that a lead may have, in the order of its life."""
    return list(LEAD_LIFE.states)


def figures(*, since: datetime) -> dict[str, int]:
    """How many leads were made since then, and where they stand: one figure for each status, and `total`."""
    rows = Lead.objects.filter(created_at__gte=since).values("status").annotate(n=Count("pk"))
    counts = {row["status"]: int(row["n"]) for row in rows}
    states = {status: counts.get(status, 0) for status in statuses()}
    return states | {"total": sum(counts.values())}


def acceptance(*, since: datetime) -> dict[str, Any]:
    """What buyers said since then: accepted, rejected, parked, and the accepted share of what was settled (or None)."""
    rows = Submission.objects.filter(created_at__gte=since)
    counts = rows.aggregate(
        accepted=Count("pk", filter=Q(result="accepted")),
        rejected=Count("pk", filter=Q(result="rejected")),
        parked=Count("pk", filter=Q(state=outbox.PARKED)),
        waiting=Count("pk", filter=Q(state__in=[outbox.PENDING, outbox.CLAIMED])),
    )
    settled = counts["accepted"] + counts["rejected"]
    return {**counts, "share": counts["accepted"] / settled if settled else None}


def latency_ms(*, since: datetime, limit: int = 1000) -> list[int]:
    """How long buyers took to answer, newest first, in milliseconds: for percentiles."""
    rows = Submission.objects.filter(done_at__gte=since, post_ms__isnull=False).order_by("-done_at")
    return [int(value) for value in rows.values_list("post_ms", flat=True)[:limit] if value is not None]


def buyers() -> list[dict[str, Any]]:
    """Every buyer, without its key."""
    shown = ("slug", "name", "format", "active", "certified_until", "states", "simulated")
    return [{name: getattr(buyer, name) for name in shown} for buyer in Buyer.objects.all()]


def buyer_names() -> dict[str, str]:
    """Every buyer's name by slug, also of those who get nothing any more."""
    return {buyer.slug: buyer.name for buyer in Buyer.objects.all()}


def recipients(visitor_ids: Sequence[UUID]) -> list[Recipient]:
    """The dealers to whom a lead of these visitors was sent, each with the moment when it left."""
    rows = Submission.objects.filter(lead__visitor__in=visitor_ids, sent_at__isnull=False).select_related("buyer")
    return [Recipient(disclosures.DEALER, row.buyer.name, row.sent_at) for row in rows if row.sent_at]


def buyer_secret(*, slug: str) -> str:
    """The shared key of a buyer; empty for one whom we do not know."""
    return Buyer.objects.filter(slug=slug).values_list("secret", flat=True).first() or ""


def mode() -> str:
    """ "simulated" while every active buyer is; "live" as soon as one is not."""
    return "live" if Buyer.objects.filter(active=True, simulated=False).exists() else "simulated"
