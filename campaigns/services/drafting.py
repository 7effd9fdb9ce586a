"""Storing the words of a mail. Whoever wrote them, every sentence passes the claim linter first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from campaigns import people, windows
from campaigns.models import Enrollment, Message, Step
from campaigns.people import Reader
from campaigns.rendering import unknown_placeholders
from campaigns.services.enrolment import ROOM, next_step, refusal, stop_enrollment
from campaigns.texts import Copy, language
from carloans.core import feed
from carloans.core.errors import BadInput
from carloans.core.outbox import CLAIMED, PENDING
from cathy.guardrails import claims

DRAFT_LEASE_SECONDS = 60


class DraftRefused(BadInput):
    """A draft that must not be sent. `rules` names what it breaks; the text itself is not repeated."""

    code = "draft_refused"
    message = "The draft breaks a rule for what our mails may say."

    def __init__(self, rules: list[str]) -> None:
        super().__init__()
        self.rules = rules


def claim_draft(*, enrollment_id: UUID, now: datetime) -> tuple[Enrollment, Step, Reader] | None:
    """Take the next mail of a journey to write it; None when none is due, one still waits, or another worker has it.

    A journey that must not go on (consent withdrawn, returned, suppressed) is stopped here.
    """
    free = Q(drafting_until__isnull=True) | Q(drafting_until__lt=now)
    waiting = Message.objects.filter(enrollment=enrollment_id, kind="step", state__in=[PENDING, CLAIMED])
    rows = Enrollment.objects.filter(free, pk=enrollment_id, state="active", next_step_at__lte=now)
    until = now + timedelta(seconds=DRAFT_LEASE_SECONDS)
    if waiting.exists() or not rows.update(drafting_until=until):
        return None
    enrollment = Enrollment.objects.get(pk=enrollment_id)
    step = next_step(enrollment)
    reader = people.reader_of(application_id=enrollment.application_id, now=now)
    if step is None or reader is None:
        return None
    if reason := refusal(reader):
        stop_enrollment(application_id=enrollment.application_id, reason=reason, now=now)
        return None
    return enrollment, step, reader


def broken_rules(copy: Copy, *, locale: str) -> list[str]:
    """The rules that a draft breaks, each once, in order; empty means that it may be stored."""
    parts = (copy.subject, copy.preheader, *copy.paragraphs, copy.call_to_action)
    rules = [
        violation.rule
        for part in (*parts, "\n\n".join(parts))
        for violation in claims.check(part, channel="email", lang=language(locale))
    ]
    if any(unknown_placeholders(part) for part in parts):
        rules.append("unknown_placeholder")
    return list(dict.fromkeys(rules))


def save_draft(
    *,
    enrollment: Enrollment,
    step: Step,
    reader: Reader,
    copy: Copy,
    source: str,
    now: datetime,
    run: UUID | None = None,
    verdict: dict[str, Any] | None = None,
) -> Message | None:
    """Store a mail in the outbox, to leave at the next permitted hour. Safe to repeat: one message per step.

    None when the journey was stopped meanwhile. Raises DraftRefused for words that break a rule.
    """
    if rules := broken_rules(copy, locale=reader.locale):
        raise DraftRefused(rules)
    try:
        with transaction.atomic():
            if not Enrollment.objects.select_for_update().filter(pk=enrollment.pk, state="active").exists():
                return None
            message = _store(enrollment, step, reader, copy, source, now, run, verdict or {})
            _plan_next(enrollment)
    except IntegrityError:
        return Message.objects.get(enrollment=enrollment, step=step)
    return message


def _store(
    enrollment: Enrollment,
    step: Step,
    reader: Reader,
    copy: Copy,
    source: str,
    now: datetime,
    run: UUID | None,
    verdict: dict[str, Any],
) -> Message:
    message = Message.objects.create(
        enrollment=enrollment,
        step=step,
        idempotency_key=f"mail:{enrollment.pk}:{step.order}",
        due_at=due_at(reader, now),
        to_index=reader.email_index,
        locale=language(reader.locale),
        subject=copy.subject,
        preheader=copy.preheader,
        paragraphs=list(copy.paragraphs),
        call_to_action=copy.call_to_action,
        source=source,
        verdict=verdict,
        run=run,
        created_at=now,
    )
    feed.publish(
        kind="email.written",
        room=ROOM,
        summary=f"E-mail {step.order} written",
        now=now,
        visitor=enrollment.visitor_id,
        application=enrollment.application_id,
        data={"message": str(message.pk), "source": source},
    )
    return message


def due_at(reader: Reader, now: datetime) -> datetime:
    """When a mail to this person may leave. A demo site keeps no quiet hours: nobody sleeps there."""
    return now if reader.is_demo else windows.next_open(now, state=reader.state)


def _plan_next(enrollment: Enrollment) -> None:
    step = next_step(enrollment)
    enrollment.next_step_at = enrollment.abandoned_at + timedelta(minutes=step.delay_minutes) if step else None
    Enrollment.objects.filter(pk=enrollment.pk).update(next_step_at=enrollment.next_step_at, drafting_until=None)
