"""Who answers: Cathy, the queue, a person, nobody. One writer at a time, each change one conditional UPDATE."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from carloans.core import audit
from chat import cards, vaulting, wording
from chat.errors import Taken
from chat.limits import IDLE_CLOSE
from chat.models import OWNERSHIP, Conversation, Message
from chat.services import store
from chat.services.messages import clean_text
from chat.signals import handed_off

#: Whoever takes over ends the running turn: its token no longer fits, so its reply is dropped.
_NO_TURN: dict[str, Any] = {"turn_token": None, "turn_until": None, "turn_attempts": 0}


def _sources(to: str) -> Q:
    return Q(owner__in=OWNERSHIP.sources(to))


@transaction.atomic
def to_queue(
    conversation: Conversation,
    *,
    reason: str,
    now: datetime,
    say: str = "handed_off",
    only_if: Q | None = None,
    changes: dict[str, Any] | None = None,
    severity: str = "info",
) -> bool:
    """Ask for a person. False when the conversation has one already or no longer fulfils `only_if`.

    The customer gets the words of `say` (none when empty) with a card that offers to go on with Cathy.
    """
    message = store.append(
        conversation,
        role=Message.Role.CATHY,
        text=wording.say(say, conversation.locale) if say else "",
        card=cards.handoff(locale=conversation.locale),
        now=now,
        only_if=_sources("queue") & (only_if or Q()),
        changes={
            "owner": "queue",
            "note": reason[:200],
            "queued_at": now,
            "staff": None,
            **_NO_TURN,
            **(changes or {}),
        },
    )
    if message is None:
        return False
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "queue", now=now)
    store.report(
        conversation,
        kind="chat.handed_off",
        summary=f"A conversation needs a person: {reason}",
        now=now,
        severity=severity,
    )
    transaction.on_commit(partial(_send_handed_off, conversation.pk, conversation.visitor_id, reason, now), robust=True)
    return True


def _send_handed_off(conversation_id: UUID, visitor_id: UUID, reason: str, now: datetime) -> None:
    handed_off.send(None, conversation_id=conversation_id, visitor_id=visitor_id, reason=reason, now=now)


def hand_off(*, conversation_id: UUID, reason: str, now: datetime) -> bool:
    """Bring in a person for a stated reason (a code); False when one is there or in the queue already."""
    return to_queue(store.load(conversation_id), reason=reason, now=now)


@transaction.atomic
def claim(*, conversation_id: UUID, staff_id: int, staff_name: str, now: datetime) -> None:
    """Make a member of staff the only writer; a reply of Cathy that is on its way is dropped. Raises Taken.

    Claiming one's own conversation again changes nothing.
    """
    conversation = store.load(conversation_id)
    if conversation.owner == "human" and conversation.staff_id == staff_id:
        return
    name = staff_name or wording.say("a_person", conversation.locale)
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("staff_joined", conversation.locale, name=name),
        now=now,
        only_if=_sources("human"),
        changes={"owner": "human", "staff_id": staff_id, "queued_at": None, "closed_at": None, **_NO_TURN},
    )
    if message is None:
        raise Taken
    _retire_handoff_cards(conversation)
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "human", now=now)
    _record(conversation, "conversation_claimed", staff_id, now)


def _retire_handoff_cards(conversation: Conversation) -> None:
    open_cards = conversation.messages.filter(card_state=Message.CardState.OPEN, card__kind="handoff")
    open_cards.update(card_state=Message.CardState.REPLACED)


@transaction.atomic
def staff_reply(*, conversation_id: UUID, staff_id: int, client_id: UUID, text: str, now: datetime) -> int:
    """Store what a member of staff writes and return its number; the same `client_id` is stored once.

    Contact data in it is tokenised like a customer's. Raises Taken unless that person owns the conversation,
    TextTooLong, EmptyText, BadText.
    """
    conversation = store.load(conversation_id)
    known = conversation.messages.filter(client_id=client_id).values_list("seq", flat=True).first()
    if known is not None:
        return int(known)
    message = store.append(
        conversation,
        role=Message.Role.STAFF,
        text=vaulting.protect(conversation_id, clean_text(text), now=now).text,
        client_id=client_id,
        staff_id=staff_id,
        now=now,
        only_if=Q(owner="human", staff_id=staff_id),
    )
    if message is None:
        raise Taken
    _staff_has_read(conversation, message.seq)
    store.announce(conversation, message, now=now)
    return message.seq


def _staff_has_read(conversation: Conversation, seq: int) -> None:
    Conversation.objects.filter(pk=conversation.pk, staff_read_seq__lt=seq).update(staff_read_seq=seq)


@transaction.atomic
def return_to_ai(*, conversation_id: UUID, staff_id: int, now: datetime) -> None:
    """Give the conversation back to Cathy, without the questions that the person was asked. Raises Taken."""
    conversation = store.load(conversation_id)
    name = _first_name(conversation)
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("staff_left", conversation.locale, name=name),
        now=now,
        only_if=Q(owner="human", staff_id=staff_id),
        changes={"owner": "ai", "staff": None, "note": "", "answered_seq": conversation.asked_seq, **_NO_TURN},
    )
    if message is None:
        raise Taken
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "ai", now=now)
    _record(conversation, "conversation_returned", staff_id, now)


def _first_name(conversation: Conversation) -> str:
    name = conversation.staff.get_short_name() if conversation.staff else ""
    return name or wording.say("a_person", conversation.locale)


@transaction.atomic
def back_to_cathy(conversation: Conversation, *, now: datetime) -> bool:
    """The customer would rather go on with Cathy; possible while nobody has taken over."""
    message = store.append(
        conversation,
        role=Message.Role.CATHY,
        text=wording.say("with_cathy_again", conversation.locale),
        now=now,
        only_if=Q(owner="queue"),
        changes={"owner": "ai", "note": "", "queued_at": None, "misunderstandings": 0, **_NO_TURN},
    )
    if message is None:
        return False
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "ai", now=now)
    return True


@transaction.atomic
def close(*, conversation_id: UUID, now: datetime, actor: str = "system", only_if: Q | None = None) -> bool:
    """End a conversation until the customer writes again; False when it is closed already or `only_if` fails."""
    conversation = store.load(conversation_id)
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM,
        text=wording.say("closed", conversation.locale),
        now=now,
        only_if=_sources("closed") & (only_if or Q()),
        changes={"owner": "closed", "closed_at": now, "staff": None, "queued_at": None, **_NO_TURN},
    )
    if message is None:
        return False
    store.announce(conversation, message, now=now)
    store.announce_owner(conversation, "closed", now=now)
    audit.record(action="conversation_closed", actor=actor, subject=f"conversation:{conversation.pk}", now=now)
    return True


def close_idle(*, conversation_id: UUID, now: datetime) -> bool:
    """Close one of Cathy's conversations that has been silent; False when somebody wrote in the meantime."""
    return close(conversation_id=conversation_id, now=now, only_if=Q(owner="ai", last_at__lt=now - IDLE_CLOSE))


def _record(conversation: Conversation, action: str, staff_id: int, now: datetime) -> None:
    audit.record(action=action, actor=f"staff:{staff_id}", subject=f"conversation:{conversation.pk}", now=now)
