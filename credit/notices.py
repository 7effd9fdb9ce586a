"""Notices that are owed to applicants: who owes one, until when, who sees to it, and that it went out.

We are not the creditor and word no reasons: we keep the clocks of 12 CFR 1002.9, name an owner, escalate on day 20, 25
and 28 and when one is overdue, and keep the proof. A duty arises once (its `key`), and ends in one of three ways: a
notice went out, the creditor holds it, or what the law made it depend on is gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from carloans.core import audit, feed
from carloans.core.errors import BadInput, NotAllowed, NotFound
from carloans.core.privacy import redaction
from credit import assigning, clocks
from credit.models import CreditCheck, NoticeDuty, NoticePolicy, NoticeProof
from credit.outcomes import Status
from visitors import selectors as visitors

Kind, State, Says, Method = NoticeDuty.Kind, NoticeDuty.State, NoticeDuty.Says, NoticeProof.Method
OPEN: Final = (State.OPEN, State.ASSIGNED)

#: Why a duty of a kind may end without a notice.
CLOSING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.DECISION: ("application_withdrawn",),
        Kind.INCOMPLETENESS: ("application_completed", "application_withdrawn"),
        Kind.COUNTER_OFFER: ("offer_accepted",),
        Kind.REASONS: ("request_withdrawn",),
    }
)
#: What a notice that settles a duty of a kind may have said.
SAYING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.DECISION: (Says.APPROVAL, Says.COUNTER_OFFER, Says.ADVERSE_ACTION),
        Kind.INCOMPLETENESS: (Says.INCOMPLETE, Says.APPROVAL, Says.COUNTER_OFFER, Says.ADVERSE_ACTION),
        Kind.ADVERSE_ACTION: (Says.ADVERSE_ACTION, Says.COUNTER_OFFER, Says.APPROVAL),
        Kind.ACCOUNT_ACTION: (Says.ADVERSE_ACTION,),
        Kind.COUNTER_OFFER: (Says.ADVERSE_ACTION,),
        Kind.REASONS: (Says.REASONS,),
    }
)
#: Methods that staff may record; our own mail records itself.
BY_HAND: Final = (Method.LETTER, Method.CREDITOR_EMAIL)
REFERENCE_MAX: Final = 200
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SUMMARY: Final = MappingProxyType(
    {
        Kind.DECISION: "An application was sent off: the creditor owes a decision within 30 days.",
        Kind.INCOMPLETENESS: "An incomplete application was received: a notice is owed within 30 days.",
        Kind.COUNTER_OFFER: "A counter-offer was made: without acceptance a notice is owed within 90 days.",
        Kind.REASONS: "An applicant asks for the reasons: they are owed within 30 days.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a notice went out. `sent_on` is a day in UTC, `text_sha256` the hash of its text in lower-case hex."""

    method: str
    sent_on: date
    text_sha256: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What gives rise to a duty."""

    key: str
    kind: str
    visitor_id: UUID
    application_id: UUID | None
    started: datetime
    reason: str
    missing: tuple[str, ...] = ()
    check: CreditCheck | None = None
    follows: UUID | None = None


# Arising


def open_duty(*, check: CreditCheck, now: datetime) -> NoticeDuty:
    """Start the clock for a check without an offer. Belongs into the transaction that records the result."""
    pulled = check.status == Status.PULLED
    origin = Origin(
        key=f"check:{check.pk}",
        kind=Kind.ADVERSE_ACTION if pulled else Kind.INCOMPLETENESS,
        visitor_id=check.visitor_id,
        application_id=check.application_id,
        started=now,
        reason=check.status,
        check=check,
    )
    return _arise(origin, now=now)[0]


def note_application(*, application_id: UUID, now: datetime) -> NoticeDuty | None:
    """Keep the clock of one application in step with it: open what is owed, close what is no longer owed.

    A completed application starts the clock of (a)(1)(i) and ends the one of (c). One that is not complete starts the
    clock of (c) if its site's policy says that it is an application. Returns the duty that the application has now;
    None when it has none. Safe to repeat. Raises `visitors`' UnknownApplication.
    """
    received = visitors.received_application(application_id=application_id)
    duty = _note_received(received, now=now)
    if duty is None or received.is_complete:
        return duty
    # It may have been sent off since we looked. Whoever notes that either finds this duty or is found here.
    again = visitors.received_application(application_id=application_id)
    return _note_received(again, now=now) if again.is_complete else duty


def _note_received(received: visitors.Received, *, now: datetime) -> NoticeDuty | None:
    if received.is_bot:
        return None
    with transaction.atomic():
        if received.is_complete:
            _close_of_application(received.id, kind=Kind.INCOMPLETENESS, reason="application_completed", now=now)
        origin = _origin_of(received)
        return _arise(origin, now=now)[0] if origin else None


def _origin_of(received: visitors.Received) -> Origin | None:
    if received.submitted_at:
        return _origin(received, kind=Kind.DECISION, started=received.submitted_at, reason="completed")
    if received.saved_at and _counts(received):
        return _origin(received, kind=Kind.INCOMPLETENESS, started=received.saved_at, reason="incomplete")
    return None


def _origin(received: visitors.Received, *, kind: str, started: datetime, reason: str) -> Origin:
    return Origin(
        key=f"application:{received.id}:{kind}",
        kind=kind,
        visitor_id=received.visitor_id,
        application_id=received.id,
        started=started,
        reason=reason,
        missing=received.missing,
    )


def _counts(received: visitors.Received) -> bool:
    """Whether the lender's procedures make an application of it (12 CFR 1002.2(f))."""
    if received.status == "closed":
        return False
    policy = policy_of(site_id=received.site_id)
    return policy.imports_count if received.from_platform else policy.saved_forms_count


def policy_of(*, site_id: int) -> NoticePolicy:
    """A site's policy, or the default one (not stored) for a site that has none."""
    return NoticePolicy.objects.filter(site_id=site_id).first() or NoticePolicy(site_id=site_id)


def record_policy(*, policy: NoticePolicy, staff_id: int, now: datetime) -> None:
    """What a site's policy says now, for the trail; within the transaction that stores it."""
    names = ("imports_count", "saved_forms_count", "days_to_complete", "owner_id")
    audit.record(
        action="credit.notice_policy_set",
        actor=f"staff:{staff_id}",
        subject=f"site:{policy.site_id}",
        now=now,
        facts={name: getattr(policy, name) for name in names},
    )


def note_action(*, duty_id: UUID, kind: str, taken_at: datetime, staff_id: int, now: datetime) -> NoticeDuty:
    """Staff records adverse action of the creditor: on the incomplete application, or on an existing account.

    Raises NotFound, and BadInput for another kind of duty or a time that has not come.
    """
    if kind not in (Kind.ADVERSE_ACTION, Kind.ACCOUNT_ACTION):
        raise BadInput("This is no adverse action.", code="unknown_kind")
    duty = _get(duty_id)
    _not_ahead(taken_at, now)
    origin = Origin(
        key=f"action:{kind}:{duty.application_id or duty.pk}:{taken_at.date()}",
        kind=kind,
        visitor_id=duty.visitor_id,
        application_id=duty.application_id,
        started=taken_at,
        reason="action_recorded",
        follows=duty.pk,
    )
    return _arise(origin, now=now, actor=f"staff:{staff_id}")[0]


def ask_reasons(*, duty_id: UUID, asked_at: datetime, staff_id: int, now: datetime) -> NoticeDuty:
    """The applicant asks why: the creditor owes the reasons within 30 days of the request.

    Raises NotFound, NotAllowed when there was no notice of adverse action or it is more than 60 days old, and BadInput
    for a time that has not come.
    """
    notice = _get(duty_id)
    _not_ahead(asked_at, now)
    proof = notice.proofs.exclude(method=Method.HELD_BY_CREDITOR).order_by("-recorded_at").first()
    if proof is None or notice.says != Says.ADVERSE_ACTION:
        raise NotAllowed("Reasons can be asked for after a notice of adverse action.", code="no_adverse_notice")
    if asked_at.date() - proof.sent_on > clocks.REASONS_WITHIN:
        raise NotAllowed("The request came more than 60 days after the notice.", code="asked_too_late")
    origin = Origin(
        key=f"reasons:{notice.pk}",
        kind=Kind.REASONS,
        visitor_id=notice.visitor_id,
        application_id=notice.application_id,
        started=asked_at,
        reason="reasons_asked",
        follows=notice.pk,
    )
    return _arise(origin, now=now, actor=f"staff:{staff_id}")[0]


def _not_ahead(moment: datetime, now: datetime) -> None:
    if moment > now:
        raise BadInput("This day has not come yet.", code="in_the_future")


def _arise(origin: Origin, *, now: datetime, actor: str = "system") -> tuple[NoticeDuty, bool]:
    """The duty of an origin, opened now unless it arose before; and whether it is new."""
    with transaction.atomic():
        duty, fresh = NoticeDuty.objects.get_or_create(
            key=origin.key,
            defaults={
                "kind": origin.kind,
                "visitor_id": origin.visitor_id,
                "application_id": origin.application_id,
                "reason": origin.reason,
                "missing": list(origin.missing),
                "opened_at": origin.started,
                "due_at": clocks.due_at(origin.kind, origin.started),
                "check_row": origin.check,
                "follows_id": origin.follows,
            },
        )
        if fresh:
            _announce(duty, actor=actor, now=now)
            assigning.assign_by_rule(duty=duty, now=now)
    return duty, fresh


def _announce(duty: NoticeDuty, *, actor: str, now: datetime) -> None:
    facts = {"kind": duty.kind, "reason": duty.reason, "due_at": duty.due_at.isoformat()}
    if duty.check_row_id:
        facts["check"] = str(duty.check_row_id)
    _record("credit.notice_owed", duty, actor=actor, now=now, facts=facts)
    by_check = "A notice is owed within 30 days; a person takes over."
    feed.publish(
        kind="credit.notice_owed",
        room="credit",
        summary=by_check if duty.check_row_id else _SUMMARY.get(Kind(duty.kind), "A notice is owed within 30 days."),
        now=now,
        visitor=duty.visitor_id,
        application=duty.application_id,
        conversation=duty.check_row.conversation_id if duty.check_row else None,
        data={"duty": str(duty.pk), "kind": duty.kind},
        severity="info" if duty.kind == Kind.DECISION else "warn",
    )


# Ending


def close_duty(*, duty_id: UUID, reason: str, actor: str, now: datetime) -> bool:
    """Nothing is owed any more, for a reason that the law knows; False when the duty had ended before.

    Raises NotFound, and NotAllowed when this reason does not end a duty of this kind.
    """
    duty = _get(duty_id)
    if reason not in CLOSING.get(duty.kind, ()):
        raise NotAllowed("This does not end a duty of this kind.", code="not_a_reason")
    return _close(duty, reason=reason, actor=actor, now=now)


def _close(duty: NoticeDuty, *, reason: str, actor: str, now: datetime) -> bool:
    with transaction.atomic():
        rows = NoticeDuty.objects.filter(pk=duty.pk, state__in=OPEN)
        if not rows.update(state=State.CLOSED, settled_at=now, closed_reason=reason):
            return False
        _record("credit.notice_closed", duty, actor=actor, now=now, facts={"reason": reason})
        _tell(
            duty,
            kind="credit.notice_closed",
            summary=f"A notice is no longer owed: {reason.replace('_', ' ')}.",
            now=now,
        )
    return True


def _close_of_application(application_id: UUID, *, kind: str, reason: str, now: datetime) -> None:
    """A duty that a check left behind stays: the form's completion does not give the bureau a file."""
    rows = NoticeDuty.objects.filter(application_id=application_id, kind=kind, state__in=OPEN, check_row=None)
    for duty in rows:
        _close(duty, reason=reason, actor="system", now=now)


def accept_offer(*, application_id: UUID, now: datetime) -> int:
    """The applicant took the counter-offer: its clock ends. How many duties that closed."""
    rows = NoticeDuty.objects.filter(application_id=application_id, kind=Kind.COUNTER_OFFER, state__in=OPEN)
    return sum(_close(duty, reason="offer_accepted", actor="system", now=now) for duty in rows)


def settle_duty(
    *, duty_id: UUID, state: str, staff_id: int, now: datetime, proof: Proof | None = None, says: str = ""
) -> None:
    """Record that the notice was sent, with its proof, or that the creditor holds the duty.

    Raises NotFound for a duty that is not open, and BadInput for a proof that proves nothing. A notice that makes a
    counter-offer starts the 90 days of (a)(1)(iv).
    """
    if state not in (State.SENT, State.HELD_BY_CREDITOR):
        raise BadInput("A duty is settled as sent, or as held by the creditor.")
    duty = _get(duty_id)
    proof = _checked(duty, proof, says, now) if state == State.SENT else _held(proof, now)
    with transaction.atomic():
        settle(duty=duty, state=state, proof=proof, says=says, staff_id=staff_id, now=now)


def settle(*, duty: NoticeDuty, state: str, proof: Proof, says: str, staff_id: int, now: datetime) -> None:
    """End a duty with a proof that was checked, within the caller's transaction. Raises NotFound if it had ended."""
    rows = NoticeDuty.objects.filter(pk=duty.pk, state__in=OPEN)
    says = says if state == State.SENT else ""
    if not rows.update(state=state, settled_at=now, says=says):
        raise NotFound
    row = _prove(duty, proof, staff_id=staff_id, now=now)
    facts = {"state": state, "says": says, "method": proof.method, "proof": str(row.pk)}
    _vouch("credit.notice_settled", row, now=now, facts=facts)
    _tell(duty, kind="credit.notice_settled", summary=f"A notice is settled: {State(state).label.lower()}.", now=now)
    if says == Says.COUNTER_OFFER:
        _start_counter_offer(duty, proof, actor=f"staff:{staff_id}", now=now)


def _prove(duty: NoticeDuty, proof: Proof, *, staff_id: int, now: datetime) -> NoticeProof:
    return NoticeProof.objects.create(
        duty=duty, method=proof.method, sent_on=proof.sent_on, reference=proof.reference,
        text_sha256=proof.text_sha256, staff_id=staff_id, recorded_at=now,
    )  # fmt: skip


def _vouch(action: str, row: NoticeProof, *, now: datetime, facts: dict[str, Any]) -> None:
    """The entry of the trail that vouches for a proof from now on."""
    actor = f"staff:{row.staff_id}"
    audit.record(action=action, actor=actor, subject=row.trail_subject(), now=now, facts=facts, row=row)


def _start_counter_offer(duty: NoticeDuty, proof: Proof, *, actor: str, now: datetime) -> None:
    origin = Origin(
        key=f"counter:{duty.pk}",
        kind=Kind.COUNTER_OFFER,
        visitor_id=duty.visitor_id,
        application_id=duty.application_id,
        started=clocks.start_of(proof.sent_on),
        reason="counter_offer_made",
        follows=duty.pk,
    )
    _arise(origin, now=now, actor=actor)


def _checked(duty: NoticeDuty, proof: Proof | None, says: str, now: datetime) -> Proof:
    if proof is None or proof.method not in BY_HAND:
        raise BadInput("Please say how the notice was sent.", code="method_missing")
    if not _SHA256.fullmatch(proof.text_sha256):
        raise BadInput("The notice's text, or its SHA-256, is missing.", code="text_missing")
    if says not in SAYING[Kind(duty.kind)]:
        raise BadInput("Please say what the notice told the applicant.", code="says_missing")
    if proof.sent_on > now.date():
        raise BadInput("This day has not come yet.", code="in_the_future")
    if proof.sent_on < duty.opened_at.date():
        raise BadInput("A notice cannot be older than what it answers.", code="before_the_clock")
    return _clean(proof)


def _held(proof: Proof | None, now: datetime) -> Proof:
    reference = proof.reference if proof else ""
    day = min(proof.sent_on, now.date()) if proof else now.date()
    return _clean(Proof(method=Method.HELD_BY_CREDITOR, sent_on=day, text_sha256="", reference=reference))


def _clean(proof: Proof) -> Proof:
    if len(proof.reference) > REFERENCE_MAX or redaction.find(proof.reference):
        raise BadInput("The reference is too long or holds personal data.", code="reference_refused")
    return proof


def settle_by_mail(*, duty: NoticeDuty, proof: Proof, staff_id: int, now: datetime) -> None:
    """Our own mail left. A duty that ended in the meantime keeps its end, and the proof beside it."""
    try:
        with transaction.atomic():
            settle(duty=duty, state=State.SENT, proof=proof, says=Says.INCOMPLETE, staff_id=staff_id, now=now)
    except NotFound:
        with transaction.atomic():
            row = _prove(duty, proof, staff_id=staff_id, now=now)
            _vouch("credit.notice_proven", row, now=now, facts={"method": proof.method, "proof": str(row.pk)})


def tell_letter_needed(*, duty: NoticeDuty, now: datetime) -> None:
    """Our mail cannot do it: the duty stays open, and the room is told."""
    summary = "A notice cannot go by e-mail: it needs a letter."
    _tell(duty, kind="credit.notice_needs_letter", summary=summary, now=now, severity="error")


def reopen(*, duty: NoticeDuty, reason: str, now: datetime) -> bool:
    """Our mail did not arrive: the notice is owed again, and its owner is told.

    False if the duty was not settled, or is proven by other means: a letter that went out beside the mail has arrived.
    """
    if duty.proofs.filter(method__in=BY_HAND).exists():
        return False
    state = State.ASSIGNED if duty.owner_id else State.OPEN
    with transaction.atomic():
        rows = NoticeDuty.objects.filter(pk=duty.pk, state=State.SENT)
        if not rows.update(state=state, settled_at=None, says=""):
            return False
        _record("credit.notice_reopened", duty, actor="system", now=now, facts={"reason": reason})
        _tell(
            duty,
            kind="credit.notice_reopened",
            summary="A notice did not arrive: it needs a letter.",
            now=now,
            severity="error",
        )
    return True


# Seeing to it


def assign_duty(*, duty_id: UUID, staff_id: int, now: datetime, actor: str = "") -> None:
    """Name the member of staff who sees to it. Raises NotFound for a duty that is not open."""
    assigning.assign(duty_id=duty_id, staff_id=staff_id, actor=actor or f"staff:{staff_id}", now=now)


def escalate_duty(*, duty_id: UUID, now: datetime) -> bool:
    """Raise the alarm for the highest level reached and not yet raised. False when there is nothing to raise."""
    duty = NoticeDuty.objects.filter(pk=duty_id, state__in=OPEN).first()
    if duty is None:
        return False
    level = clocks.alarm_at(duty.due_at, now)
    with transaction.atomic():
        if not NoticeDuty.objects.filter(pk=duty_id, escalated__lt=level).update(escalated=level):
            return False
        _record("credit.notice_escalated", duty, actor="system", now=now, facts={"level": level})
        _raise_alarm(duty, days_left=clocks.days_left(duty.due_at, now), now=now)
    return True


def _raise_alarm(duty: NoticeDuty, *, days_left: int, now: datetime) -> None:
    left = (
        f"{days_left} days left"
        if days_left >= 0
        else f"overdue by {-days_left} {'day' if days_left == -1 else 'days'}"
    )
    owner = "assigned" if duty.owner_id else "nobody owns it"
    severity = "error" if days_left < 3 else "warn"
    _tell(
        duty,
        kind="credit.notice_escalated",
        summary=f"A notice is still owed: {left}, {owner}.",
        now=now,
        severity=severity,
    )


def _get(duty_id: UUID) -> NoticeDuty:
    duty = NoticeDuty.objects.filter(pk=duty_id).first()
    if duty is None:
        raise NotFound
    return duty


def _record(action: str, duty: NoticeDuty, *, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    audit.record(action=action, actor=actor, subject=f"notice_duty:{duty.pk}", now=now, facts=facts)


def _tell(duty: NoticeDuty, *, kind: str, summary: str, now: datetime, severity: str = "info") -> None:
    feed.publish(
        kind=kind,
        room="credit",
        summary=summary,
        now=now,
        visitor=duty.visitor_id,
        application=duty.application_id,
        severity=severity,
        data={"duty": str(duty.pk), "kind": duty.kind},
    )
