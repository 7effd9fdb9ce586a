"""A turn's rights: begun once, kept alive by its process, given back when that process goes.

Every step is one conditional UPDATE on (owner, turn_token), or is taken under the row's lock together with the message
that it answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import DateTimeField, F, Q, QuerySet, UUIDField

from carloans.core.composed import Given, Rows, Tuples
from cathy.simulation.contract import item_text
from chat.limits import BURST_AMONG, BURST_WINDOW, DAILY_REPLIES, HISTORY_ITEMS, TURN_ATTEMPTS, TURN_LEASE
from chat.models import Conversation, Message, SessionItem
from chat.services import store

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was claimed: `text` is all that the customer wrote since the last answer, `asked_at` the newest of it.

    `history` is the model's memory and `bridge` what was said since then without it (by the server or by staff).
    """

    conversation_id: UUID
    token: UUID
    message_id: UUID
    asked_seq: int
    asked_at: datetime
    text: str
    locale: str
    site_id: int
    visitor_id: UUID
    application_id: UUID | None
    misunderstandings: int
    spent: bool
    history: list[Item]
    bridge: list[Item]
    asked_ids: list[str]
    #: The number of the newest item of the model's memory, also beyond `history`.
    last_item: int
    #: The row at the claim; what may have changed since is only ever tested in a condition.
    row: Conversation = field(repr=False)

    @property
    def line_before(self) -> str | None:
        """Cathy's words before the customer's, as far as the model remembers."""
        items = [*self.history, *self.bridge]
        spoken = (item_text(item) for item in reversed(items) if item.get("role") == "assistant")
        return next(spoken, None)


def unanswered() -> Q:
    """Cathy owns it and the customer waits."""
    return Q(owner="ai", asked_seq__gt=F("answered_seq"))


def begin_turn(*, conversation_id: UUID, now: datetime) -> Turn | None:
    """Claim the next turn; None when there is nothing to answer or somebody else is at it."""
    token = uuid4()
    free = Q(turn_token__isnull=True) | Q(turn_until__lt=now)
    rows = Conversation.objects.filter(unanswered(), free, pk=conversation_id, turn_attempts__lt=TURN_ATTEMPTS)
    if not rows.update(turn_token=token, turn_until=now + TURN_LEASE, turn_attempts=F("turn_attempts") + 1):
        return None
    conversation = store.load(conversation_id)
    return describe(conversation, token, messages=near(conversation, now=now), now=now)


def may_begin(conversation: Conversation, *, now: datetime) -> bool:
    """Whether a locked row is free for a turn."""
    free = conversation.turn_token is None or (conversation.turn_until is not None and conversation.turn_until < now)
    return conversation.owner == "ai" and free and conversation.turn_attempts < TURN_ATTEMPTS


def claim_changes(conversation: Conversation, *, now: datetime) -> dict[str, Any]:
    """What claiming a locked row changes in it."""
    attempts = conversation.turn_attempts + 1
    return {"turn_token": uuid4(), "turn_until": now + TURN_LEASE, "turn_attempts": attempts}


def _near() -> QuerySet[Message]:
    """Each part names the conversation itself, so that both databases go by an index for each: what it costs does not
    grow with the conversation."""
    here = Q(conversation=Given("conversation", UUIDField()))
    just_written = Q(role=Message.Role.CUSTOMER, at__gt=Given("burst_since", DateTimeField()))
    return Message.objects.filter(
        (here & Q(seq__gt=Given("since")))
        | (here & Q(client_id=Given("client_id", UUIDField())))
        | (here & Q(seq__gt=Given("burst_among")) & just_written)
        | (here & Q(card_state=Message.CardState.OPEN))
    ).order_by("seq")


#: All that a message's arrival needs to know of others, in one query. With each of its parts alone it would be four.
_NEAR = Rows(_near)
_MEMORY = Tuples(
    lambda: (
        SessionItem.objects.filter(conversation=Given("conversation", UUIDField()))
        .order_by("-seq")
        .values_list("data", "seq")[:HISTORY_ITEMS]
    )
)


def near(conversation: Conversation, *, now: datetime, client_id: UUID | None = None) -> list[Message]:
    """The messages since the last answer, those that the customer has just written, one with this `client_id`, and
    those whose cards stand open, in their order."""
    return _NEAR(
        conversation=conversation.pk,
        since=min(conversation.history_seq, conversation.answered_seq),
        client_id=client_id,
        burst_among=conversation.last_seq - BURST_AMONG,
        burst_since=now - BURST_WINDOW,
    )


def describe(conversation: Conversation, token: UUID, *, messages: list[Message], now: datetime) -> Turn:
    """The claimed turn of a row; `messages` are those of `near`, and what was stored since."""
    since = min(conversation.history_seq, conversation.answered_seq)
    messages = [one for one in messages if one.seq > since]
    asked = [one for one in messages if one.role == Message.Role.CUSTOMER and one.seq > conversation.answered_seq]
    asked = [one for one in asked if one.seq <= conversation.asked_seq]
    history, last_item = _memory(conversation)
    between = [one for one in messages if one.seq > conversation.history_seq and one not in asked]
    return Turn(
        conversation_id=conversation.pk,
        token=token,
        message_id=uuid4(),
        asked_seq=conversation.asked_seq,
        asked_at=asked[-1].at if asked else now,
        text="\n".join(one.text for one in asked),
        locale=conversation.locale,
        site_id=conversation.site_id,
        visitor_id=conversation.visitor_id,
        application_id=conversation.application_id,
        misunderstandings=conversation.misunderstandings,
        spent=_is_spent(conversation, now),
        history=history,
        last_item=last_item,
        bridge=[item for one in between if (item := _as_item(one))],
        asked_ids=[str(one.client_id or one.pk) for one in asked],
        row=conversation,
    )


def _memory(conversation: Conversation) -> tuple[list[Item], int]:
    newest = _MEMORY(conversation=conversation.pk)
    return [data for data, _ in reversed(newest)], newest[0][1] if newest else 0


def _as_item(message: Message) -> Item | None:
    """A message that the model did not take part in, as it should remember it."""
    text = message.text or " ".join((message.card or {}).get("body", []))
    if not text:
        return None
    if message.role == Message.Role.CUSTOMER:
        return {"role": "user", "content": text}
    if message.role == Message.Role.SYSTEM:
        return None
    return {"role": "assistant", "content": text}


def _is_spent(conversation: Conversation, now: datetime) -> bool:
    if conversation.replies < DAILY_REPLIES:
        return False
    day = conversation.messages.filter(reply_ms__isnull=False, at__gt=now - timedelta(days=1))
    return day.count() >= DAILY_REPLIES


def renew_turn(*, conversation_id: UUID, token: UUID, now: datetime) -> bool:
    """Keep the lease; False when the turn is no longer ours: a person took over, or the lease ran out."""
    rows = Conversation.objects.filter(pk=conversation_id, owner="ai", turn_token=token)
    return bool(rows.update(turn_until=now + TURN_LEASE))


def release_turn(*, conversation_id: UUID, token: UUID) -> None:
    """Give the claim back unanswered, for instance because this process is shutting down."""
    rows = Conversation.objects.filter(pk=conversation_id, turn_token=token)
    rows.update(turn_token=None, turn_until=None)
