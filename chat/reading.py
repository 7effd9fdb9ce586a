"""Conversations as the operations room reads them: placeholders stay, so that no contact data shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chat.models import Conversation


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One conversation in a list."""

    id: UUID
    visitor_id: UUID
    application_id: UUID | None
    owner: str
    staff: str
    note: str
    locale: str
    messages: int
    waiting_since: datetime | None
    created_at: datetime
    last_at: datetime


def _line(row: Conversation) -> ConversationLine:
    return ConversationLine(
        id=row.pk,
        visitor_id=row.visitor_id,
        application_id=row.application_id,
        owner=row.owner,
        staff=row.staff.get_username() if row.staff else "",
        note=row.note,
        locale=row.locale,
        messages=row.last_seq,
        waiting_since=row.queued_at if row.owner == "queue" else None,
        created_at=row.created_at,
        last_at=row.last_at,
    )


def conversations(*, owner: str = "", limit: int = 50) -> list[ConversationLine]:
    """The conversations that moved last, optionally of one owner (ai, queue, human, closed)."""
    rows = Conversation.objects.filter(rehearsal=False).select_related("staff").order_by("-last_at")
    return [_line(row) for row in (rows.filter(owner=owner) if owner else rows)[:limit]]


def conversation(*, conversation_id: UUID) -> ConversationLine | None:
    """One conversation, or None."""
    row = Conversation.objects.select_related("staff").filter(pk=conversation_id).first()
    return _line(row) if row else None


def transcript(*, conversation_id: UUID) -> list[dict[str, Any]]:
    """Its messages in order as they are stored: {seq, role, text, card, at}."""
    rows = Conversation.objects.get(pk=conversation_id).messages.order_by("seq")
    return [
        {"seq": row.seq, "role": row.role, "text": row.text, "card": (row.card or {}).get("kind", ""), "at": row.at}
        for row in rows
    ]
