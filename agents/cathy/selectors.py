"""Reading the run log, for the operations room and the metrics. Every figure comes from rows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from cathy.models import AgentRun, CompiledPrompt, Outcome, Verdict
from cathy.registry import AgentCard, cards


@dataclass(frozen=True, slots=True)
class AgentState:
    """One agent at a moment. Counts and p95 cover the hour before it; `last_outcome` may be "running"."""

    card: AgentCard
    last_run_at: datetime | None
    last_outcome: str
    last_mode: str
    runs_last_hour: int
    p95_total_ms: float | None
    failures_last_hour: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles in milliseconds over `count` values; None when there are none."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a list shows it."""

    run_id: UUID
    agent: str
    trigger: str
    mode: str
    model: str
    outcome: str
    error_category: str
    error_code: str
    started_at: datetime
    first_text_ms: float | None
    total_ms: float | None
    requests: int
    tokens_in: int
    tokens_out: int
    tools: int
    conversation: UUID | None
    visitor: UUID | None
    application: UUID | None


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with its tool calls, verdicts and timeline, each in order.

    `prompt` is the version of the wishes that held (None for the built-in one), `instructions` what the model was told,
    `recording` what it was given and answered (`cathy.engine.recording`), {} when nothing was kept.
    """

    summary: RunSummary
    prompt: UUID | None
    prompt_version: str
    cost_microcents: int | None
    instructions: str
    recording: dict[str, Any]
    tool_calls: tuple[dict[str, Any], ...]
    verdicts: tuple[dict[str, Any], ...]
    timeline: tuple[dict[str, Any], ...]


def agent_states(*, now: datetime) -> list[AgentState]:
    """Return the state of every registered agent, also of one that never ran."""
    return [_state(card, now) for card in cards()]


def _state(card: AgentCard, now: datetime) -> AgentState:
    runs = AgentRun.objects.filter(agent=card.name, started_at__lte=now)
    last = runs.order_by("-started_at").first()
    recent = runs.filter(started_at__gte=now - timedelta(hours=1))
    counts = recent.aggregate(runs=Count("uuid"), failures=Count("uuid", filter=Q(outcome=Outcome.FAILED)))
    return AgentState(
        card=card,
        last_run_at=last.started_at if last else None,
        last_outcome=last.outcome if last else "",
        last_mode=last.mode if last else "",
        runs_last_hour=counts["runs"],
        p95_total_ms=_latency(recent, "total_ms").p95,
        failures_last_hour=counts["failures"],
    )


def first_text_latency(*, since: datetime, agent: str | None = None) -> Latency:
    """Return how long customers waited for the first checked text of replies that began at `since` or later."""
    return _latency(_runs(since, agent), "first_text_ms")


def total_latency(*, since: datetime, agent: str | None = None) -> Latency:
    """Return how long finished runs took that began at `since` or later."""
    return _latency(_runs(since, agent), "total_ms")


def _runs(since: datetime, agent: str | None) -> QuerySet[AgentRun]:
    runs = AgentRun.objects.filter(started_at__gte=since)
    return runs.filter(agent=agent) if agent else runs


def _latency(runs: QuerySet[AgentRun], field: str) -> Latency:
    """Percentiles by the nearest rank: two databases, one answer, and no more than three values fetched."""
    values = runs.filter(**{f"{field}__isnull": False}).order_by(field).values_list(field, flat=True)
    count = values.count()
    return Latency(count, *(_at_rank(values, count, share) for share in (0.50, 0.95, 0.99)))


def _at_rank(values: Any, count: int, share: float) -> float | None:
    return float(values[math.ceil(count * share) - 1]) if count else None


def recent_runs(
    *, limit: int = 50, agent: str | None = None, conversation: UUID | None = None, application: UUID | None = None
) -> list[RunSummary]:
    """Return the newest runs, newest first."""
    wanted = {"agent": agent, "conversation": conversation, "application": application}
    runs = AgentRun.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return [_summary(run) for run in runs.annotate(tools=Count("tool_calls")).order_by("-started_at")[:limit]]


def run_detail(*, run_id: UUID) -> RunDetail | None:
    """Return one run with all that is known of it, or None."""
    rows = AgentRun.objects.annotate(tools=Count("tool_calls")).select_related("recording")
    run = rows.filter(uuid=run_id).first()
    if run is None:
        return None
    calls = run.tool_calls.order_by("seq").values("seq", "name", "arguments", "ok", "ms", "error_category")
    verdicts = run.verdicts.order_by("id").values("stage", "rule", "action", "layer", "at")
    kept = getattr(run, "recording", None)
    return RunDetail(
        summary=_summary(run),
        prompt=run.prompt,
        prompt_version=run.prompt_version,
        cost_microcents=run.cost_microcents,
        instructions=_instructions(kept.instructions) if kept else "",
        recording=kept.data if kept else {},
        tool_calls=tuple(map(dict, calls)),
        verdicts=tuple(map(dict, verdicts)),
        timeline=tuple(run.timeline),
    )


def _instructions(digest: str) -> str:
    return CompiledPrompt.objects.filter(digest=digest).values_list("text", flat=True).first() or ""


def failures_by_category(*, since: datetime) -> dict[str, int]:
    """Return how many runs failed since, by error category."""
    failed = AgentRun.objects.filter(started_at__gte=since, outcome=Outcome.FAILED)
    return _counted(failed.values_list("error_category").annotate(n=Count("uuid")))


def verdicts_by_rule(*, since: datetime) -> dict[str, int]:
    """Return how often each guardrail rule said no since."""
    return _counted(Verdict.objects.filter(at__gte=since).values_list("rule").annotate(n=Count("id")))


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    return {str(key): int(count) for key, count in rows}


def _summary(run: Any) -> RunSummary:
    return RunSummary(
        run_id=run.uuid,
        agent=run.agent,
        trigger=run.trigger,
        mode=run.mode,
        model=run.model,
        outcome=run.outcome,
        error_category=run.error_category,
        error_code=run.error_code,
        started_at=run.started_at,
        first_text_ms=run.first_text_ms,
        total_ms=run.total_ms,
        requests=run.requests,
        tokens_in=run.tokens_in,
        tokens_out=run.tokens_out,
        tools=run.tools,
        conversation=run.conversation,
        visitor=run.visitor,
        application=run.application,
    )


@dataclass(frozen=True, slots=True)
class AgentMet:
    """How often one agent worked on somebody's matters, and when last."""

    agent: str
    runs: int
    last_at: datetime


def agents_met(*, visitors: Iterable[UUID]) -> list[AgentMet]:
    """Return which agents had a part in what concerns these visitors, by name."""
    runs = AgentRun.objects.filter(visitor__in=list(visitors)).values("agent")
    counted = runs.annotate(n=Count("uuid"), last=Max("started_at")).order_by("agent")
    return [AgentMet(one["agent"], one["n"], one["last"]) for one in counted]
