"""Handing one queued lead to one buyer, exactly once.

Claim, look once more whether it may go, act outside any transaction, then record. After any doubt the buyer is asked
what became of the lead before it is posted again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from carloans.core import audit, outbox, switches
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError, ExternalApiError, NotAllowed, NotFound
from credit import notices
from leads import adf, delivery, eligibility, holds, services
from leads.delivery import Receipt, Target
from leads.holds import Hold
from leads.models import LEAD_LIFE, Buyer, Disposition, Lead, Submission, SubmissionAttempt
from leads.package import as_json
from visitors import selectors as visitors

MAX_ATTEMPTS = 8
LEASE_SECONDS = 45
_UNSETTLED = (outbox.PENDING, outbox.CLAIMED, outbox.PARKED)


class ClaimLost(NotAllowed):
    code = "claim_lost"
    message = "This lead was stopped or taken over by somebody else."


def deliver(*, submission_id: UUID, now: datetime) -> str:
    """Do a due submission. Returns the lead's status afterwards; "" when somebody else has the row or it is not due.

    Never raises for what a buyer or the network does: that is recorded, retried and at last parked.
    """
    row = Submission.objects.select_related("lead", "buyer").filter(pk=submission_id).first()
    if row is None or not outbox.claim_one(row, now=now, lease_seconds=LEASE_SECONDS):
        return ""
    if reason := eligibility.may_still_have(row, now=now):
        return _stop(row, reason, now=now)
    started = perf_counter()
    try:
        receipt = _ask_or_post(row, now=now)
    except ClaimLost:
        return ""
    except switches.SwitchedOff:
        return _stop(row, holds.SWITCHED_OFF, now=now)
    except Exception as error:
        return _later(row, outbox.worth_a_retry(error), now=now)
    return record_receipt(row, receipt, now=now, post_ms=_ms_since(started))


def _stop(row: Submission, reason: Hold, *, now: datetime) -> str:
    """What allowed the submission is gone: nothing leaves, the lead waits."""
    with transaction.atomic():
        if not outbox.cancel(row, now=now, reason=reason.code):
            return ""
        return services.hold(row.lead, reason, now=now).status


def _ask_or_post(row: Submission, *, now: datetime) -> Receipt:
    """The switch is asked last, after all that takes time; to ask what became of a post is no post."""
    target = _target(row.buyer)
    if row.sent_at is not None:
        found = _logged(row, "ask", now, lambda: delivery.ask(target, lead_id=str(row.lead_id), now=now))
        if found is not None:
            return found
    body, content_type = _body(row)
    state = visitors.visitor_contact(visitor_id=row.lead.visitor_id).state
    switches.require("post", state=state or None, buyer=row.buyer.slug)
    _begin(row, now)
    receipt = _logged(
        row, "post", now,
        lambda: delivery.post(target, body=body, content_type=content_type, key=row.idempotency_key, now=now),
    )  # fmt: skip
    if receipt is None:
        raise delivery.UnclearAnswerError
    return receipt


def _begin(row: Submission, now: datetime) -> None:
    """Mark that the post begins. Raises ClaimLost when the row was cancelled or taken over meanwhile."""
    ours = Submission.objects.filter(pk=row.pk, state=outbox.CLAIMED, attempts=row.attempts)
    if not ours.update(sent_at=row.sent_at or now):
        raise ClaimLost


def _target(buyer: Buyer) -> Target:
    return Target(buyer.slug, buyer.endpoint_url, buyer.secret, buyer.simulated)


def _body(row: Submission) -> tuple[bytes, str]:
    lead, buyer = row.lead, row.buyer
    if buyer.format == Buyer.Format.JSON:
        return as_json(lead.package), "application/json"
    message = adf.write(
        lead.package,
        vendor=adf.Vendor(buyer.slug, buyer.name),
        provider=adf.Provider(settings.COMPANY_NAME, settings.PUBLIC_URL),
        requested_at=row.created_at.astimezone(UTC),
        resend=row.attempts > 1,
    )
    return message, "application/xml"


def _logged(row: Submission, act: str, now: datetime, call: Callable[[], Receipt | None]) -> Receipt | None:
    """Do one request and keep what came of it, whatever it was."""
    started, result, status, code = perf_counter(), "error", None, ""
    try:
        receipt = call()
        result = receipt.result if receipt else "unknown"
        status, code = (receipt.http_status, receipt.reason) if receipt else (404, "")
        return receipt
    except CarLoansError as error:
        code = error.code
        raise
    finally:
        _keep_attempt(
            submission=row, number=row.attempts, act=act, result=result, http_status=status, code=code[:80],
            ms=_ms_since(started), at=now,
        )  # fmt: skip


def _keep_attempt(**what: Any) -> None:
    """The attempt and the entry that vouches for it."""
    with transaction.atomic():
        attempt = SubmissionAttempt.objects.create(**what)
        audit.record(
            action="submission.attempted", actor="system", subject=attempt.trail_subject(), now=attempt.at, row=attempt
        )


def _ms_since(started: float) -> int:
    return round((perf_counter() - started) * 1000)


def record_receipt(row: Submission, receipt: Receipt, *, now: datetime, post_ms: int | None = None) -> str:
    """Settle a submission and its lead in one transaction. Returns the lead's status; "" when the lease was lost."""
    accepted = receipt.result == delivery.ACCEPTED
    with transaction.atomic():
        closed = outbox.finish(
            row, now=now, result=receipt.result, response_code=receipt.http_status, response_reason=receipt.reason,
            buyer_ref=receipt.reference, accepted_at=now if accepted else None, post_ms=post_ms,
        )  # fmt: skip
        if not closed:
            return ""
        lead = Lead.objects.select_for_update().get(pk=row.lead_id)
        _tell_receipt(lead, row, receipt, now=now)
        return _accept(lead) if accepted else _next_or_reject(lead, receipt, now=now)


def _tell_receipt(lead: Lead, row: Submission, receipt: Receipt, *, now: datetime) -> None:
    accepted = receipt.result == delivery.ACCEPTED
    facts = {"buyer": row.buyer.slug, "code": receipt.http_status, "reason": receipt.reason, "attempts": row.attempts}
    audit.record(
        action=f"lead.{receipt.result}", actor="system", subject=f"lead:{lead.pk}", now=now,
        facts={**facts, "submission": str(row.pk), "consent": str(row.consent_id)},
    )  # fmt: skip
    services.publish(
        lead, kind="lead.submitted", summary=f"A lead was handed to {row.buyer}.", now=now, buyer=row.buyer.slug
    )
    words = (
        f"{row.buyer} accepted a lead."
        if accepted
        else f"{row.buyer} refused a lead ({receipt.reason or 'no reason'})."
    )
    services.publish(
        lead, kind=f"lead.{receipt.result}", summary=words, now=now, severity="info" if accepted else "warn", **facts
    )


def _accept(lead: Lead) -> str:
    if lead.status != "accepted":
        LEAD_LIFE.move(lead, "accepted", hold_code="", hold_reason="")
    return "accepted"


def _next_or_reject(lead: Lead, receipt: Receipt, *, now: datetime) -> str:
    """One buyer at a time: the next whom the consent names, or the end."""
    found = eligibility.choose_buyer(lead, now=now)
    if not isinstance(found, Hold):
        services.queue(lead, found, now=now, due_at=now)
        return "submitting"
    reason = f"The buyer said no ({receipt.reason or 'without a reason'})."
    LEAD_LIFE.move(lead, "rejected", hold_code="refused", hold_reason=reason)
    return "rejected"


def _later(row: Submission, error: CarLoansError, *, now: datetime) -> str:
    note_error(exc=error, where="leads.submit", now=now)
    with transaction.atomic():
        outbox.retry_or_park(row, now=now, error=error, max_attempts=MAX_ATTEMPTS)
        if row.state == outbox.PARKED:
            return _park_lead(row, error, now=now)
        wish = int(error.extra.get("retry_after") or 0) if isinstance(error, ExternalApiError) else 0
        if wish and row.state == outbox.PENDING:
            Submission.objects.filter(pk=row.pk, state=outbox.PENDING).update(due_at=now + timedelta(seconds=wish))
    return "submitting"


def _park_lead(row: Submission, error: CarLoansError, *, now: datetime) -> str:
    lead = row.lead
    reason = f"{row.buyer} could not be reached after {row.attempts} tries ({error.code})."
    LEAD_LIFE.move(lead, "failed", hold_code="parked", hold_reason=reason[:200])
    audit.record(
        action="lead.parked", actor="system", subject=f"lead:{lead.pk}", now=now,
        facts={"buyer": row.buyer.slug, "code": error.code, "attempts": row.attempts},
    )  # fmt: skip
    services.publish(lead, kind="lead.parked", summary=reason, now=now, severity="error", buyer=row.buyer.slug)
    return "failed"


def accept_disposition(*, buyer_slug: str, event_id: str, lead_id: UUID, word: str, now: datetime) -> bool:
    """A buyer's signed word about a lead. False for a replay. Raises NotFound for a lead that he never got."""
    row = Submission.objects.select_related("lead", "buyer").filter(buyer__slug=buyer_slug, lead_id=lead_id).first()
    if row is None or row.sent_at is None:
        raise NotFound
    with transaction.atomic():
        said, fresh = Disposition.objects.get_or_create(
            buyer=row.buyer, event_id=event_id, defaults={"submission": row, "word": word, "at": now}
        )
        if not fresh:
            return False
        actor = f"buyer:{buyer_slug}"
        audit.record(action="submission.disposition", actor=actor, subject=said.trail_subject(), now=now, row=said)
        Submission.objects.filter(pk=row.pk).update(disposition=word)
        _apply(row, word, now=now)
    return True


def _apply(row: Submission, word: str, *, now: datetime) -> None:
    services.publish(
        row.lead,
        kind="lead.disposition",
        summary=f"{row.buyer} reports: {word}.",
        now=now,
        buyer=row.buyer.slug,
        word=word,
    )
    audit.record(
        action="lead.disposition", actor=f"buyer:{row.buyer.slug}", subject=f"lead:{row.lead_id}", now=now,
        facts={"word": word},
    )  # fmt: skip
    if word == "sold" and row.lead.application_id:
        notices.accept_offer(application_id=row.lead.application_id, now=now)
    if row.state in _UNSETTLED:
        # The answer to our request got lost, and here it is.
        result = delivery.REJECTED if word == "rejected" else delivery.ACCEPTED
        record_receipt(row, Receipt(result, 200, reference=row.buyer_ref, reason=""), now=now)
    elif word in {"rejected", "accepted"} and row.result != word:
        _change_mind(row, word, now=now)


def _change_mind(row: Submission, word: str, *, now: datetime) -> None:
    accepted = word == delivery.ACCEPTED
    Submission.objects.filter(pk=row.pk).update(result=word, accepted_at=now if accepted else None)
    lead = Lead.objects.select_for_update().get(pk=row.lead_id)
    if lead.status in {"accepted", "rejected"} and lead.status != word:
        reason = "" if accepted else "The buyer took back his acceptance."
        LEAD_LIFE.move(lead, word, hold_code="" if accepted else "refused", hold_reason=reason)
