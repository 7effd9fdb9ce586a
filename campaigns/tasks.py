"""Background work: enrol, write, send, reconcile. Each task is a nudge; the sweep behind it finds what was lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from campaigns import agent, selectors, services
from campaigns.models import Message, WebhookToken
from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError
from visitors import selectors as visitors

#: Tokens are refused by age long before they are forgotten.
FORGET_TOKENS_AFTER = timedelta(hours=1)
#: How far back the quick sweep looks, every few seconds, and the slow one, every few minutes.
LATELY, LONG_AGO = timedelta(minutes=15), timedelta(days=3)


@shared_task(name="campaigns.enrol_application")
def enrol_application(*, application_id: str, **kwargs: Any) -> None:
    """Put an abandoned application on its journey; write its first mail if that is due at once."""
    now = utc_now()
    enrollment = services.enrol(application_id=UUID(application_id), now=now)
    if enrollment and enrollment.next_step_at and enrollment.next_step_at <= now:
        write_next_mail.delay(enrollment_id=str(enrollment.pk))


@shared_task(name="campaigns.stop_journey")
def stop_journey(*, application_id: str, reason: str, **kwargs: Any) -> None:
    """End an application's journey."""
    services.stop_enrollment(application_id=UUID(application_id), reason=reason, now=utc_now())


@shared_task(name="campaigns.stop_journeys_of")
def stop_journeys_of(*, visitor_id: str, reason: str, **kwargs: Any) -> None:
    """End every journey of a visitor."""
    services.stop_visitor(visitor_id=UUID(visitor_id), reason=reason, now=utc_now())


@shared_task(name="campaigns.write_next_mail")
def write_next_mail(*, enrollment_id: str, **kwargs: Any) -> None:
    """Have the next mail of a journey written, store it, and send it if it may leave now."""
    now = utc_now()
    claimed = services.claim_draft(enrollment_id=UUID(enrollment_id), now=now)
    if claimed is None:
        return
    enrollment, step, reader = claimed
    words = agent.compose(reader=reader, step=step, now=now)
    message = services.save_draft(
        enrollment=enrollment,
        step=step,
        reader=reader,
        copy=words.copy,
        source=words.source,
        run=words.run,
        verdict=words.verdict,
        now=now,
    )
    if message and message.due_at <= now:
        send_mail.delay(message_id=str(message.pk))


@shared_task(name="campaigns.send_mail")
def send_mail(*, message_id: str, **kwargs: Any) -> None:
    """Carry one mail to the provider, if it is due and nobody else does."""
    message = Message.objects.select_related("enrollment").filter(pk=message_id).first()
    if message:
        services.deliver(message=message, now=utc_now())


@shared_task(name="campaigns.send_fresh_link")
def send_fresh_link(*, link_id: str, application_id: str, **kwargs: Any) -> None:
    """Answer a visitor who asked for a new link."""
    message = services.write_fresh_link(link_id=UUID(link_id), application_id=UUID(application_id), now=utc_now())
    if message:
        send_mail.delay(message_id=str(message.pk))


@shared_task(name="campaigns.send_privacy_proof")
def send_privacy_proof(*, link_id: str, visitor_id: str, requested_at: str, **kwargs: Any) -> None:
    """Answer somebody who wants to prove their address to their own page."""
    message = services.write_privacy_proof(
        link_id=UUID(link_id),
        visitor_id=UUID(visitor_id),
        requested_at=datetime.fromisoformat(requested_at),
        now=utc_now(),
    )
    if message:
        send_mail.delay(message_id=str(message.pk))


@shared_task(name="campaigns.note_click")
def note_click(*, message_id: str, at: str, **kwargs: Any) -> None:
    """A mail's link was followed by a person: the click that counts."""
    services.note_click(message_id=UUID(message_id), at=datetime.fromisoformat(at), now=utc_now())


@shared_task(name="campaigns.reconcile_mail")
def reconcile_mail(*, message_id: str, **kwargs: Any) -> None:
    """Ask the provider about a mail that we heard nothing of."""
    now = utc_now()
    message = Message.objects.select_related("enrollment").filter(pk=message_id).first()
    try:
        if message:
            services.reconcile(message=message, now=now)
    except CarLoansError as error:
        note_error(exc=error, where="campaigns.reconcile", now=now)


@shared_task(name="campaigns.sweep")
def sweep(**kwargs: Any) -> None:
    """Find every piece of work whose nudge was lost, and nudge again. Tasks that come twice change nothing."""
    now = utc_now()
    for application_id in selectors.abandonments_without_journey(since=now - LATELY, limit=2000):
        enrol_application.delay(application_id=str(application_id))
    for link_id, application_id, _ in visitors.fresh_links_wanted(since=now - LATELY):
        send_fresh_link.delay(link_id=str(link_id), application_id=str(application_id))
    for proof_of, visitor_id, at in visitors.proofs_wanted(since=now - LATELY):
        send_privacy_proof.delay(link_id=str(proof_of), visitor_id=str(visitor_id), requested_at=at.isoformat())
    for message_id, at in selectors.unnoted_clicks(since=now - LATELY):
        note_click.delay(message_id=str(message_id), at=at.isoformat())
    for application_id, reason in selectors.journeys_to_stop():
        stop_journey.delay(application_id=str(application_id), reason=reason)
    for enrollment_id in selectors.due_enrollments(now=now):
        write_next_mail.delay(enrollment_id=str(enrollment_id))
    for message_id in selectors.due_messages(now=now):
        send_mail.delay(message_id=str(message_id))


@shared_task(name="campaigns.sweep_reports")
def sweep_reports(**kwargs: Any) -> None:
    """The slow rounds: look far back for lost abandonments, ask about unreported mails, forget webhook tokens."""
    now = utc_now()
    for application_id in selectors.abandonments_without_journey(since=now - LONG_AGO, limit=50_000):
        enrol_application.delay(application_id=str(application_id))
    for message_id in selectors.unconfirmed_messages(now=now):
        reconcile_mail.delay(message_id=str(message_id))
    WebhookToken.objects.filter(seen_at__lt=now - FORGET_TOKENS_AFTER).delete()


SCHEDULE = {
    "campaigns-sweep": {"task": "campaigns.sweep", "schedule": settings.SWEEP_SECONDS},
    "campaigns-sweep-reports": {"task": "campaigns.sweep_reports", "schedule": max(300.0, settings.SWEEP_SECONDS)},
}
