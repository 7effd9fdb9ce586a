"""Into the journey and out of it. One row per application; who may not be written to gets a row that says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns import people, selectors
from campaigns.models import Campaign, Enrollment, Message, Step
from campaigns.people import Reader
from campaigns.seeds import DEFAULT_CAMPAIGN
from carloans.core import feed, outbox

ROOM = "campaigns"
#: Once stopped for one of these, no later abandonment starts the journey again.
FINAL_REASONS = frozenset({"suppressed", "submitted", "bounced", "complained", "opted_out", "erased"})


def enrol(*, application_id: UUID, now: datetime) -> Enrollment | None:
    """Put an abandoned application on its journey, or record why not. Safe to repeat.

    A second abandonment, after a return, goes on with the steps that were not sent yet. None when there is no such
    application, no abandonment, or no active campaign.
    """
    reader = people.reader_of(application_id=application_id, now=now)
    campaign = Campaign.objects.filter(slug=DEFAULT_CAMPAIGN, active=True).first()
    if reader is None or campaign is None or reader.status != "abandoned" or reader.abandoned_at is None:
        return None
    known = Enrollment.objects.filter(application_id=application_id).first()
    if known is not None:
        return _again(known, reader, now)
    try:
        with transaction.atomic():
            return _first(campaign, reader, now)
    except IntegrityError:
        return Enrollment.objects.get(application_id=application_id)


def refusal(reader: Reader) -> str:
    """Why this person must not get a journey mail now; empty when nothing is in the way."""
    reasons = {
        "submitted": reader.status in {"submitted", "closed"},
        "returned": reader.status == "returned",
        "no_address": not reader.email,
        "privacy_signal": reader.gpc,
        "bot": reader.is_bot,
        "no_consent": not reader.consented,
        "suppressed": bool(reader.email) and selectors.is_suppressed(email_index=reader.email_index),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def stop_enrollment(*, application_id: UUID, reason: str, now: datetime) -> bool:
    """End the journey: no further mail is planned, and none that waits will leave. False when it had ended."""
    enrollment = Enrollment.objects.filter(application_id=application_id).first()
    return enrollment is not None and _stop(enrollment, reason, now)


def stop_visitor(*, visitor_id: UUID, reason: str, now: datetime) -> None:
    """End every journey of a visitor."""
    stop_by_address(email_index="", visitor_ids=[visitor_id], reason=reason, now=now)


def stop_by_address(*, email_index: str, visitor_ids: list[UUID], reason: str, now: datetime) -> None:
    """End every journey that leads to an address, on any site."""
    for enrollment in selectors.active_enrollments(email_index=email_index, visitor_ids=visitor_ids):
        _stop(enrollment, reason, now)


def complete_if_done(*, enrollment: Enrollment, now: datetime) -> bool:
    """End a journey whose last mail has left (or was given up). False while something is planned or waits."""
    waiting = Message.objects.filter(enrollment=enrollment, kind="step", state__in=[outbox.PENDING, outbox.CLAIMED])
    if enrollment.state != "active" or enrollment.next_step_at is not None or waiting.exists():
        return False
    return Enrollment.LIFE.move(enrollment, "completed", stopped_at=now)


def next_step(enrollment: Enrollment) -> Step | None:
    """The first step of the journey that no mail was written for yet."""
    written = Message.objects.filter(enrollment=enrollment, step__isnull=False).values("step")
    return Step.objects.filter(campaign=enrollment.campaign_id).exclude(pk__in=written).order_by("order").first()


def _first(campaign: Campaign, reader: Reader, now: datetime) -> Enrollment:
    assert reader.abandoned_at is not None and reader.application_id is not None  # noqa: S101, PT018  `enrol` has asked
    reason = refusal(reader)
    enrollment = Enrollment.objects.create(
        application_id=reader.application_id,
        visitor_id=reader.visitor_id,
        campaign=campaign,
        state="stopped" if reason else "active",
        stop_reason=reason,
        stopped_at=now if reason else None,
        abandoned_at=reader.abandoned_at,
        created_at=now,
    )
    _schedule(enrollment)
    _announce(enrollment, now)
    return enrollment


def _again(enrollment: Enrollment, reader: Reader, now: datetime) -> Enrollment:
    """A later abandonment of the same application; the same one again changes nothing."""
    if reader.abandoned_at is None or reader.abandoned_at <= enrollment.abandoned_at:
        return enrollment
    reason = enrollment.stop_reason if enrollment.stop_reason in FINAL_REASONS else refusal(reader)
    with transaction.atomic():
        Enrollment.objects.filter(pk=enrollment.pk).update(abandoned_at=reader.abandoned_at)
        enrollment.refresh_from_db()
        if reason:
            _stop(enrollment, reason, now)
        elif next_step(enrollment) is not None:
            _restart(enrollment, now)
    return enrollment


def _restart(enrollment: Enrollment, now: datetime) -> None:
    if enrollment.state != "active" and not Enrollment.LIFE.move(enrollment, "active", stop_reason="", stopped_at=None):
        return
    _schedule(enrollment)
    _announce(enrollment, now)


def _schedule(enrollment: Enrollment) -> None:
    step = next_step(enrollment) if enrollment.state == "active" else None
    due = enrollment.abandoned_at + timedelta(minutes=step.delay_minutes) if step else None
    Enrollment.objects.filter(pk=enrollment.pk).update(next_step_at=due)
    enrollment.next_step_at = due


def _stop(enrollment: Enrollment, reason: str, now: datetime) -> bool:
    with transaction.atomic():
        if enrollment.state != "active":
            return False
        if not Enrollment.LIFE.move(enrollment, "stopped", stop_reason=reason, stopped_at=now, next_step_at=None):
            return False
        # A mail that a worker holds at this moment is stopped by that worker's own last look.
        Message.objects.filter(enrollment=enrollment, state=outbox.PENDING, kind="step").update(
            state=outbox.CANCELLED, done_at=now, last_error_code=reason
        )
        _announce(enrollment, now)
    return True


def _announce(enrollment: Enrollment, now: datetime) -> None:
    active = enrollment.state == "active"
    feed.publish(
        kind="email.journey_started" if active else "email.journey_stopped",
        room=ROOM,
        summary="E-mail journey started" if active else f"No e-mail journey: {enrollment.stop_reason}",
        now=now,
        visitor=enrollment.visitor_id,
        application=enrollment.application_id,
        data={"reason": enrollment.stop_reason},
    )
