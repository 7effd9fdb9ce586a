"""What other rooms say of a conversation's customer, read in the same query as the row.

Each message of a customer asks for it, so it must not cost three ways to the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, OuterRef, UUIDField, Value
from django.db.models.functions import Coalesce

from carloans.core import switches
from carloans.core.composed import Given, Tuples
from chat.models import Conversation, Message
from credit import selectors as credit
from visitors import selectors as visitors

DEALERS = "dealer_contact"


@dataclass(frozen=True, slots=True)
class Standing:
    """`agreed` to be contacted by dealers; `credit` is the newest outcome or "none"; `ai_off` that the switch is off
    somewhere; `open_cards` the kinds of the cards that may be pressed."""

    agreed: bool
    credit: str
    ai_off: bool
    open_cards: tuple[str, ...]


def along(rows: Any) -> Any:
    """The rows with what `noted` needs; `now` is to be given."""
    visitor = OuterRef("visitor_id")
    now = Given("now", DateTimeField())
    return rows.annotate(
        has_agreed=visitors.consent_stands(visitor=visitor, kind=DEALERS, now=now),
        credit_outcome=Coalesce(credit.latest_outcome_of(visitor), Value("none"), output_field=CharField()),
        ai_is_off=switches.off_somewhere("ai"),
    )


_ALONG = Tuples(
    lambda: along(Conversation.objects.filter(pk=Given("pk", UUIDField()))).values_list(
        "has_agreed", "credit_outcome", "ai_is_off"
    )
)


def note(conversation: Any, messages: Iterable[Message]) -> None:
    """Keep what `along` brought at the row; `messages` hold all those whose cards stand open."""
    conversation.standing = Standing(
        agreed=conversation.has_agreed,
        credit=conversation.credit_outcome,
        ai_off=conversation.ai_is_off,
        open_cards=_open_kinds(messages),
    )


def of(conversation: Conversation, *, now: datetime) -> Standing:
    """What was noted, else what is so now."""
    if conversation.standing is None:
        [[agreed, outcome, ai_off]] = _ALONG(pk=conversation.pk, now=now)
        cards = conversation.messages.filter(card_state=Message.CardState.OPEN)
        conversation.standing = Standing(agreed, outcome, ai_off, _open_kinds(cards))
    found: Standing = conversation.standing
    return found


def _open_kinds(messages: Iterable[Message]) -> tuple[str, ...]:
    is_open = (message for message in messages if message.card_state == Message.CardState.OPEN)
    return tuple(sorted({str(message.card["kind"]) for message in is_open if message.card}))
