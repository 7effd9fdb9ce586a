"""The mail that proves an address, because somebody asked for it on their privacy page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns import people, texts
from campaigns.models import Message
from campaigns.services.enrolment import ROOM
from carloans.core import feed


def write_privacy_proof(*, link_id: UUID, visitor_id: UUID, requested_at: datetime, now: datetime) -> Message | None:
    """Queue the mail to the address on file; one for each time that it was asked for.

    None when it was queued before, or there is nobody to send it to. How often it may be asked for is decided where it
    is asked (`visitors.services.request_proof`). The suppression list is not consulted: this is no advertisement.
    """
    reader = people.owner_of_page(visitor_id=visitor_id, now=now)
    if reader is None or not reader.email:
        return None
    try:
        with transaction.atomic():
            return _queue(reader, link_id, requested_at, now)
    except IntegrityError:
        return None


def _queue(reader: people.Reader, link_id: UUID, requested_at: datetime, now: datetime) -> Message:
    copy = texts.privacy_copy(locale=reader.locale)
    message = Message.objects.create(
        visitor_id=reader.visitor_id,
        privacy_link=link_id,
        kind="privacy",
        idempotency_key=f"proof:{link_id}:{requested_at.timestamp():.6f}",
        due_at=now,
        to_index=reader.email_index,
        locale=texts.language(reader.locale),
        subject=copy.subject,
        preheader=copy.preheader,
        paragraphs=list(copy.paragraphs),
        call_to_action=copy.call_to_action,
        source="template",
        created_at=now,
    )
    feed.publish(
        kind="email.proof_requested",
        room=ROOM,
        summary="A mail that proves an address was asked for",
        now=now,
        visitor=reader.visitor_id,
        data={"message": str(message.pk)},
    )
    return message
