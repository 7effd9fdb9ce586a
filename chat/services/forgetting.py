"""Erasing what a visitor said. That there was a conversation, and what was agreed to in it, stays on record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from carloans.core import audit
from carloans.core.privacy import vault
from chat.models import Conversation, Message, SessionItem


def forget_visitor(*, visitor_id: UUID, now: datetime) -> int:
    """Empty the texts of a visitor's conversations, the model's memory and the vault; returns how many there were."""
    rows = Conversation.objects.filter(visitor_id=visitor_id, forgotten_at__isnull=True)
    return sum(_forget(conversation, now) for conversation in rows)


@transaction.atomic
def _forget(conversation: Conversation, now: datetime) -> int:
    rows = Conversation.objects.filter(pk=conversation.pk, forgotten_at__isnull=True)
    if not rows.update(
        forgotten_at=now, owner="closed", closed_at=now, turn_token=None, turn_until=None, pending_check=None
    ):
        return 0
    Message.objects.filter(conversation=conversation).update(text="")
    SessionItem.objects.filter(conversation=conversation).delete()
    vault.forget(owner=conversation.pk)
    audit.record(
        action="conversation_forgotten", actor="system", subject=f"conversation:{conversation.pk}", now=now, facts={}
    )
    return 1


@transaction.atomic
def discard_rehearsal(*, conversation_id: UUID) -> None:
    """Remove a rehearsal altogether; a customer's conversation is never touched."""
    deleted, _ = Conversation.objects.filter(pk=conversation_id, rehearsal=True).delete()
    if deleted:
        vault.forget(owner=conversation_id)
