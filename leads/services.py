"""Making a lead from a prequalified check and letting it go only where the customer agreed.

Agents phrase; this module allows. A lead leaves only with an offer behind it, a way to reach the customer, a consent
whose scope covers the buyer, a buyer who is active and certified, and the switch on. Otherwise it waits, with a reason
that a person can read, and the sweep looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from carloans.core import audit, feed, outbox
from carloans.core.errors import NotFound
from cathy.guardrails.text.visible import one_line, visible
from cathy.services import record_verdict
from credit import selectors as credit
from credit.outcomes import Outcome
from leads import eligibility, facts, package, wording
from leads.eligibility import Chosen
from leads.holds import ERASED, Hold
from leads.models import LEAD_LIFE, Lead, Submission
from leads.signals import submission_due
from visitors import selectors as visitors
from visitors.selectors import ConsentInfo

#: How long a submission that the agent asked for waits for the agent's summary before it leaves without.
SUMMARY_GRACE = timedelta(seconds=10)
MOST_HIGHLIGHTS = 6
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
    if visitors.visitor_contact(visitor_id=check.visitor_id).erased:
        return None
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


def enrich(
    *, lead_id: UUID, summary: str, highlights: list[str], priority: str, now: datetime, run_id: UUID | None = None
) -> bool:
    """Put the agent's words into the lead, if they pass the checks and nothing has left yet. False keeps the rule's.

    What is refused leaves a verdict with the run that wrote it.
    """
    summary, highlights = visible(summary).strip(), [one_line(line) for line in highlights[:MOST_HIGHLIGHTS]]
    if refused := wording.faults(summary):
        _note_refused(refused, "replaced", run_id, now)
        return False
    lines, refused = wording.fitting(summary, highlights)
    _note_refused(refused, "dropped", run_id, now)
    with transaction.atomic():
        lead = Lead.objects.select_for_update().filter(pk=lead_id).first()
        if lead is None or lead.submissions.filter(sent_at__isnull=False).exists():
            return False
        lead.summary, lead.highlights, lead.summary_source = summary, lines, "agent"
        lead.priority = priority if priority in Lead.Priority.values else lead.priority
        lead.package = {**lead.package, "summary": lead.summary, "highlights": lines}
        lead.save(update_fields=["summary", "highlights", "summary_source", "priority", "package"])
        audit.record(action="lead.summarised", actor="agent:LeadPackaging", subject=f"lead:{lead_id}", now=now)
    return True


def _note_refused(rules: list[str], action: str, run_id: UUID | None, now: datetime) -> None:
    for rule in dict.fromkeys(rules):
        record_verdict(stage="copy", rule=rule, action=action, now=now, run_id=run_id)


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
        stop_for_good(visitor_ids=[visitor_id], now=now)
        leads = Lead.objects.filter(visitor_id=visitor_id)
        return leads.update(package={}, summary="", highlights=[], missing=[])


def stop_for_good(*, visitor_ids: Sequence[UUID], now: datetime) -> int:
    """Nothing of these visitors that has not left will leave; their open leads are withheld. Returns how many leads.

    A submission whose post has begun is left to its worker, which records what the buyer said.
    """
    unfinished = ("packaged", "waiting_consent", "submitting", "failed", "withheld")
    with transaction.atomic():
        leads = Lead.objects.select_for_update().filter(visitor__in=visitor_ids)
        ids = list(leads.order_by("pk").values_list("pk", flat=True))
        rows = Submission.objects.filter(lead__in=ids, state__in=[outbox.PENDING, outbox.CLAIMED, outbox.PARKED])
        rows.exclude(state=outbox.CLAIMED, sent_at__isnull=False).update(
            state=outbox.CANCELLED, claimed_until=None, done_at=now, last_error_code=ERASED.code
        )
        begun = Submission.objects.filter(lead__in=ids, state=outbox.CLAIMED).values("lead")
        idle = Lead.objects.filter(pk__in=ids, status__in=unfinished).exclude(hold_code=ERASED.code)
        idle.exclude(pk__in=begun).update(
            status=ERASED.status, hold_code=ERASED.code, hold_reason=ERASED.reason, reviewed_at=now
        )
        for one in ids:
            audit.record(action="lead.erased", actor="system", subject=f"lead:{one}", now=now)
    return len(ids)


def stop_unsent(*, visitor_id: UUID, now: datetime) -> int:
    """Cancel the queued submissions of a person that may not go any more. Returns how many.

    One that a worker holds at this moment is stopped by that worker's own last look.
    """
    people = visitors.person_ids(visitor_id=visitor_id)
    rows = Submission.objects.select_related("lead", "buyer").filter(lead__visitor__in=people, state=outbox.PENDING)
    stopped = 0
    for row in rows:
        reason = eligibility.may_still_have(row, now=now)
        with transaction.atomic():
            if reason and outbox.cancel(row, now=now, reason=reason.code):
                hold(row.lead, reason, now=now)
                stopped += 1
    return stopped


def publish(lead: Lead, *, kind: str, summary: str, now: datetime, severity: str = "info", **data: Any) -> None:
    """One line of the feed about a lead, without personal data."""
    feed.publish(
        kind=kind, room="leads", summary=summary, now=now, severity=severity, lead=lead.pk, visitor=lead.visitor_id,
        application=lead.application_id, conversation=lead.conversation_id, data=data,
    )  # fmt: skip
