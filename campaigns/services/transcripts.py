"""The mail with the copy of a conversation, because the customer asked a person of the team for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns import people, selectors, texts
from campaigns.models import Message
from campaigns.services.enrolment import ROOM
from carloans.core import feed
from carloans.core.errors import Conflict, NotAllowed

#: Copies of one conversation within a day.
MOST_PER_DAY = 3


class TranscriptRefused(NotAllowed):
    """`code` is no_address, address_bounced, suppressed or too_many."""

    message = "The copy cannot be sent by e-mail."


_WHY = {
    "no_address": "There is no e-mail address on file: ask for one with the contact form.",
    "address_bounced": "Mail to this address came back. Print the conversation instead.",
    "suppressed": "This address asked for no more e-mails. Print the conversation instead.",
    "too_many": "This conversation was sent several times today. Please try again tomorrow.",
}


def write_transcript(
    *, conversation_id: UUID, visitor_id: UUID, until: int, lines: Sequence[str], locale: str, now: datetime
) -> Message:
    """Queue the mail to the address on file; `until` is the number of the last message in it, and one mail is queued
    for each. `lines` hold no contact data.

    It is no advertisement, so neither consent to such nor quiet hours are asked for; the suppression list is. Raises
    TranscriptRefused with a sentence for staff, Conflict when it was queued before.
    """
    reader = people.owner_of_page(visitor_id=visitor_id, now=now)
    if reason := _refusal(reader, conversation_id, now):
        raise TranscriptRefused(_WHY[reason], code=reason)
    assert reader is not None  # noqa: S101  an unknown reader is refused
    try:
        with transaction.atomic():
            return _queue(reader, conversation_id, until, lines, locale, now)
    except IntegrityError as error:
        raise Conflict("This copy was sent already.", code="sent_already") from error


def _refusal(reader: people.Reader | None, conversation_id: UUID, now: datetime) -> str:
    if reader is None or not reader.email:
        return "no_address"
    if selectors.is_suppressed(email_index=reader.email_index):
        return "suppressed"
    if selectors.has_bounced(email_index=reader.email_index):
        return "address_bounced"
    lately = Message.objects.filter(
        kind="transcript", visitor_id=reader.visitor_id, created_at__gt=now - timedelta(days=1)
    )
    return "too_many" if lately.count() >= MOST_PER_DAY else ""


def _queue(
    reader: people.Reader, conversation_id: UUID, until: int, lines: Sequence[str], locale: str, now: datetime
) -> Message:
    copy = texts.transcript_copy(locale=locale)
    message = Message.objects.create(
        visitor_id=reader.visitor_id,
        kind="transcript",
        idempotency_key=f"transcript:{conversation_id}:{until}",
        due_at=now,
        to_index=reader.email_index,
        locale=texts.language(locale),
        subject=copy.subject,
        preheader=copy.preheader,
        paragraphs=[*copy.paragraphs, *lines],
        call_to_action=copy.call_to_action,
        source="template",
        created_at=now,
    )
    feed.publish(
        kind="email.transcript_requested",
        room=ROOM,
        summary="A copy of a conversation goes out by e-mail",
        now=now,
        visitor=reader.visitor_id,
        conversation=conversation_id,
        data={"message": str(message.pk)},
    )
    return message
