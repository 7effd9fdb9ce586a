"""A copy of the conversation for its customer, by e-mail: what was said, by whom and when, without contact data."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from campaigns import services as campaigns
from carloans.core import audit
from cathy import persona
from chat import wording
from chat.models import Conversation, Message
from chat.selectors import staff_name
from chat.services import store

#: A mailbox is not the place for a whole thread of months.
LINES: Final = 300
_LABEL: Final = re.compile(r"\[([A-Z]+)(?:_[A-Z0-9]+)*\]")


@transaction.atomic
def mail_transcript(*, conversation_id: UUID, staff_id: int, now: datetime) -> UUID:
    """Queue the mail and return its id. Raises what `campaigns.services.write_transcript` raises."""
    conversation = store.load_open(conversation_id, now=now)
    rows = list(conversation.messages.select_related("staff").exclude(text="").order_by("-seq")[:LINES])[::-1]
    mail = campaigns.write_transcript(
        conversation_id=conversation_id,
        visitor_id=conversation.visitor_id,
        until=conversation.last_seq,
        lines=[_line(conversation, row) for row in rows],
        locale=conversation.locale,
        now=now,
    )
    subject = f"conversation:{conversation_id}"
    facts = {"message": str(mail.pk), "lines": len(rows)}
    audit.record(action="conversation.mailed", actor=f"staff:{staff_id}", subject=subject, now=now, facts=facts)
    return mail.pk


def _line(conversation: Conversation, row: Message) -> str:
    return f"{_speaker(conversation, row)} ({row.at:%Y-%m-%d %H:%M} UTC): {_bare(row.text, conversation.locale)}"


def _speaker(conversation: Conversation, row: Message) -> str:
    names = {
        Message.Role.CUSTOMER: wording.say("you", conversation.locale),
        Message.Role.CATHY: persona.NAME,
        Message.Role.STAFF: staff_name(row.staff, conversation.locale),
    }
    return names.get(Message.Role(row.role), wording.say("notice", conversation.locale))


def _bare(text: str, locale: str) -> str:
    """Placeholders as words: a mailbox may have other readers than the chat."""
    left_out = wording.say("left_out", locale)
    return _LABEL.sub(left_out, text.replace("{", "(").replace("}", ")"))
