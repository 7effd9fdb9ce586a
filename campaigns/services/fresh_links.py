"""A new way back, because somebody pressed "send me a new link" on the page of an old one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns import people, selectors, texts
from campaigns.models import Enrollment, Message
from campaigns.services.enrolment import ROOM
from carloans.core import feed

#: The page may be pressed by anybody who has an old link; the address's owner is mailed at most so often.
GAP = timedelta(minutes=5)
MOST_PER_DAY = 3


def write_fresh_link(*, link_id: UUID, application_id: UUID, now: datetime) -> Message | None:
    """Queue a mail with a new link to the address on file; one for each old link that it is asked with.

    None when it was queued before, when there is nobody to send it to, or when too many were sent.
    """
    enrollment = Enrollment.objects.filter(application_id=application_id).first()
    reader = people.reader_of(application_id=application_id, now=now)
    if enrollment is None or reader is None or not reader.email or reader.status in {"submitted", "closed"}:
        return None
    if selectors.is_suppressed(email_index=reader.email_index):
        return None
    earlier = Message.objects.filter(enrollment=enrollment, kind="fresh_link")
    today = earlier.filter(created_at__gt=now - timedelta(days=1)).count()
    if today >= MOST_PER_DAY or earlier.filter(created_at__gt=now - GAP).exists():
        return None
    try:
        with transaction.atomic():
            return _queue(enrollment, reader, link_id, now)
    except IntegrityError:
        return None


def _queue(enrollment: Enrollment, reader: people.Reader, link_id: UUID, now: datetime) -> Message:
    copy = texts.fresh_link_copy(locale=reader.locale)
    message = Message.objects.create(
        enrollment=enrollment,
        kind="fresh_link",
        idempotency_key=f"link:{link_id}",
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
        kind="email.link_requested",
        room=ROOM,
        summary="A new link was asked for",
        now=now,
        visitor=enrollment.visitor_id,
        application=enrollment.application_id,
        data={"message": str(message.pk)},
    )
    return message
