"""News from the visitors' room. A receiver only enqueues; `campaigns.tasks.sweep` finds what a lost one meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from campaigns import tasks
from visitors import signals


@receiver(signals.visitor_abandoned, dispatch_uid="campaigns.enrol")
def on_abandoned(sender: Any, *, application_id: UUID, **kwargs: Any) -> None:
    tasks.enrol_application.delay(application_id=str(application_id))


@receiver(signals.visitor_returned, dispatch_uid="campaigns.returned")
def on_returned(sender: Any, *, application_id: UUID, **kwargs: Any) -> None:
    tasks.stop_journey.delay(application_id=str(application_id), reason="returned")


@receiver(signals.application_submitted, dispatch_uid="campaigns.submitted")
def on_submitted(sender: Any, *, application_id: UUID, **kwargs: Any) -> None:
    tasks.stop_journey.delay(application_id=str(application_id), reason="submitted")


@receiver(signals.return_link_requested, dispatch_uid="campaigns.fresh_link")
def on_link_requested(sender: Any, *, link_id: UUID, application_id: UUID, **kwargs: Any) -> None:
    tasks.send_fresh_link.delay(link_id=str(link_id), application_id=str(application_id))


@receiver(signals.privacy_proof_requested, dispatch_uid="campaigns.privacy_proof")
def on_proof_requested(sender: Any, *, link_id: UUID, visitor_id: UUID, requested_at: datetime, **kwargs: Any) -> None:
    tasks.send_privacy_proof.delay(
        link_id=str(link_id), visitor_id=str(visitor_id), requested_at=requested_at.isoformat()
    )


@receiver(signals.return_link_used, dispatch_uid="campaigns.link_used")
def on_link_used(sender: Any, *, message_id: UUID, now: datetime, **kwargs: Any) -> None:
    tasks.note_click.delay(message_id=str(message_id), at=now.isoformat())


@receiver(signals.consent_withdrawn, dispatch_uid="campaigns.consent_withdrawn")
def on_consent_withdrawn(sender: Any, *, visitor_id: UUID, kind: str, **kwargs: Any) -> None:
    if kind == "marketing_email":
        tasks.stop_journeys_of.delay(visitor_id=str(visitor_id), reason="no_consent")


@receiver(signals.visitor_erased, dispatch_uid="campaigns.erased")
def on_erased(sender: Any, *, visitor_id: UUID, now: datetime, **kwargs: Any) -> None:
    tasks.stop_journeys_of.delay(visitor_id=str(visitor_id), reason="erased")
