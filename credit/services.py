"""Asking for a soft check, doing it exactly once, and recording what came of it.

A check exists only under a written instruction whose text is the one we show. The pull happens outside any
transaction and is preceded by a mark (`sent_at`): whoever finds the mark asks the provider before acting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from carloans.core import audit, feed, outbox, switches
from carloans.core.errorlog import note_error
from carloans.core.errors import BadInput, CarLoansError, Conflict, ExternalApiError, NotAllowed, NotFound
from credit import flexpath, notices, selectors
from credit.models import CreditCheck, CreditConsent, ProviderEvent
from credit.outcomes import PURPOSE, Outcome, Phrase, Status, allowed_phrases, outcome_of
from credit.signals import credit_decided, credit_requested
from visitors import consent_texts
from visitors import selectors as visitors
from visitors import services as visitor_services

CONSENT_LASTS = timedelta(days=30)
#: About half a minute of retries: the customer is waiting, and a press later can revive the check.
MAX_ATTEMPTS = 5
LEASE_SECONDS = 45
#: How long a check that the switch holds waits before the switch is asked again.
HOLD = timedelta(seconds=30)


class ConsentTextChanged(Conflict):
    code = "consent_text_changed"
    message = "The text has changed since it was shown. Please read it again and press the button once more."


class ConsentMissing(NotAllowed):
    code = "consent_missing"
    message = "A credit check needs the customer's own written instruction, and that has not been given or has expired."


class PhoneMissing(BadInput):
    code = "phone_missing"
    message = "We need your phone number before we can run the soft check."


def give_consent_and_request(
    *,
    visitor_id: UUID,
    application_id: UUID | None,
    conversation_id: UUID | None,
    locale: str,
    shown_version: str,
    shown_sha256: str,
    shown_at: datetime,
    ip: str,
    user_agent: str,
    now: datetime,
    element_id: str = "credit-consent-agree",
    page: str = "/chat",
    shown_in: str = "",
) -> CreditCheck:
    """The customer pressed "I agree" under the text that was shown: keep the proof and ask for a check.

    Answers with the check that is under way if there is one, from a check finished less than five minutes ago, with
    an interrupted one revived, or with a new one. Raises ConsentTextChanged (or `visitors`' TextChanged) when the
    shown text is not the current one, PhoneMissing, and NotAllowed when pulls are switched off.
    """
    contact = visitors.visitor_contact(visitor_id=visitor_id)
    if not contact.phone:
        raise PhoneMissing
    switches.require("pull", state=contact.state or None)
    if under_way := _open_check(visitor_id):
        return under_way
    press = Press(
        refs={"visitor_id": visitor_id, "application_id": application_id, "conversation_id": conversation_id},
        proof={"act": "pressed_i_agree", "element_id": element_id, "page": page, "shown_at": shown_at},
        traces={"ip": ip, "user_agent": user_agent[:300]},
        locale=locale,
        shown=(shown_version, shown_sha256),
        shown_in=shown_in,
    )
    try:
        with transaction.atomic():
            return _check_under(_record_consent(press, now=now), now=now)
    except IntegrityError:
        # Another press was faster by a moment: `credit_one_open_check` let one of them through.
        if under_way := _open_check(visitor_id):
            return under_way
        raise


@dataclass(frozen=True, slots=True)
class Press:
    """One press on "I agree": who, under which text, how it was done and where from."""

    refs: dict[str, Any]
    proof: dict[str, Any]
    traces: dict[str, Any]
    locale: str
    shown: tuple[str, str]
    shown_in: str


def _open_check(visitor_id: UUID) -> CreditCheck | None:
    return CreditCheck.objects.filter(visitor_id=visitor_id, state__in=[outbox.PENDING, outbox.CLAIMED]).first()


def _record_consent(press: Press, *, now: datetime) -> CreditConsent:
    """The entry in the visitor's ledger, which checks the hash of what was shown, and the instruction for this pull."""
    expires_at = now + CONSENT_LASTS
    entry = visitor_services.record_consent(
        kind=consent_texts.SOFT_PULL,
        locale=press.locale,
        shown_sha256=press.shown[1],
        expires_at=expires_at,
        shown_in=press.shown_in,
        now=now,
        **press.refs,
        **press.proof,
        **press.traces,
    )
    if entry.text_version != press.shown[0]:
        raise ConsentTextChanged
    consent = CreditConsent.objects.create(
        text_version=entry.text_version,
        text_sha256=entry.text_sha256,
        locale=entry.locale,
        given_at=now,
        expires_at=expires_at,
        **press.refs,
        **press.proof,
        **press.traces,
    )
    audit.record(
        action="credit.consent_given",
        actor=f"visitor:{consent.visitor_id}",
        subject=f"credit_consent:{consent.pk}",
        now=now,
        facts={
            "text_version": consent.text_version,
            "text_sha256": consent.text_sha256,
            "purpose": PURPOSE,
            "consent": str(entry.pk),
        },
        row=consent,
    )
    return consent


def _check_under(consent: CreditConsent, *, now: datetime) -> CreditCheck:
    finished = selectors.finished_check(visitor_id=consent.visitor_id, now=now)
    if finished:
        return _serve_from(finished, consent, now=now)
    check = _revive(consent, now=now) or _new_check(consent, now=now)
    audit.record(
        action="credit.requested",
        actor=f"visitor:{check.visitor_id}",
        subject=f"credit_check:{check.pk}",
        now=now,
        facts={"consent": str(consent.pk)},
    )
    feed.publish(
        kind="credit.requested",
        room="credit",
        summary="A customer asked for a soft credit check.",
        now=now,
        **_feed_refs(check),
    )
    transaction.on_commit(lambda: credit_requested.send(sender=CreditCheck, **_signal_refs(check, now)), robust=True)
    return check


def _new_check(consent: CreditConsent, *, now: datetime, **fields: object) -> CreditCheck:
    check_id = uuid4()
    return CreditCheck.objects.create(
        id=check_id,
        idempotency_key=f"credit-{check_id}",
        due_at=now,
        created_at=now,
        consent=consent,
        visitor_id=consent.visitor_id,
        application_id=consent.application_id,
        conversation_id=consent.conversation_id,
        **fields,
    )


def _revive(consent: CreditConsent, *, now: datetime) -> CreditCheck | None:
    """A parked check whose pull may have happened is taken up again: a new key could pull a second time."""
    parked = CreditCheck.objects.filter(
        visitor_id=consent.visitor_id,
        state=outbox.PARKED,
        sent_at__isnull=False,
        last_error_category__in=selectors.UNKNOWN_FATE,
        consent__expires_at__gt=now,
    )
    check = parked.order_by("-created_at").first()
    if check is None:
        return None
    again = {"state": outbox.PENDING, "attempts": 0, "due_at": now, "outcome": "", "phrase": "", "decided_at": None}
    here = {"conversation_id": consent.conversation_id, "status": Status.CREATED}
    if not parked.filter(pk=check.pk).update(**again, **here):
        return None
    check.refresh_from_db()
    return check


def _serve_from(finished: CreditCheck, consent: CreditConsent, *, now: datetime) -> CreditCheck:
    """The same answer again, without a pull: a copy that names its source and holds no bureau data."""
    check = _new_check(
        consent,
        now=now,
        state=outbox.DONE,
        done_at=now,
        decided_at=now,
        served_from=finished.pk,
        status=finished.status,
        outcome=finished.outcome,
        phrase=finished.phrase,
    )
    _tell(check, now=now)
    return check


def start_pull(*, check_id: UUID, now: datetime) -> selectors.CheckOutcome:
    """Do the check if it is due, and answer with where it stands; a decided one is answered without a pull.

    Raises ConsentMissing, NotFound for an unknown id, Conflict when another worker has it, and the provider's error
    when it must be tried again later.
    """
    check = CreditCheck.objects.select_related("consent").filter(pk=check_id).first()
    if check is None:
        raise NotFound
    if not check.outcome:
        if not outbox.claim_one(check, now=now, lease_seconds=LEASE_SECONDS):
            raise Conflict(code="check_under_way", message="This check is already under way.")
        perform_pull(check, now=now)
    found = selectors.outcome_for(check_id)
    if found is None:
        raise NotFound
    return found


def perform_pull(check: CreditCheck, *, now: datetime) -> None:
    """Pull once for a claimed check, outside any transaction, and record the result.

    Raises ConsentMissing after closing the check, SwitchedOff after putting it off until the switch is on again, and
    the provider's error after scheduling a retry (or, when retries are used up, after telling that the service is not
    available: never a decline).
    """
    started = perf_counter()
    try:
        _allow(check, now=now)
        answer = _ask_or_pull(check, now=now)
    except ConsentMissing as refusal:
        _close_unavailable(check, status=Status.EXPIRED, reason=refusal.code, now=now)
        raise
    except switches.SwitchedOff as off:
        outbox.postpone(check, until=now + HOLD, reason=off.code)
        raise
    except Exception as error:
        known = outbox.worth_a_retry(error)
        _later(check, error=known, now=now)
        # Without what nobody foresaw: its text may hold anything.
        raise known from None
    record_result(check, answer, now=now, pull_ms=round((perf_counter() - started) * 1000))


def _allow(check: CreditCheck, *, now: datetime) -> None:
    """Permission and purpose as they stand at this moment."""
    standing = visitors.active_consent(visitor_id=check.visitor_id, kind=consent_texts.SOFT_PULL, now=now)
    if check.consent.expires_at <= now or check.consent.purpose != PURPOSE or standing is None:
        raise ConsentMissing


def _ask_or_pull(check: CreditCheck, *, now: datetime) -> flexpath.Answer:
    """After the first try the provider is asked what became of it, and called only if it knows nothing.

    The switch is asked last, after all that takes time. To ask what became of a pull is no pull.
    """
    if check.sent_at is not None:
        found = flexpath.find(check.idempotency_key)
        if found is not None:
            return found
    contact, consent = visitors.visitor_contact(visitor_id=check.visitor_id), check.consent
    switches.require("pull", state=contact.state or None)
    ours = CreditCheck.objects.filter(pk=check.pk, state=outbox.CLAIMED, attempts=check.attempts)
    if not ours.update(sent_at=check.sent_at or now):
        # Cancelled meanwhile, because the customer asked to be forgotten: nothing leaves.
        raise ConsentMissing
    return flexpath.request_pull(
        key=check.idempotency_key,
        consumer=flexpath.Consumer(
            first_name=contact.first_name, last_name=contact.last_name, phone=contact.phone, email=contact.email
        ),
        instruction=flexpath.Instruction(
            id=str(consent.pk),
            text_sha256=consent.text_sha256,
            given_at=consent.given_at,
            ip=consent.ip,
            user_agent=consent.user_agent,
        ),
    )


def record_result(check: CreditCheck, answer: flexpath.Answer, *, now: datetime, pull_ms: int | None = None) -> bool:
    """Result, audit, notice duty and feed in one transaction; `credit_decided` on commit. False: somebody else did."""
    outcome = outcome_of(answer.status, offers=answer.offers)
    with transaction.atomic():
        closed = outbox.finish(
            check,
            now=now,
            status=answer.status,
            outcome=outcome,
            phrase=allowed_phrases(answer.status, outcome)[0],
            decided_at=now,
            pulled_at=answer.pulled_at,
            provider_ref=answer.reference,
            score=answer.score,
            tier=answer.tier,
            bureau=answer.bureau,
            pull_ms=pull_ms,
        )
        if not closed:
            return False
        if outcome == Outcome.NEEDS_PERSON:
            notices.open_duty(check=check, now=now)
        _tell(check, now=now)
    return True


def _later(check: CreditCheck, *, error: CarLoansError, now: datetime) -> None:
    """Schedule another try; when none is left, say that the service is not available."""
    note_error(exc=error, where="credit.pull", now=now)
    if not error.retryable or check.attempts >= MAX_ATTEMPTS:
        _close_unavailable(check, status=Status.ERROR, reason=error.code, category=str(error.category), now=now)
        return
    outbox.retry_or_park(check, now=now, error=error, max_attempts=MAX_ATTEMPTS)
    wish = int(error.extra.get("retry_after") or 0) if isinstance(error, ExternalApiError) else 0
    if wish and check.state == outbox.PENDING:
        CreditCheck.objects.filter(pk=check.pk, state=outbox.PENDING).update(due_at=now + timedelta(seconds=wish))


def _close_unavailable(
    check: CreditCheck, *, status: Status, reason: str, now: datetime, category: str = "not_allowed"
) -> None:
    with transaction.atomic():
        closed = outbox.park(
            check,
            now=now,
            reason=reason,
            category=category,
            status=status,
            outcome=Outcome.UNAVAILABLE,
            phrase=Phrase.TRY_LATER,
            decided_at=now,
        )
        if closed:
            _tell(check, now=now)


def _tell(check: CreditCheck, *, now: datetime) -> None:
    """Audit and feed with the outcome's word alone, and the signal once that is committed."""
    audit.record(
        action="credit.decided",
        actor="system",
        subject=f"credit_check:{check.pk}",
        now=now,
        facts={"outcome": check.outcome, "served_from": str(check.served_from or "")},
    )
    feed.publish(
        kind="credit.decided",
        room="credit",
        summary=f"Soft credit check: {Outcome(check.outcome).label}.",
        now=now,
        data={"check": str(check.pk), "outcome": check.outcome},
        **_feed_refs(check),
        severity="warn" if check.outcome == Outcome.UNAVAILABLE else "info",
    )
    transaction.on_commit(lambda: credit_decided.send(sender=CreditCheck, **_signal_refs(check, now)), robust=True)


def choose_phrase(*, check_id: UUID, phrase: str) -> bool:
    """Keep the phrase that the agent chose, if it is true for the outcome; False leaves the default in place."""
    check = CreditCheck.objects.defer("score", "tier", "bureau").filter(pk=check_id).first()
    if check is None or not check.outcome or phrase not in allowed_phrases(check.status, check.outcome):
        return False
    CreditCheck.objects.filter(pk=check_id, outcome=check.outcome).update(phrase=phrase)
    return True


def reconcile(*, check_id: UUID, now: datetime) -> bool:
    """Ask the provider about a check that was given up; True if it had acted and the result is now recorded."""
    check = CreditCheck.objects.filter(pk=check_id, state=outbox.PARKED).first()
    if check is None:
        return False
    try:
        answer = flexpath.find(check.idempotency_key)
    except CarLoansError as error:
        note_error(exc=error, where="credit.reconcile", now=now)
        return False
    return answer is not None and record_result(check, answer, now=now)


def accept_event(*, event_id: str, key: str, document: dict[str, object], now: datetime) -> bool:
    """A signed result message. True if it decided a check; a replay, or one that comes late, changes nothing.

    Raises NotFound for a key of no check of ours, and what `flexpath.parse` raises.
    """
    check = CreditCheck.objects.filter(idempotency_key=key).first()
    if check is None:
        raise NotFound
    answer = flexpath.parse(document, key)
    with transaction.atomic():
        _, fresh = ProviderEvent.objects.get_or_create(event_id=event_id, defaults={"key": key, "received_at": now})
        waiting = check.outcome in ("", Outcome.UNAVAILABLE) and check.sent_at is not None
        return fresh and waiting and record_result(check, answer, now=now)


def _feed_refs(check: CreditCheck) -> dict[str, Any]:
    return {
        "visitor": check.visitor_id,
        "application": check.application_id,
        "conversation": check.conversation_id,
    }


def _signal_refs(check: CreditCheck, now: datetime) -> dict[str, object]:
    return {
        "check_id": check.pk,
        "visitor_id": check.visitor_id,
        "application_id": check.application_id,
        "conversation_id": check.conversation_id,
        "now": now,
    }
