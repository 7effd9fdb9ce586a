"""Notices that are owed after a check without an offer: who owes one, until when, and that it went out.

12 CFR 1002.9(a) and (c) give 30 days. We are not the creditor and word no reasons: we keep the clock, name an owner
and escalate on day 20, 25 and 28.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from carloans.core import audit, feed
from carloans.core.errors import BadInput, NotFound
from credit.models import CreditCheck, NoticeDuty
from credit.outcomes import Status

DUE_WITHIN: Final = timedelta(days=30)
ESCALATIONS: Final = (28, 25, 20)
_SETTLED: Final = frozenset({NoticeDuty.State.SENT, NoticeDuty.State.HELD_BY_CREDITOR})


def open_duty(*, check: CreditCheck, now: datetime) -> NoticeDuty:
    """Start the clock for a check without an offer. Belongs into the transaction that records the result."""
    pulled = check.status == Status.PULLED
    duty = NoticeDuty.objects.create(
        check_row=check,
        visitor_id=check.visitor_id,
        application_id=check.application_id,
        kind=NoticeDuty.Kind.ADVERSE_ACTION if pulled else NoticeDuty.Kind.INCOMPLETENESS,
        reason=check.status,
        opened_at=now,
        due_at=now + DUE_WITHIN,
    )
    audit.record(
        action="credit.notice_owed",
        actor="system",
        subject=f"notice_duty:{duty.pk}",
        now=now,
        facts={"check": str(check.pk), "kind": duty.kind, "due_at": duty.due_at.isoformat()},
    )
    feed.publish(
        kind="credit.notice_owed",
        room="credit",
        summary="A notice is owed within 30 days; a person takes over.",
        now=now,
        visitor=check.visitor_id,
        application=check.application_id,
        conversation=check.conversation_id,
        severity="warn",
    )
    return duty


def assign_duty(*, duty_id: UUID, staff_id: int, now: datetime) -> None:
    """Name the member of staff who sees to it. Raises NotFound for a duty that is not open."""
    with transaction.atomic():
        rows = NoticeDuty.objects.filter(pk=duty_id).exclude(state__in=_SETTLED)
        if not rows.update(owner_id=staff_id, state=NoticeDuty.State.ASSIGNED):
            raise NotFound
        audit.record(
            action="credit.notice_assigned", actor=f"staff:{staff_id}", subject=f"notice_duty:{duty_id}", now=now
        )


def settle_duty(*, duty_id: UUID, state: str, staff_id: int, now: datetime) -> None:
    """Record that the notice was sent, or that the creditor holds the duty. Raises NotFound, BadInput."""
    if state not in _SETTLED:
        raise BadInput("A duty is settled as sent, or as held by the creditor.")
    with transaction.atomic():
        rows = NoticeDuty.objects.filter(pk=duty_id).exclude(state__in=_SETTLED)
        if not rows.update(state=state, settled_at=now):
            raise NotFound
        audit.record(
            action="credit.notice_settled",
            actor=f"staff:{staff_id}",
            subject=f"notice_duty:{duty_id}",
            now=now,
            facts={"state": state},
        )


def escalate_duty(*, duty_id: UUID, now: datetime) -> bool:
    """Raise the alarm for the highest level reached and not yet raised. False when there is nothing to raise."""
    duty = NoticeDuty.objects.filter(pk=duty_id).exclude(state__in=_SETTLED).first()
    if duty is None:
        return False
    age = (now - duty.opened_at).days
    level = next((days for days in ESCALATIONS if age >= days), 0)
    with transaction.atomic():
        if not NoticeDuty.objects.filter(pk=duty_id, escalated__lt=level).update(escalated=level):
            return False
        _raise_alarm(duty, days_left=(duty.due_at - now).days, now=now)
    return True


def _raise_alarm(duty: NoticeDuty, *, days_left: int, now: datetime) -> None:
    left = f"{days_left} days left" if days_left >= 0 else f"overdue by {-days_left} days"
    owner = "assigned" if duty.owner_id else "nobody owns it"
    feed.publish(
        kind="credit.notice_escalated",
        room="credit",
        summary=f"A notice is still owed: {left}, {owner}.",
        now=now,
        visitor=duty.visitor_id,
        application=duty.application_id,
        severity="error" if days_left < 3 else "warn",
        data={"duty": str(duty.pk)},
    )
