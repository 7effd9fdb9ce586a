"""What the chat keeps about a person, what of it an erasure takes away, and what must stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION
from carloans.core.privacy import vault
from carloans.core.privacy.placeholders import rehydrate
from carloans.core.rights import ROW, Person, Stays, Table
from carloans.core.rights.declare import Row
from chat.models import Conversation, ConversationTag, HandOff, Message, Rating, SessionItem, StaffNote
from chat.services import forgetting

_THAT = _("That there was a conversation and which cards were answered in it, without its words; 12 CFR 1002.12(b)")


def resolve(person: Person, *, now: datetime) -> Person:
    """The conversations."""
    rows = Conversation.objects.filter(visitor__in=person.visitors).order_by("created_at")
    found = list(rows.values_list("pk", flat=True))
    return person.having(conversations=found, subjects=[f"conversation:{one}" for one in found])


def stop(person: Person, *, now: datetime) -> None:
    """Close the conversations for good: no reply that is under way and no further message finds its way in."""
    forgetting.close_for_good(visitor_ids=person.visitors, now=now)


def _rehydrated(person: Person, now: datetime) -> Callable[[Row], Row]:
    """A message as it was written: placeholders give way to what the vault keeps."""
    values = vault.mappings_of(owners=person.conversations)

    def show(row: Row) -> Row:
        known = values.get(row["conversation_id"], {})
        return row | {name: rehydrate(row[name], known) for name in ("text", "summary") if name in row}

    return show


def _theirs(person: Person) -> Q:
    return Q(conversation__in=person.conversations)


def _stays(since: str) -> Stays:
    return Stays(reason=_THAT, since=since, keeps=APPLICATION)


TABLES = [
    Table(
        model=StaffNote,
        title=_("Notes of our staff"),
        of=_theirs,
        order=("conversation", "at"),
        prepare=_rehydrated,
        erases=ROW,
    ),
    Table(
        model=ConversationTag,
        title=_("Words that our staff sorts conversations by"),
        of=_theirs,
        order=("conversation", "at"),
        erases=ROW,
    ),
    Table(
        model=HandOff,
        title=_("When a person of our team was asked to join"),
        of=_theirs,
        order=("conversation", "at"),
        prepare=_rehydrated,
        erases={"facts": {}, "summary": ""},
        stays=_stays("at"),
    ),
    Table(
        model=SessionItem,
        title=_("What Cathy remembers of a conversation"),
        of=_theirs,
        order=("conversation", "seq"),
        erases=ROW,
    ),
    Table(
        model=Message,
        title=_("Messages in the chat"),
        of=_theirs,
        order=("conversation", "seq"),
        prepare=_rehydrated,
        erases={"text": "", "card": None, "client_id": None},
        stays=_stays("at"),
    ),
    Table(
        model=Rating,
        title=_("How you rated a conversation"),
        of=_theirs,
        order=("conversation", "at"),
        erases=ROW,
    ),
    Table(
        model=Conversation,
        title=_("Your conversations"),
        of=lambda person: Q(pk__in=person.conversations),
        order=("created_at",),
        hidden=("turn_token", "turn_until", "turn_attempts"),
        erases={"note": ""},
        stays=_stays("last_at"),
    ),
]

EXEMPT = {"Viewing": "Which of the staff has a conversation open; removed after minutes"}
