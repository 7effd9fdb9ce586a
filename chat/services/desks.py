"""Signs of life of staff: who takes conversations, who has one open, who is typing.

Each sign is written at most every some seconds, however often a page sends it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from carloans.core import audit
from chat.limits import TYPES_FOR, VIEWS_FOR
from chat.models import Conversation, Desk, Viewing
from chat.services import store

_NOTED_EVERY: Final = timedelta(seconds=20)


def sign_of_life(*, staff_id: int, now: datetime) -> None:
    """Somebody who takes conversations has the inbox open: they are here, and hold what they hold."""
    _, created = Desk.objects.get_or_create(staff_id=staff_id, defaults={"seen_at": now})
    stale = Q(seen_at=None) | Q(seen_at__lt=now - _NOTED_EVERY)
    if created or Desk.objects.filter(stale, staff_id=staff_id).update(seen_at=now):
        Conversation.objects.filter(owner="human", staff_id=staff_id).update(staff_seen_at=now)


@transaction.atomic
def set_desk(*, staff_id: int, takes: bool, now: datetime) -> None:
    """Take conversations from now on, or not: promises to customers count on it."""
    Desk.objects.update_or_create(staff_id=staff_id, defaults={"takes": takes, "away_until": None, "seen_at": now})
    action = "desk.opened" if takes else "desk.closed"
    audit.record(action=action, actor=f"staff:{staff_id}", subject=f"account:{staff_id}", now=now)


def note_view(*, conversation_id: UUID, staff_id: int, now: datetime) -> None:
    """Somebody has the conversation open; colleagues are told when they come."""
    conversation = store.load(conversation_id)
    _note_read(conversation, staff_id, now)
    rows = Viewing.objects.filter(conversation_id=conversation_id, staff_id=staff_id)
    fresh = rows.filter(seen_at__gt=now - VIEWS_FOR).update(seen_at=now)
    if fresh:
        return
    Viewing.objects.update_or_create(
        conversation=conversation, staff_id=staff_id, defaults={"seen_at": now, "typing_at": None}
    )
    store.announce_desk(conversation, now=now)


def _note_read(conversation: Conversation, staff_id: int, now: datetime) -> None:
    """What stands open before the person who has the conversation is read; the customer sees it."""
    rows = Conversation.objects.filter(pk=conversation.pk, owner="human", staff_id=staff_id)
    before = conversation.staff_read_seq
    if rows.filter(staff_read_seq__lt=F("asked_seq")).update(staff_read_seq=F("last_seq")):
        store.announce_read(conversation, after=before, now=now)


def end_view(*, conversation_id: UUID, staff_id: int, now: datetime) -> None:
    """They closed it."""
    if Viewing.objects.filter(conversation_id=conversation_id, staff_id=staff_id).delete()[0]:
        store.announce_desk(store.load(conversation_id), now=now)


def note_typing(*, conversation_id: UUID, staff_id: int, on: bool, now: datetime) -> None:
    """Somebody begins or ceases to type; the customer sees it of the person who has the conversation."""
    rows = Viewing.objects.filter(conversation_id=conversation_id, staff_id=staff_id)
    news = rows.filter(Q(typing_at=None) | Q(typing_at__lt=now - TYPES_FOR / 2)) if on else rows.exclude(typing_at=None)
    if not news.update(typing_at=now if on else None):
        return
    conversation = store.load(conversation_id)
    store.announce_desk(conversation, now=now)
    if conversation.owner == "human" and conversation.staff_id == staff_id:
        store.announce_typing(conversation, who="staff", on=on, now=now)


def note_customer_typing(*, conversation_id: UUID, on: bool, now: datetime) -> None:
    """The customer types: of interest only while a person has the conversation. Nothing of the text is known here."""
    conversation = store.load(conversation_id)
    if conversation.owner == "human":
        store.announce_typing(conversation, who="customer", on=on, now=now)


def forget_views(*, now: datetime) -> int:
    """Remove what counts no longer; returns how many."""
    return Viewing.objects.filter(seen_at__lt=now - 4 * VIEWS_FOR).delete()[0]
