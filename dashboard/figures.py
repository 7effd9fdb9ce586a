"""What the operations room shows: figures composed from the rooms' selectors, each counted from rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns import selectors as campaigns
from carloans.core import errorlog
from carloans.core.errors import Category
from cathy import selectors as cathy
from chat import reading as chat
from credit import selectors as credit
from leads import selectors as leads
from visitors import selectors as visitors

PERIODS = {"today": _("Today (UTC)"), "24h": _("24 hours"), "7d": _("7 days"), "30d": _("30 days")}
_LENGTHS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}

#: Categories in which we refused what we should refuse; the others are faults.
REFUSALS = (Category.BAD_INPUT, Category.NOT_ALLOWED)
_FUNNEL_WORDS = {
    "visitors": _("Visitors"),
    "started": _("Started the form"),
    "saved": _("Saved their progress"),
    "abandoned": _("Left"),
    "contactable": _("May be written to"),
    "returned": _("Came back"),
    "prequalified": _("Prequalified"),
    "leads": _("Leads"),
    "accepted": _("Accepted by a dealer"),
}


def since_of(period: str, now: datetime) -> datetime:
    """When a period began; an unknown word means today."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return now - _LENGTHS[period] if period in _LENGTHS else midnight


@dataclass(frozen=True)
class Bar:
    """One line of the funnel: its share is of the largest line, in per cent."""

    label: str
    count: int
    share: float


def _bars(counts: dict[str, int]) -> list[Bar]:
    most = max(counts.values(), default=0)
    return [
        Bar(str(_FUNNEL_WORDS[name]), count, round(100 * count / most, 1) if most else 0.0)
        for name, count in counts.items()
    ]


def funnel(*, since: datetime, now: datetime) -> list[Bar]:
    """From arrival to a dealer's acceptance."""
    counts = visitors.funnel(since=since, now=now)
    lead_counts = leads.figures(since=since)
    steps = {name: counts[name] for name in _FUNNEL_WORDS if name in counts}
    steps["prequalified"] = credit.outcome_counts(since=since).get("prequalified", 0)
    return _bars(steps | {"leads": lead_counts["total"], "accepted": lead_counts.get("accepted", 0)})


@dataclass(frozen=True)
class Faults:
    """Errors since a time. `rate` is the share of attempts that ended in a fault, None without any attempt."""

    by_category: dict[str, int]
    faults: int
    refusals: int
    attempts: int
    rate: float | None


def faults(*, since: datetime) -> Faults:
    """The error rate by category over agent runs, mails, credit checks and submissions; a retry is another attempt."""
    counts = errorlog.error_counts(since=since)
    wrong = sum(count for category, count in counts.items() if category not in REFUSALS)
    refused = sum(counts[category] for category in REFUSALS)
    attempts = _successes(since) + wrong
    return Faults(counts, wrong, refused, attempts, wrong / attempts if attempts else None)


def _successes(since: datetime) -> int:
    """What ended well: a dealer's "no" and a check that needs a person are answers, not faults."""
    settled = leads.acceptance(since=since)
    checks = credit.outcome_counts(since=since)
    runs = cathy.total_latency(since=since).count - sum(cathy.failures_by_category(since=since).values())
    sent = campaigns.delivery_figures(since=since).sent
    answered = checks["prequalified"] + checks["needs_person"] + settled["accepted"] + settled["rejected"]
    return int(max(runs, 0) + sent + answered)


def percentile(values: Sequence[int], share: int) -> int | None:
    """Nearest rank; None without a value."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * share // 100), 1) - 1] if ordered else None


def headline(*, since: datetime, now: datetime) -> dict[str, Any]:
    """The row of figures and the warnings above it."""
    return {
        "leads_today": leads.figures(since=since_of("today", now)),
        "delivery": campaigns.delivery_figures(since=since),
        "reply": chat.reply_latency(since=since),
        "satisfaction": chat.satisfaction(since=since),
        "credit": credit.outcome_counts(since=since),
        "credit_p95": percentile(credit.latency_ms(since=since), 95),
        "duties": credit.duty_counts(now=now),
        "faults": faults(since=since),
    }


def flow(*, since: datetime, now: datetime) -> dict[str, Any]:
    """The funnel, and what went wrong or waits for a person."""
    return {
        "funnel": funnel(since=since, now=now),
        "faults": faults(since=since),
        "refusal_names": [str(category) for category in REFUSALS],
        "acceptance": leads.acceptance(since=since),
        "submit_p95": percentile(leads.latency_ms(since=since), 95),
        "duties": credit.duty_counts(now=now),
    }
