"""A turn's rights: begun once, kept alive by its process, finished only while Cathy still owns the conversation.

Every step is one conditional UPDATE on (owner, turn_token). A person's claim changes the owner and clears the token, so
a reply that was on its way finds no row and is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from cathy.simulation.contract import item_text
from chat import cards, wording
from chat.limits import DAILY_REPLIES, DISCLOSE_AFTER, DISCLOSE_EVERY, HISTORY_ITEMS, TURN_ATTEMPTS, TURN_LEASE
from chat.models import Conversation, Message, SessionItem
from chat.services import ownership, store

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
    #: The row at the claim; what may have changed since is only ever tested in a condition.
    row: Conversation = field(repr=False)

    @property
    def line_before(self) -> str | None:
        """Cathy's words before the customer's, as far as the model remembers."""
        items = [*self.history, *self.bridge]
        spoken = (item_text(item) for item in reversed(items) if item.get("role") == "assistant")
        return next(spoken, None)


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
    return _describe(store.load(conversation_id), token, now)


def _describe(conversation: Conversation, token: UUID, now: datetime) -> Turn:
    since = min(conversation.history_seq, conversation.answered_seq)
    messages = list(conversation.messages.filter(seq__gt=since).order_by("seq"))
    asked = [one for one in messages if one.role == Message.Role.CUSTOMER and one.seq > conversation.answered_seq]
    asked = [one for one in asked if one.seq <= conversation.asked_seq]
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
        history=_memory(conversation),
        bridge=[item for one in between if (item := _as_item(one))],
        asked_ids=[str(one.client_id or one.pk) for one in asked],
        row=conversation,
    )


def _memory(conversation: Conversation) -> list[Item]:
    newest = conversation.session_items.order_by("-seq").values_list("data", flat=True)[:HISTORY_ITEMS]
    return list(reversed(newest))


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


@transaction.atomic
def finish_turn(*, turn: Turn, reply: Reply, now: datetime) -> bool:
    """Store the reply, its cards and the model's memory; False (and nothing stored) if the turn is no longer ours."""
    conversation = turn.row
    first, more = (reply.cards[0] if reply.cards else None), reply.cards[1:]
    message = store.append(
        conversation,
        role=Message.Role.CATHY,
        text=reply.text,
        card=first,
        message_id=turn.message_id,
        run_id=reply.run_id,
        first_text_ms=reply.first_text_ms,
        reply_ms=reply.reply_ms,
        now=now,
        only_if=Q(owner="ai", turn_token=turn.token),
        changes=_after_answer(turn, reply),
    )
    if message is None:
        return False
    store.announce(conversation, message, now=now)
    _remember(conversation, [*turn.bridge, *reply.items])
    for card in more:
        extra = store.add(conversation, role=Message.Role.CATHY, card=card, now=now)
        store.announce(conversation, extra, now=now)
    _disclose_again(conversation, now)
    if reply.hand_off:
        ownership.to_queue(conversation, reason=reply.hand_off, now=now, say="")
    return True


def _after_answer(turn: Turn, reply: Reply) -> dict[str, Any]:
    return {
        "turn_token": None,
        "turn_until": None,
        "turn_attempts": 0,
        "answered_seq": turn.asked_seq,
        "history_seq": F("last_seq") + 1,
        "misunderstandings": F("misunderstandings") + 1 if reply.missed else 0,
        "replies": F("replies") + 1,
    }


def _remember(conversation: Conversation, items: list[Item]) -> None:
    last = conversation.session_items.order_by("-seq").values_list("seq", flat=True).first() or 0
    SessionItem.objects.bulk_create(
        SessionItem(conversation=conversation, seq=last + number, data=item)
        for number, item in enumerate(items, start=1)
    )


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
