"""What real models may cost: tokens and money, per conversation and per day (UTC).

Asked before each request to a model, so a long turn cannot overspend by more than one request; counted when a run is
closed. The simulated model is free. A spent budget is a refusal, and the conversation goes to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Sum

from carloans.core.errors import NotAllowed
from cathy.models import AgentRun, DailySpending, Mode

MICRO = 1_000_000


class BudgetSpent(NotAllowed):
    """`scope` is "conversation" or "day"."""

    code = "budget_spent"
    message = "Cathy has reached a limit here. A person from our team takes over."

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, and millionths of a cent."""

    tokens: int = 0
    microcents: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.tokens + other.tokens, self.microcents + other.microcents)

    def exceeds(self, *, tokens: int, cents: int) -> bool:
        """Whether a limit is reached; a limit of 0 is none."""
        return bool((tokens and self.tokens >= tokens) or (cents and self.microcents >= cents * MICRO))


def cost_microcents(*, model: str, tokens_in: int, tokens_out: int) -> int | None:
    """The price of a run in millionths of a cent; None for a model without a price."""
    price = settings.OPENAI_PRICES.get(model)
    return None if price is None else round(tokens_in * price[0] + tokens_out * price[1])


def of_conversation(*, conversation_id: UUID) -> Spent:
    """What the closed runs of a conversation took."""
    runs = AgentRun.objects.filter(conversation=conversation_id, mode=Mode.LIVE)
    sums = runs.aggregate(tokens=Sum(F("tokens_in") + F("tokens_out")), money=Sum("cost_microcents"))
    return Spent(sums["tokens"] or 0, sums["money"] or 0)


def of_day(*, now: datetime) -> Spent:
    """What the runs that were closed on this day took."""
    row = DailySpending.objects.filter(day=now.date()).first()
    return Spent(row.tokens, row.microcents) if row else Spent()


def require(*, conversation_id: UUID | None, running: Spent, now: datetime) -> None:
    """Raises BudgetSpent when nothing is left. `running` is what the open run took so far."""
    day = of_day(now=now) + running
    if day.exceeds(tokens=settings.BUDGET_TOKENS_PER_DAY, cents=settings.BUDGET_CENTS_PER_DAY):
        raise BudgetSpent("day")
    if conversation_id is None:
        return
    talk = of_conversation(conversation_id=conversation_id) + running
    if talk.exceeds(tokens=settings.BUDGET_TOKENS_PER_CONVERSATION, cents=settings.BUDGET_CENTS_PER_CONVERSATION):
        raise BudgetSpent("conversation")


def count(*, tokens: int, microcents: int, now: datetime) -> None:
    """Add a closed run to its day. Belongs into the transaction that closes it."""
    if not tokens:
        return
    row, made = DailySpending.objects.get_or_create(
        day=now.date(), defaults={"tokens": tokens, "microcents": microcents}
    )
    if not made:
        DailySpending.objects.filter(pk=row.pk).update(
            tokens=F("tokens") + tokens, microcents=F("microcents") + microcents
        )
