"""Conversations as the staff inbox reads them: placeholders stay, so that no contact data shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from chat import briefs, staffing, vaulting
from chat.limits import TYPES_FOR, VIEWS_FOR
from chat.models import CannedReply, Conversation, Desk, HandOff, Message, StaffNote, Viewing
from chat.selectors import staff_name

#: Lists of the inbox, in their order on the screen.
LISTS: Final = ("queue", "mine", "colleagues", "ai", "waiting", "closed")
#: What is closed is counted up to here; more is "more".
MOST_COUNTED: Final = 1000
#: Messages of a transcript on the page.
TALK: Final = 400

#: A place in a list: the value that it is ordered by, and the id.
Mark = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One conversation in a list. `waits_since` is since when the customer waits for somebody, None if for nobody."""

    id: UUID
    visitor_id: UUID
    owner: str
    staff_id: int | None
    staff: str
    why: str
    locale: str
    messages: int
    waits_since: datetime | None
    is_late: bool
    outcome: str
    tags: list[str]
    last_at: datetime
    mark: Mark


def _condition(shown: str, staff_id: int) -> Q:
    return {
        "queue": Q(owner="queue"),
        "mine": Q(owner="human", staff_id=staff_id),
        "colleagues": Q(owner="human") & ~Q(staff_id=staff_id),
        "ai": Q(owner="ai"),
        "waiting": Q(owner__in=["ai", "human"], asked_seq__lte=F("answered_seq")),
        "closed": Q(owner="closed"),
    }[shown]


#: Each list's column of order; the queue shows first who has waited longest.
_ORDER: Final = {"queue": "queued_at", "closed": "-closed_at"}


def _order(shown: str) -> str:
    return _ORDER.get(shown, "-last_at")


def _rows() -> QuerySet[Conversation]:
    real = Conversation.objects.filter(rehearsal=False, forgotten_at__isnull=True)
    return real.select_related("staff").prefetch_related("tags")


def lines(*, shown: str, staff_id: int, now: datetime, after: Mark | None = None, limit: int = 50) -> list[InboxLine]:
    """A page of one list, beginning behind a mark."""
    order = _order(shown)
    column = order.lstrip("-")
    rows = _rows().filter(_condition(shown, staff_id), **{f"{column}__isnull": False})
    if after:
        way = "lt" if order.startswith("-") else "gt"
        beyond = Q(**{f"{column}__{way}": after[0]}) | Q(**{column: after[0], f"pk__{way}": after[1]})
        rows = rows.filter(beyond)
    tie = "-pk" if order.startswith("-") else "pk"
    return [_line(row, column, now) for row in rows.order_by(order, tie)[:limit]]


def lines_of(*, ids: Collection[UUID], shown: str, staff_id: int, now: datetime) -> list[InboxLine]:
    """Those of these conversations that belong into a list; for the news of a page that shows it."""
    order = _order(shown)
    rows = _rows().filter(_condition(shown, staff_id), pk__in=ids)
    return [_line(row, order.lstrip("-"), now) for row in rows.order_by(order)]


def found(*, now: datetime, ids: Collection[UUID] = (), tag: str = "", limit: int = 50) -> list[InboxLine]:
    """Conversations by id (of them, their visitor or application) or by tag, in whatever list they are."""
    wanted = Q(tags__name=tag) if tag else Q(pk__in=ids) | Q(visitor__in=ids) | Q(application_id__in=ids)
    rows = _rows().filter(wanted).order_by("-last_at", "-pk")
    return [_line(row, "last_at", now) for row in rows[:limit]]


def ids_between(*, low: UUID, high: UUID, limit: int = 50) -> list[UUID]:
    """Ids of conversations in a range: those that begin with what somebody read off a screen."""
    return list(Conversation.objects.filter(pk__gte=low, pk__lte=high).values_list("pk", flat=True)[:limit])


def _line(row: Conversation, column: str, now: datetime) -> InboxLine:
    since = _waits_since(row)
    return InboxLine(
        id=row.pk,
        visitor_id=row.visitor_id,
        owner=row.owner,
        staff_id=row.staff_id,
        staff=short_name(row.staff),
        why=briefs.why(row.note) if row.note else "",
        locale=row.locale,
        messages=row.last_seq,
        waits_since=since,
        is_late=since is not None and row.owner != "ai" and staffing.waits_too_long(since=since, now=now),
        outcome=row.get_outcome_display() if row.outcome else "",
        tags=sorted(tag.name for tag in row.tags.all()),
        last_at=row.last_at,
        mark=(getattr(row, column) or row.last_at, row.pk),
    )


def _waits_since(row: Conversation) -> datetime | None:
    if row.owner == "queue":
        return row.queued_at
    waits = row.owner in {"ai", "human"} and row.asked_seq > row.answered_seq
    return row.asked_at if waits else None


def short_name(staff: Any) -> str:
    """A colleague's first name, else the user name; "" for nobody."""
    return (staff.get_short_name() or staff.get_username()) if staff else ""


def counts(*, staff_id: int) -> dict[str, int]:
    """How many each list holds, in two queries; the closed ones up to MOST_COUNTED."""
    real = Conversation.objects.filter(rehearsal=False, forgotten_at__isnull=True)
    wanted = {shown: Count("pk", filter=_condition(shown, staff_id)) for shown in LISTS if shown != "closed"}
    open_ones = real.filter(owner__in=["ai", "queue", "human"]).aggregate(**wanted)
    return open_ones | {"closed": real.filter(owner="closed")[:MOST_COUNTED].count()}


def line(*, conversation_id: UUID, now: datetime) -> InboxLine | None:
    """One conversation; None for an unknown or erased one."""
    row = _rows().filter(pk=conversation_id).first()
    return _line(row, "last_at", now) if row else None


def talk(*, conversation_id: UUID, after: int = 0, reveal: bool = False) -> list[dict[str, Any]]:
    """Messages behind a number, oldest first, at most TALK of the newest:
    {seq, id, role, name, text, card, card_state, card_choice, at, read}."""
    conversation = Conversation.objects.get(pk=conversation_id)
    rows = list(conversation.messages.filter(seq__gt=after).select_related("staff").order_by("-seq")[:TALK])[::-1]
    texts = [row.text for row in rows]
    shown = vaulting.reveal(conversation_id, texts) if reveal else texts
    return [_said(conversation, row, text) for row, text in zip(rows, shown, strict=True)]


def _said(conversation: Conversation, row: Message, text: str) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "role": row.role,
        "name": staff_name(row.staff, "en") if row.role == Message.Role.STAFF else "",
        "text": text,
        "card": (row.card or {}).get("kind", ""),
        "card_state": row.card_state,
        "card_choice": row.card_choice,
        "at": row.at,
        "read": row.seq <= conversation.customer_read_seq,
    }


def brief(*, conversation_id: UUID) -> dict[str, Any] | None:
    """What was known when a person was last asked: {summary, facts, why, at, source, staff, claimed_at, ended}."""
    row = HandOff.objects.filter(conversation=conversation_id).select_related("staff").order_by("-at", "-pk").first()
    if row is None:
        return None
    return {
        "summary": row.summary,
        "facts": row.facts,
        "why": briefs.why(row.reason),
        "at": row.at,
        "source": row.get_source_display(),
        "staff": short_name(row.staff),
        "claimed_at": row.claimed_at,
        "ended": row.ended,
    }


def notes(*, conversation_id: UUID) -> list[dict[str, Any]]:
    """Notes of staff, oldest first: {text, at, staff}."""
    rows = StaffNote.objects.filter(conversation=conversation_id).select_related("staff").order_by("at", "pk")
    return [{"text": row.text, "at": row.at, "staff": short_name(row.staff)} for row in rows]


def onlookers(*, conversation_id: UUID, now: datetime, but: int) -> list[dict[str, Any]]:
    """Colleagues who have it open: {staff, types}."""
    rows = Viewing.objects.filter(conversation=conversation_id, seen_at__gt=now - VIEWS_FOR).exclude(staff_id=but)
    return [
        {"staff": short_name(row.staff), "types": row.typing_at is not None and now - row.typing_at < TYPES_FOR}
        for row in rows.select_related("staff").order_by("staff_id")
    ]


def canned(*, locale: str) -> list[dict[str, str]]:
    """Ready-made replies in a language: {key, title, text}, the names in braces not filled in yet."""
    spanish = locale.startswith("es")
    return [
        {"key": row.key, "title": row.title, "text": row.text_es if spanish else row.text_en}
        for row in CannedReply.objects.filter(active=True)
    ]


def last_words(*, conversation_id: UUID) -> str:
    """The customer's newest message as it is stored; "" for none."""
    asked = Message.objects.filter(conversation=conversation_id, role=Message.Role.CUSTOMER).order_by("-seq")
    return asked.values_list("text", flat=True).first() or ""


def takes_conversations(*, staff_id: int) -> bool:
    """Whether somebody takes conversations at the moment."""
    return Desk.objects.filter(staff_id=staff_id, takes=True).exists()


#: How a person may say that it ended.
OUTCOMES: Final = Conversation.Outcome.choices
