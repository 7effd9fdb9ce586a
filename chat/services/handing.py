"""The record of each stay with people: opened with the call, with what was known then; ended when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from carloans.core.privacy import redaction
from cathy.guardrails import asides
from chat import briefs
from chat.models import Conversation, HandOff
from chat.services import store


def opened(conversation: Conversation, *, reason: str, now: datetime, ended: str = "left") -> HandOff:
    """A call for a person; a stay that is still open ends with it. Needs the row's lock."""
    end(conversation, ended=ended, now=now)
    facts = briefs.facts_of(conversation, reason=reason, now=now)
    return HandOff.objects.create(
        conversation=conversation, reason=reason[:200], at=now, facts=facts, summary=briefs.summary(facts)
    )


def claimed(conversation: Conversation, *, staff_id: int, now: datetime) -> None:
    """Somebody came. Without a call there is a record all the same. Needs the row's lock."""
    rows = HandOff.objects.filter(conversation=conversation, ended_at=None)
    if not rows.exists():
        opened(conversation, reason="claimed", now=now)
    rows.update(staff_id=staff_id, claimed_at=now)


def end(conversation: Conversation, *, ended: str, now: datetime) -> None:
    """The stay is over; nothing when there is none."""
    HandOff.objects.filter(conversation=conversation, ended_at=None).update(ended_at=now, ended=ended)


def since(conversation: Conversation) -> datetime | None:
    """When the customer was first told that a person was asked, in the stay that is under way."""
    return HandOff.objects.filter(conversation=conversation, ended_at=None).values_list("at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Call:
    """A call for a person that nobody has answered yet, as the model may know it."""

    id: UUID
    conversation_id: UUID
    visitor_id: UUID
    facts: dict[str, Any]


def open_call(*, conversation_id: UUID) -> Call | None:
    """The call that is open and still has the rule's summary; None for any other state of things."""
    rows = HandOff.objects.filter(conversation=conversation_id, ended_at=None, source=HandOff.Source.RULE)
    row = rows.select_related("conversation").first()
    if row is None or row.conversation.rehearsal or row.conversation.forgotten_at:
        return None
    return Call(row.pk, row.conversation_id, row.conversation.visitor_id, row.facts)


@transaction.atomic
def keep_summary(*, call_id: UUID, summary: str, now: datetime) -> bool:
    """Put a model's summary in the place of the rule's; False if it must not be kept or the stay is over.

    It must not where it breaks a rule that holds for words about customers, or holds personal data.
    """
    words = " ".join(summary.split())
    if not words or asides.broken_rules(words) or redaction.find(words):
        return False
    rows = HandOff.objects.filter(pk=call_id, ended_at=None, source=HandOff.Source.RULE)
    if not rows.update(summary=words, source=HandOff.Source.MODEL):
        return False
    store.announce_desk(HandOff.objects.select_related("conversation").get(pk=call_id).conversation, now=now)
    return True
