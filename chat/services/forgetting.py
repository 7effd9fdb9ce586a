"""Erasing what a visitor said. That there was a conversation, and what was agreed to in it, stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from carloans.core import audit
from carloans.core.privacy import vault
from chat.models import Conversation, ConversationTag, HandOff, Message, Rating, SessionItem, StaffNote
from chat.services import store


def forget_visitor(*, visitor_id: UUID, now: datetime) -> int:
    """Empty the texts of a visitor's conversations, the model's memory and the vault; returns how many there were."""
    with transaction.atomic():
        closed = close_for_good(visitor_ids=[visitor_id], now=now)
        Message.objects.filter(conversation__in=closed).update(text="", card=None, client_id=None)
        for beside in (SessionItem, StaffNote, ConversationTag, Rating):
            beside.objects.filter(conversation__in=closed).delete()
        HandOff.objects.filter(conversation__in=closed).update(facts={}, summary="")
        vault.forget_all(owners=closed)
    return len(closed)


def close_for_good(*, visitor_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Close the visitors' conversations so that nothing is ever added to them again. Returns those that were open.

    The UPDATE waits for a writer who holds the row, and whoever comes later finds it forgotten (`store.append`): so
    what is erased next in this transaction is all that there is. A turn that runs loses its claim.
    """
    with transaction.atomic():
        rows = Conversation.objects.select_for_update().filter(visitor__in=visitor_ids, forgotten_at__isnull=True)
        found = list(rows.order_by("pk"))
        ids = [one.pk for one in found]
        Conversation.objects.filter(pk__in=ids).update(
            forgotten_at=now, owner="closed", closed_at=now, note="", turn_token=None, turn_until=None,
            pending_check=None, wants_check=False,
        )  # fmt: skip
        for one in found:
            subject = f"conversation:{one.pk}"
            audit.record(action="conversation.forgotten", actor="system", subject=subject, now=now, facts={})
            if one.owner != "closed":
                # Whoever waits behind it moves up.
                store.announce_owner(one, "closed", now=now)
    return ids


@transaction.atomic
def discard_rehearsal(*, conversation_id: UUID) -> None:
    """Remove a rehearsal altogether; a customer's conversation is never touched."""
    deleted, _ = Conversation.objects.filter(pk=conversation_id, rehearsal=True).delete()
    if deleted:
        vault.forget(owner=conversation_id)
