"""What a trial took, read from the run log before it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from cathy.evaluation.suites import Usage, Violation
from cathy.models import AgentRun, Outcome, ToolCall


def of(*, conversation: UUID | None = None, application: UUID | None = None, visitor: UUID | None = None) -> Usage:
    """The usage of the runs about a conversation, application or visitor."""
    runs = list(_runs(conversation, application, visitor))
    calls = list(ToolCall.objects.filter(run__in=runs).order_by("run", "seq"))
    return Usage(
        runs=len(runs),
        tools=len(calls),
        tool_errors=tuple(f"{call.name}: {call.error_category}" for call in calls if not call.ok),
        failures=tuple(f"{run.error_category}: {run.error_code}" for run in runs if run.outcome == Outcome.FAILED),
        tokens=sum(run.tokens_in + run.tokens_out for run in runs),
        microcents=sum(run.cost_microcents or 0 for run in runs),
        first_text_ms=tuple(run.first_text_ms for run in runs if run.first_text_ms is not None),
        total_ms=tuple(run.total_ms for run in runs if run.total_ms is not None),
    )


def repeated_calls(
    *, conversation: UUID | None = None, application: UUID | None = None, visitor: UUID | None = None
) -> list[Violation]:
    """A violation for each tool that succeeded twice with the same arguments within one run."""
    calls = ToolCall.objects.filter(run__in=_runs(conversation, application, visitor), ok=True)
    return _twice((call.run_id, call.name, repr(call.arguments)) for call in calls)


def _twice(calls: Iterable[tuple[Any, str, str]]) -> list[Violation]:
    seen: set[tuple[Any, str, str]] = set()
    again = []
    for call in calls:
        if call in seen:
            again.append(Violation("tool_twice", call[1]))
        seen.add(call)
    return again


def _runs(conversation: UUID | None, application: UUID | None, visitor: UUID | None) -> Any:
    wanted = {"conversation": conversation, "application": application, "visitor": visitor}
    about = Q()
    for name, value in wanted.items():
        if value is not None:
            about |= Q(**{name: value})
    return AgentRun.objects.filter(about) if about else AgentRun.objects.none()
