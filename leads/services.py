"""Making a lead from a prequalified check and letting it go only where the customer agreed.

Agents phrase; this module allows. A lead leaves only with an offer behind it, a way to reach the customer, a consent
whose scope covers the buyer, a buyer who is active and certified, and the switch on. Otherwise it waits, with a reason
that a person can read, and the sweep looks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from carloans.core import audit, feed, outbox
from carloans.core.errors import NotFound
from credit import selectors as credit
from credit.outcomes import Outcome
from leads import eligibility, facts, package, wording
from leads.eligibility import Chosen
from leads.holds import Hold
from leads.models import LEAD_LIFE, Lead, Submission
from leads.signals import submission_due
from visitors.selectors import ConsentInfo

#: How long a submission that the agent asked for waits for the agent's summary before it leaves without.
SUMMARY_GRACE = timedelta(seconds=10)
_OPEN = ("packaged", "waiting_consent", "withheld")


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of the wish to submit: the lead's status and, when it may not go, why."""

    status: str
    reason: str
    submission_id: UUID | None = None

    @property
    def allowed(self) -> bool:
        """Whether the lead is on its way or has arrived."""
        return self.status in {"submitting", "accepted"}


@dataclass(frozen=True, slots=True)
class Packaged:
    """A lead that waits for its words: references, and the facts that the packager may see."""

    lead_id: UUID
    visitor_id: UUID
    conversation_id: UUID | None
    application_id: UUID | None
    facts: dict[str, Any]


def packaged(*, lead_id: UUID) -> Packaged | None:
    """The lead as the packager sees it; None when it has its words already, or is beyond them."""
    lead = Lead.objects.filter(pk=lead_id, status="packaged", summary_source="rule").first()
    if lead is None:
        return None
    return Packaged(lead.pk, lead.visitor_id, lead.conversation_id, lead.application_id, facts.for_agent(lead))


def package_lead(*, check_id: UUID, now: datetime) -> Lead | None:
    """The lead that belongs to a check, made now if there is none; None unless the check prequalified.

    One pull and one application make one lead, however often and from wherever this is called.
    """
    check = credit.outcome_for(check_id)
    if check is None or check.outcome != Outcome.PREQUALIFIED:
        return None
    if existing := _existing(check):
        return existing
    try:
        with transaction.atomic():
            return _create(check, now=now)
    except IntegrityError:
        return _existing(check)


def _existing(check: credit.CheckOutcome) -> Lead | None:
    lead = Lead.objects.filter(credit_check_id=check.root_id).first()
    if lead is None and check.application_id:
        lead = Lead.objects.filter(application_id=check.application_id).first()
    return lead


def _create(check: credit.CheckOutcome, *, now: datetime) -> Lead:
    known = facts.gather(visitor_id=check.visitor_id, application_id=check.application_id)
    lead = Lead(
        id=uuid4(),
        visitor_id=check.visitor_id,
        application_id=check.application_id,
        credit_check_id=check.root_id,
        conversation_id=check.conversation_id,
        source=known.source,
        summary=package.rule_summary(vehicle=known.vehicle, step=known.step, source=known.source),
        created_at=now,
        reviewed_at=now,
    )
    _fill(lead, known, consent=None)
    lead.priority = _rule_priority(lead.missing)
    lead.save(force_insert=True)
    audit.record(
        action="lead.packaged", actor="system", subject=f"lead:{lead.pk}", now=now,
        facts={"check": str(check.root_id), "completeness": lead.completeness, "missing": lead.missing},
    )  # fmt: skip
    publish(lead, kind="lead.packaged", summary=f"A lead was packaged, {lead.completeness} % complete.", now=now)
    return lead


def _fill(lead: Lead, known: facts.Known, *, consent: ConsentInfo | None) -> None:
    """Build the package from today's facts."""
    proof = package.Proof(consent.id, consent.text_version, consent.text_sha256, consent.given_at) if consent else None
    lead.package = package.build(
        lead_id=lead.pk, created_at=lead.created_at, source=lead.source, company=known.company, contact=known.contact,
        vehicle=known.vehicle, application=known.application, summary=lead.summary, highlights=lead.highlights,
        proof=proof,
    )  # fmt: skip
    lead.missing = package.missing(lead.package)
    lead.completeness = package.completeness(lead.missing)


def _rule_priority(absent: list[str]) -> str:
    """Reachable by telephone with a car in mind comes first; never anything about the customer's credit."""
    if "phone" in absent:
        return Lead.Priority.LOW
    return Lead.Priority.NORMAL if "vehicle" in absent else Lead.Priority.HIGH


def enrich(*, lead_id: UUID, summary: str, highlights: list[str], priority: str, now: datetime) -> bool:
    """Put the agent's words into the lead, if they pass the checks and nothing has left yet. False keeps the rule's."""
    lines = [line for line in highlights[:6] if wording.is_fit(line)]
    if not wording.is_fit(summary):
        return False
    with transaction.atomic():
        lead = Lead.objects.select_for_update().filter(pk=lead_id).first()
        if lead is None or lead.submissions.filter(sent_at__isnull=False).exists():
            return False
        lead.summary, lead.highlights, lead.summary_source = summary.strip(), lines, "agent"
        lead.priority = priority if priority in Lead.Priority.values else lead.priority
        lead.package = {**lead.package, "summary": lead.summary, "highlights": lines}
        lead.save(update_fields=["summary", "highlights", "summary_source", "priority", "package"])
        audit.record(action="lead.summarised", actor="agent:LeadPackaging", subject=f"lead:{lead_id}", now=now)
    return True


def request_submission(*, lead_id: UUID, now: datetime, wait: timedelta = timedelta()) -> Decision:
    """Queue the lead for the first buyer who may have it, or hold it with a reason. Repeating changes nothing.

    With `wait` the submission leaves that much later, unless `release` comes first. Raises NotFound.
    """
    with transaction.atomic():
        lead = _locked(lead_id)
        if lead.status not in _OPEN:
            return Decision(lead.status, lead.hold_reason)
        found = eligibility.choose_buyer(lead, now=now)
        if isinstance(found, Hold):
            return hold(lead, found, now=now)
        submission = queue(lead, found, now=now, due_at=now + wait)
        return Decision("submitting", "", submission.pk)


def _locked(lead_id: UUID) -> Lead:
    lead = Lead.objects.select_for_update().filter(pk=lead_id).first()
    if lead is None:
        raise NotFound
    return lead


def hold(lead: Lead, reason: Hold, *, now: datetime) -> Decision:
    """Let a lead wait, or withhold it. Says so once: a review that finds the same reason only notes its time."""
    if lead.status == reason.status and lead.hold_code == reason.code:
        Lead.objects.filter(pk=lead.pk).update(reviewed_at=now)
        return Decision(lead.status, lead.hold_reason)
    changes = {"hold_code": reason.code, "hold_reason": reason.reason, "reviewed_at": now}
    if lead.status == reason.status:
        Lead.objects.filter(pk=lead.pk).update(**changes)
    elif not LEAD_LIFE.move(lead, reason.status, **changes):
        lead.refresh_from_db()
        return Decision(lead.status, lead.hold_reason)
    audit.record(
        action="lead.held", actor="system", subject=f"lead:{lead.pk}", now=now,
        facts={"status": reason.status, "code": reason.code},
    )  # fmt: skip
    publish(lead, kind=f"lead.{reason.status}", summary=reason.reason, now=now, severity="warn")
    return Decision(reason.status, reason.reason)


def queue(lead: Lead, chosen: Chosen, *, now: datetime, due_at: datetime) -> Submission:
    """Write the outbox row for one buyer, with the package as it stands now and the consent that covers him."""
    _fill(lead, facts.gather(visitor_id=lead.visitor_id, application_id=lead.application_id), consent=chosen.consent)
    fields = ("package", "missing", "completeness")
    Lead.objects.filter(pk=lead.pk).update(**{name: getattr(lead, name) for name in fields})
    if lead.status != "submitting":
        LEAD_LIFE.move(lead, "submitting", hold_code="", hold_reason="", reviewed_at=now)
    submission, fresh = Submission.objects.get_or_create(
        lead=lead,
        buyer=chosen.buyer,
        defaults={
            "consent_id": chosen.consent.id,
            "idempotency_key": f"lead-{lead.pk}-{chosen.buyer.pk}",
            "due_at": due_at,
            "created_at": now,
        },
    )
    if not fresh:
        _again(submission, consent=chosen.consent, due_at=due_at)
    audit.record(
        action="lead.queued", actor="system", subject=f"lead:{lead.pk}", now=now,
        facts={"buyer": chosen.buyer.slug, "consent": str(chosen.consent.id), "submission": str(submission.pk)},
    )  # fmt: skip
    if due_at <= now:
        announce_due(submission, now=now)
    return submission


def _again(submission: Submission, *, consent: ConsentInfo, due_at: datetime) -> None:
    """A submission that was cancelled (consent or switch went away) or parked is taken up again."""
    rows = Submission.objects.filter(pk=submission.pk, state__in=[outbox.CANCELLED, outbox.PARKED])
    rows.update(
        state=outbox.PENDING, attempts=0, due_at=due_at, consent_id=consent.id, last_error_code="", done_at=None
    )


def announce_due(submission: Submission, *, now: datetime) -> None:
    """Nudge the worker once this transaction is committed."""
    facts_of = {"submission_id": submission.pk, "lead_id": submission.lead_id, "now": now}
    transaction.on_commit(lambda: submission_due.send(sender=Submission, **facts_of), robust=True)


def release(*, lead_id: UUID, now: datetime) -> int:
    """The summary is as good as it gets: let waiting submissions of the lead leave now. Returns how many."""
    with transaction.atomic():
        waiting = list(Submission.objects.filter(lead_id=lead_id, state=outbox.PENDING, attempts=0, due_at__gt=now))
        for submission in waiting:
            Submission.objects.filter(pk=submission.pk, state=outbox.PENDING).update(due_at=now)
            announce_due(submission, now=now)
    return len(waiting)


def retry_failed(*, lead_id: UUID, staff_id: int, now: datetime) -> Decision:
    """Staff wants a parked submission tried again: the buyer is asked first. Raises NotFound for a lead not failed."""
    with transaction.atomic():
        lead = _locked(lead_id)
        if lead.status != "failed":
            raise NotFound
        audit.record(action="lead.retried", actor=f"staff:{staff_id}", subject=f"lead:{lead.pk}", now=now)
        found = eligibility.choose_buyer(lead, now=now)
        if isinstance(found, Hold):
            return hold(lead, found, now=now)
        submission = queue(lead, found, now=now, due_at=now)
        return Decision("submitting", "", submission.pk)


def forget_visitor(*, visitor_id: UUID, now: datetime) -> int:
    """Erase the contact data of a visitor's leads and stop what has not left. Returns how many leads."""
    with transaction.atomic():
        leads = list(Lead.objects.select_for_update().filter(visitor_id=visitor_id))
        for lead in leads:
            Submission.objects.filter(lead=lead, state=outbox.PENDING).update(state=outbox.CANCELLED, done_at=now)
            Lead.objects.filter(pk=lead.pk).update(package={})
            audit.record(action="lead.erased", actor="system", subject=f"lead:{lead.pk}", now=now)
    return len(leads)


def publish(lead: Lead, *, kind: str, summary: str, now: datetime, severity: str = "info", **data: Any) -> None:
    """One line of the feed about a lead, without personal data."""
    feed.publish(
        kind=kind, room="leads", summary=summary, now=now, severity=severity, lead=lead.pk, visitor=lead.visitor_id,
        application=lead.application_id, conversation=lead.conversation_id, data=data,
    )  # fmt: skip
