"""Appending to a conversation: the one place that gives out sequence numbers."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db.models import DateTimeField, F, Q, UUIDField

from carloans.core import feed
from carloans.core.composed import Change, Given, Insert, Rows
from chat import cards, standing
from chat.errors import UnknownConversation
from chat.models import Conversation, Message

_insert = Insert(Message)
_LOCKED = Rows(
    lambda: (
        standing.along(Conversation.objects.select_for_update(of=("self",)).select_related("site", "visitor"))
        .filter(pk=Given("pk", UUIDField()), forgotten_at__isnull=True)
        .order_by()
    )
)


def load(conversation_id: UUID) -> Conversation:
    """The row with its site and visitor. Raises UnknownConversation."""
    try:
        return _at_home(Conversation.objects.select_related("site", "staff", "visitor").get(pk=conversation_id))
    except Conversation.DoesNotExist as error:
        raise UnknownConversation from error


def load_open(conversation_id: UUID, *, now: datetime) -> Conversation:
    """The row, locked until the commit, with what `standing.note` wants. Raises UnknownConversation also for one whose
    words were erased."""
    found = _LOCKED(pk=conversation_id, now=now)
    if not found:
        raise UnknownConversation
    return _at_home(found[0])


def _at_home(conversation: Conversation) -> Conversation:
    """A conversation's visitor is one of its own site: that row need not be read twice."""
    conversation.visitor.site = conversation.site
    return conversation


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

    Returns None, and does nothing, when the conversation no longer fulfils `only_if` or was erased. The UPDATE holds
    the row until the commit, so numbers have no gaps and messages appear in their order.
    """
    number = numbering(only_if or Q(), changes or {})
    return append_numbered(
        conversation, number, {}, role=role, text=text, card=card, message_id=message_id, now=now, **fields
    )


def numbering(only_if: Q, changes: dict[str, Any]) -> Change:
    """The UPDATE that gives out the next number, for `append_numbered`."""
    key, now = Given("conversation", UUIDField()), Given("now", DateTimeField())
    return Change(
        lambda: Conversation.objects.filter(only_if, pk=key, forgotten_at__isnull=True),
        {"last_seq": F("last_seq") + 1, "last_at": now, **changes},
        returning=("last_seq", "owner", "asked_seq"),
    )


def append_numbered(
    conversation: Conversation, number: Change, given: dict[str, Any], *, now: datetime, **content: Any
) -> Message | None:
    """`append` with its UPDATE composed beforehand; `given` are the values for it."""
    there = number(conversation=conversation.pk, now=now, **given)
    if not there:
        return None
    # What the row says under its lock, not what it said when it was read.
    [(conversation.last_seq, conversation.owner, conversation.asked_seq)] = there
    return _create(conversation, now=now, **content)


def append_locked(
    conversation: Conversation, *, role: str, text: str, now: datetime, changes: dict[str, Any], **fields: Any
) -> Message:
    """The same for a row that `load_open` gave: it is known as it is, and `changes` are plain values."""
    conversation.last_seq += 1
    changed = {"last_seq": conversation.last_seq, "last_at": now, **changes}
    for name, value in changed.items():
        setattr(conversation, name, value)
    _change(tuple(changed))(key=conversation.pk, **changed)
    return _create(conversation, role=role, text=text, now=now, **fields)


@cache
def _change(names: tuple[str, ...]) -> Change:
    """The UPDATE of these columns of one row, composed once."""
    columns = {field.name: field for field in Conversation._meta.concrete_fields}
    fields = {name: Given(name, columns[name]) for name in names}
    return Change(lambda: Conversation.objects.filter(pk=Given("key", UUIDField())), fields, returning=("last_seq",))


def _create(
    conversation: Conversation,
    *,
    role: str,
    now: datetime,
    text: str = "",
    card: cards.Content | None = None,
    message_id: UUID | None = None,
    **fields: Any,
) -> Message:
    message = Message(
        id=message_id or uuid4(),
        conversation=conversation,
        seq=conversation.last_seq,
        role=role,
        text=text,
        card=card,
        card_state=_first_state(card),
        at=now,
        **fields,
    )
    _insert(message)
    return message


def _first_state(card: cards.Content | None) -> str:
    if not card:
        return Message.CardState.NONE
    return Message.CardState.OPEN if card.get("actions") else Message.CardState.SETTLED


def add(conversation: Conversation, **content: Any) -> Message:
    """`append` without a condition. Raises UnknownConversation for one that was erased."""
    message = append(conversation, **content)
    if message is None:
        raise UnknownConversation
    return message


def announce(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Wake the sockets of the conversation, in whichever process they are."""
    facts = {"seq": message.seq, "owner": conversation.owner}
    _publish(conversation, kind="chat.message", summary=f"Message of {message.role}", now=now, **facts)


def announce_card(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Tell the sockets that a card which they show has changed."""
    _publish(conversation, kind="chat.card", summary="A card was answered", now=now, seq=message.seq)


def announce_owner(conversation: Conversation, owner: str, *, now: datetime) -> None:
    """Tell the sockets who answers from now on."""
    _publish(conversation, kind="chat.owner", summary=f"Owner is now {owner}", now=now, owner=owner)


def announce_typing(conversation: Conversation, *, who: str, on: bool, now: datetime) -> None:
    """Tell the other side that somebody types (staff or customer)."""
    _publish(conversation, kind="chat.typing", summary=f"The {who} types", now=now, who=who, on=on)


def announce_read(conversation: Conversation, *, after: int, now: datetime) -> None:
    """Tell the customer that a person has read what they wrote behind a number."""
    _publish(conversation, kind="chat.read", summary="A person has read it", now=now, after=after)


def announce_desk(conversation: Conversation, *, now: datetime) -> None:
    """Tell the pages of staff that notes, tags or onlookers of this conversation have changed."""
    _publish(conversation, kind="chat.desk", summary="Something changed beside the conversation", now=now)


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
