"""Appending to a conversation: the one place that gives out sequence numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Q

from carloans.core import feed
from chat import cards
from chat.errors import UnknownConversation
from chat.models import Conversation, Message


def load(conversation_id: UUID) -> Conversation:
    """The row with its site. Raises UnknownConversation."""
    try:
        return Conversation.objects.select_related("site", "staff").get(pk=conversation_id)
    except Conversation.DoesNotExist as error:
        raise UnknownConversation from error


def append(
    conversation: Conversation,
    *,
    role: str,
    now: datetime,
    text: str = "",
    card: cards.Content | None = None,
    message_id: UUID | None = None,
    only_if: Q | None = None,
    changes: dict[str, Any] | None = None,
    **fields: Any,
) -> Message | None:
    """Number and store a message, with `changes` to the conversation in the same UPDATE. Needs a transaction.

    Returns None, and does nothing, when the conversation no longer fulfils `only_if`. The UPDATE holds the row until
    the commit, so numbers have no gaps and messages appear in their order.
    """
    rows = Conversation.objects.filter(only_if or Q(), pk=conversation.pk)
    if not rows.update(last_seq=F("last_seq") + 1, last_at=now, **(changes or {})):
        return None
    # What the row says under its lock, not what it said when it was read.
    seq, conversation.owner = Conversation.objects.values_list("last_seq", "owner").get(pk=conversation.pk)
    return Message.objects.create(
        id=message_id or uuid4(),
        conversation=conversation,
        seq=seq,
        role=role,
        text=text,
        card=card,
        card_state=_first_state(card),
        at=now,
        **fields,
    )


def _first_state(card: cards.Content | None) -> str:
    if not card:
        return Message.CardState.NONE
    return Message.CardState.OPEN if card.get("actions") else Message.CardState.SETTLED


def add(conversation: Conversation, **content: Any) -> Message:
    """`append` without a condition."""
    message = append(conversation, **content)
    if message is None:
        raise UnknownConversation
    return message


def announce(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Wake the sockets of the conversation, in whichever process they are."""
    _publish(conversation, kind="chat.message", summary=f"Message of {message.role}", now=now, seq=message.seq)


def announce_card(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Tell the sockets that a card which they show has changed."""
    _publish(conversation, kind="chat.card", summary="A card was answered", now=now, seq=message.seq)


def announce_owner(conversation: Conversation, owner: str, *, now: datetime) -> None:
    """Tell the sockets who answers from now on."""
    _publish(conversation, kind="chat.owner", summary=f"Owner is now {owner}", now=now, owner=owner)


def _publish(conversation: Conversation, *, kind: str, summary: str, now: datetime, **data: Any) -> None:
    feed.publish(
        kind=kind,
        room="chat",
        summary=summary,
        now=now,
        visitor=conversation.visitor_id,
        application=conversation.application_id,
        conversation=conversation.pk,
        data=data,
        listed=False,
    )


def report(conversation: Conversation, *, kind: str, summary: str, now: datetime, severity: str = "info") -> None:
    """Put something on the operations room's feed; rehearsals stay out of it."""
    if conversation.rehearsal:
        return
    feed.publish(
        kind=kind,
        room="chat",
        summary=summary,
        now=now,
        visitor=conversation.visitor_id,
        application=conversation.application_id,
        conversation=conversation.pk,
        severity=severity,
    )
