"""How a turn ends: with a stored reply while Cathy still owns the conversation, or with a person.

A person's claim changes the owner and clears the token, so a reply that was on its way finds no row and is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, UUIDField

from carloans.core import grouping
from carloans.core.composed import Given, Insert
from chat import cards, selectors, wording
from chat.frames import MessageView
from chat.limits import DISCLOSE_AFTER, DISCLOSE_EVERY, TURN_ATTEMPTS
from chat.models import Conversation, Message, SessionItem
from chat.services import ownership, store
from chat.services.claiming import Item, Turn, unanswered

_insert_items = Insert(SessionItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a turn produced. `items` are the model's new memory; `hand_off` the reason for bringing in a person."""

    text: str
    run_id: UUID | None
    items: list[Item] = field(default_factory=list)
    cards: list[cards.Content] = field(default_factory=list)
    hand_off: str = ""
    missed: bool = False
    first_text_ms: int | None = None
    reply_ms: int = 0
    tools: list[str] = field(default_factory=list)
    #: Guardrail rules that replaced a sentence.
    rules: tuple[str, ...] = ()
    #: Closes the row of the run, in the transaction that keeps the reply.
    close: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """What was stored, as the customer reads it.

    `more`: the customer has written on in the meantime. `moved`: something followed that is not in `shown`.
    """

    reply: Reply
    shown: list[MessageView]
    more: bool
    moved: bool


@grouping.in_one
def finish_turn(*, turn: Turn, reply: Reply, now: datetime) -> Finished | None:
    """Close the run and store the reply, its cards and the model's memory; None (and nothing but the run's end stored)
    if the turn is no longer ours."""
    if reply.close:
        reply.close()
    message = _store(turn, reply, now)
    if message is None:
        return None
    conversation, messages = turn.row, [message]
    store.announce(conversation, message, now=now)
    _remember(turn, [*turn.bridge, *reply.items])
    for card in reply.cards[1:]:
        extra = store.add(conversation, role=Message.Role.CATHY, card=card, now=now)
        store.announce(conversation, extra, now=now)
        messages.append(extra)
    _disclose_again(conversation, now)
    if reply.hand_off:
        ownership.to_queue(conversation, reason=reply.hand_off, now=now, say="")
    waits = conversation.owner == "ai" and conversation.asked_seq > turn.asked_seq
    moved = conversation.owner != "ai" or conversation.last_seq > messages[-1].seq
    return Finished(reply, selectors.views(conversation, messages), waits, moved)


#: While Cathy owns it and the turn is ours. `missed` is 1 for a reply to what she did not understand, else 0.
_ANSWER = store.numbering(
    Q(owner="ai", turn_token=Given("token", UUIDField())),
    {
        "turn_token": None,
        "turn_until": None,
        "turn_attempts": 0,
        "answered_seq": Given("answered"),
        "history_seq": F("last_seq") + 1,
        "misunderstandings": F("misunderstandings") * Given("missed") + Given("missed"),
        "replies": F("replies") + 1,
    },
)


def _store(turn: Turn, reply: Reply, now: datetime) -> Message | None:
    return store.append_numbered(
        turn.row,
        _ANSWER,
        {"token": turn.token, "answered": turn.asked_seq, "missed": int(reply.missed)},
        role=Message.Role.CATHY,
        text=reply.text,
        card=reply.cards[0] if reply.cards else None,
        message_id=turn.message_id,
        run_id=reply.run_id,
        first_text_ms=reply.first_text_ms,
        reply_ms=reply.reply_ms,
        now=now,
    )


def _remember(turn: Turn, items: list[Item]) -> None:
    """Only the turn's holder writes memory, so what it read last is still the last."""
    numbered = enumerate(items, start=turn.last_item + 1)
    _insert_items(*(SessionItem(conversation_id=turn.conversation_id, seq=seq, data=item) for seq, item in numbered))


def _disclose_again(conversation: Conversation, now: datetime) -> None:
    """Repeat that Cathy is an AI every so many replies, and after a day."""
    replies = conversation.replies + 1
    if replies % DISCLOSE_EVERY and conversation.disclosed_at > now - DISCLOSE_AFTER:
        return
    text = wording.say("disclose_again", conversation.locale, company=conversation.site.company_name)
    changes = {"disclosed_at": now}
    reminder = store.add(conversation, role=Message.Role.SYSTEM, text=text, now=now, changes=changes)
    store.announce(conversation, reminder, now=now)


def fail_to_human(*, turn: Turn, note: str, now: datetime, forget: bool = False) -> bool:
    """Cathy could not answer: a person takes over, and the customer is told so without a promised time.

    False when the turn was no longer ours. `note` is free of personal data. With `forget` the model never sees the
    question again (it was blocked).
    """
    conversation = store.load(turn.conversation_id)
    changes: dict[str, Any] = {"answered_seq": turn.asked_seq, "turn_attempts": 0}
    if forget:
        changes["history_seq"] = turn.asked_seq
    return ownership.to_queue(
        conversation,
        reason=note,
        now=now,
        say="failed_to_person",
        only_if=Q(turn_token=turn.token),
        changes=changes,
        severity="warn",
    )


def fail_exhausted(*, conversation_id: UUID, now: datetime) -> bool:
    """The same for a turn that was begun too often: each process that ran it died."""
    conversation = store.load(conversation_id)
    over = Q(turn_until__lt=now) | Q(turn_token__isnull=True)
    return ownership.to_queue(
        conversation,
        reason="turn_kept_dying",
        now=now,
        say="failed_to_person",
        only_if=over & Q(turn_attempts__gte=TURN_ATTEMPTS) & unanswered(),
        changes={"answered_seq": F("asked_seq"), "turn_attempts": 0},
        severity="error",
    )
