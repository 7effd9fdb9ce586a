"""Customers who wait too long: staff is told, once for each wait."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.models import Conversation
from chat.services import store


@transaction.atomic
def alarm(*, conversation_id: UUID, now: datetime) -> bool:
    """Tell staff that this customer waits too long; False when they were told already or somebody has answered."""
    rows = Conversation.objects.filter(pk=conversation_id, owner__in=["queue", "human"], alarmed_at=None)
    if not rows.update(alarmed_at=now):
        return False
    conversation = store.load(conversation_id)
    waits = "for a person" if conversation.owner == "queue" else "for an answer of the person who has it"
    store.report(
        conversation,
        kind="chat.waits_too_long",
        summary=f"A customer has waited too long {waits}",
        now=now,
        severity="error",
    )
    return True
