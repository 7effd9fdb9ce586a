"""Conversations as the operations room reads them: placeholders stay, so that no contact data shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count

from chat.models import Conversation, Message, Rating


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


@dataclass(frozen=True, slots=True)
class ReplyLatency:
    """How long customers waited for Cathy, in milliseconds from the arrival of their message; None without replies."""

    count: int
    first_text_p50: int | None
    first_text_p95: int | None
    reply_p50: int | None
    reply_p95: int | None


def reply_latency(*, since: datetime, limit: int = 5000) -> ReplyLatency:
    """Over the newest replies since a time, counted from their rows; rehearsals left out."""
    rows = Message.objects.filter(reply_ms__isnull=False, at__gte=since, conversation__rehearsal=False)
    pairs = list(rows.order_by("-at").values_list("first_text_ms", "reply_ms")[:limit])
    first = sorted(value for value, _ in pairs if value is not None)
    whole = sorted(value for _, value in pairs if value is not None)
    return ReplyLatency(len(whole), _rank(first, 50), _rank(first, 95), _rank(whole, 50), _rank(whole, 95))


def _rank(ordered: list[int], percent: int) -> int | None:
    """The nearest-rank percentile."""
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)] if ordered else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What customers answered after their conversations ended; `mean` is from 1 to 5, None without answers."""

    count: int
    mean: float | None


def satisfaction(*, since: datetime) -> Satisfaction:
    """Over the answers since a time."""
    found = Rating.objects.filter(at__gte=since).aggregate(count=Count("pk"), mean=Avg("score"))
    return Satisfaction(found["count"], round(found["mean"], 2) if found["mean"] is not None else None)
