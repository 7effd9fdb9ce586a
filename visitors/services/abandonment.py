"""Abandonment by the server's clock: claimed once, judged once, told once, however many workers look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from carloans.core import audit, feed
from visitors import signals
from visitors.models import Application, Assessment, Visitor
from visitors.services.people import lock_application

#: While somebody judges an abandonment, others leave it alone; a crashed judge is replaced after that.
JUDGE_LEASE = timedelta(seconds=60)


def mark_abandoned(*, application_id: UUID, now: datetime) -> bool:
    """Claim one idle, saved application as abandoned. True for exactly one caller."""
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",)).select_related("site").filter(pk=application_id).first()
        )
        if application is None or not _is_idle(application, now):
            return False
        moved = Application.lifecycle.move(
            application, Application.ABANDONED, abandoned_at=now, abandonments=application.abandonments + 1
        )
        if moved:
            _tell_abandoned(application, now)
        return moved


def _is_idle(application: Application, now: datetime) -> bool:
    patience = timedelta(seconds=application.site.abandon_after_seconds)
    return (
        application.status in (Application.SAVED, Application.RETURNED)
        and application.abandonments < Application.MOST_ABANDONMENTS
        and application.last_event_at < now - patience
    )


def _tell_abandoned(application: Application, now: datetime) -> None:
    facts = {"step": application.step_reached, "attempt": application.abandonments}
    audit.record(
        action="application.abandoned", actor="system", subject=f"application:{application.pk}", now=now, facts=facts
    )
    feed.publish(
        kind="visitor.abandoned",
        room="visitors",
        summary=f"A visitor left at step {application.step_reached}",
        now=now,
        visitor=application.visitor_id,
        application=application.pk,
        data=facts,
    )


def claim_judgement(*, application_id: UUID, now: datetime) -> bool:
    """Whether the caller may judge this abandonment now: it is not judged yet and nobody else is at it."""
    free = Q(judge_until__isnull=True) | Q(judge_until__lt=now)
    waiting = Application.objects.filter(free, pk=application_id, status=Application.ABANDONED)
    return waiting.update(judge_until=now + JUDGE_LEASE) == 1


def record_assessment(
    *,
    application_id: UUID,
    identity: str,
    channels: Sequence[str],
    stop_reason: str,
    priority: str,
    next_step: str,
    source: str,
    now: datetime,
    explanation: str = "",
    run_id: UUID | None = None,
) -> bool:
    """Write the judgement of the present abandonment and send `visitor_abandoned`, once.

    False, and nothing sent, when this abandonment is judged already or the person came back meanwhile.
    """
    with transaction.atomic():
        application = lock_application(application_id)
        if application is None or application.status != Application.ABANDONED:
            return False
        verdict = Assessment(
            application=application, attempt=application.abandonments, identity=identity, channels=list(channels),
            stop_reason=stop_reason, priority=priority, next_step=next_step, explanation=explanation[:300],
            source=source, run_id=run_id, at=now,
        )  # fmt: skip
        if not _insert_once(verdict):
            return False
        Application.objects.filter(pk=application.pk).update(judge_until=None)
        _note_identity(application, identity)
        _tell_ready(application, verdict, now)
        return True


def _insert_once(verdict: Assessment) -> bool:
    try:
        with transaction.atomic():
            verdict.save()
    except IntegrityError:
        return False
    return True


def _note_identity(application: Application, identity: str) -> None:
    """A judgement may raise what we know of somebody; a proven identity it cannot lower."""
    visitors = Visitor.objects.filter(pk=application.visitor_id).exclude(identity=Visitor.Identity.KNOWN)
    visitors.update(identity=identity)


def _tell_ready(application: Application, verdict: Assessment, now: datetime) -> None:
    feed.publish(
        kind="lead_ready", room="visitors", now=now, visitor=application.visitor_id, application=application.pk,
        summary=f"An abandoned application at step {application.step_reached} is ready to be won back",
        data={
            "step": application.step_reached, "attempt": verdict.attempt, "identity": verdict.identity,
            "channels": verdict.channels, "stop_reason": verdict.stop_reason, "priority": verdict.priority,
            "next_step": verdict.next_step, "source": verdict.source,
        },
    )  # fmt: skip
    signals.after_commit(
        signals.visitor_abandoned, application_id=application.pk, visitor_id=application.visitor_id, now=now
    )
