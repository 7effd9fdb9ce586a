"""Writing the run log. Keyword-only, synchronous; the engine calls these through `cathy.engine.db.db`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from carloans.core.errors import Category
from cathy.models import AgentRun, Outcome, ToolCall, Verdict

#: Three times the longest deadline of a run, rounded up: no live run is older.
LOST_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """A finished tool call; `arguments` are redacted already."""

    name: str
    arguments: dict[str, Any]
    ok: bool
    ms: float
    error_category: str = ""


@dataclass(frozen=True, slots=True)
class VerdictEntry:
    """A guardrail that said no."""

    stage: str
    rule: str
    action: str


def start_run(
    *,
    run_id: UUID,
    agent: str,
    trigger: str,
    model: str,
    mode: str,
    prompt_version: str,
    conversation_id: UUID | None,
    visitor_id: UUID | None,
    application_id: UUID | None,
    now: datetime,
) -> None:
    """Write the row of a run that is about to ask the model."""
    AgentRun.objects.create(
        uuid=run_id,
        agent=agent,
        trigger=trigger,
        model=model,
        mode=mode,
        prompt_version=prompt_version,
        conversation=conversation_id,
        visitor=visitor_id,
        application=application_id,
        started_at=now,
    )


@transaction.atomic
def finish_run(
    *,
    run_id: UUID,
    outcome: str,
    now: datetime,
    total_ms: float,
    first_text_ms: float | None,
    error_category: str,
    error_code: str,
    requests: int,
    tokens_in: int,
    tokens_out: int,
    timeline: list[dict[str, Any]],
    tools: Sequence[ToolEntry],
    verdicts: Sequence[VerdictEntry],
) -> bool:
    """Close a run with all that it did, in one transaction. False when it was closed before."""
    closed = AgentRun.objects.filter(uuid=run_id, outcome=Outcome.RUNNING).update(
        outcome=outcome,
        total_ms=total_ms,
        first_text_ms=first_text_ms,
        error_category=error_category,
        error_code=error_code,
        requests=requests,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        timeline=timeline,
    )
    if not closed:
        return False
    ToolCall.objects.bulk_create(
        ToolCall(
            run_id=run_id,
            seq=seq,
            name=tool.name[:60],
            arguments=tool.arguments,
            ok=tool.ok,
            ms=tool.ms,
            error_category=tool.error_category,
        )
        for seq, tool in enumerate(tools, start=1)
    )
    Verdict.objects.bulk_create(
        Verdict(run_id=run_id, stage=v.stage, rule=v.rule[:60], action=v.action, at=now) for v in verdicts
    )
    return True


def record_verdict(*, stage: str, rule: str, action: str, now: datetime, run_id: UUID | None = None) -> None:
    """Note a guardrail's no that fell outside a run's own checks, such as a rule that a written e-mail broke."""
    Verdict.objects.create(run_id=run_id, stage=stage, rule=rule[:60], action=action[:20], at=now)


def sweep_lost_runs(*, now: datetime) -> int:
    """Mark runs whose process died as failed, and return how many there were."""
    lost = AgentRun.objects.filter(outcome=Outcome.RUNNING, started_at__lt=now - LOST_AFTER)
    return lost.update(outcome=Outcome.FAILED, error_category=Category.AGENT_TIMEOUT.value, error_code="run_lost")


def forget_runs(*, agent: str) -> int:
    """Delete the runs of an agent that is not one of the product's (a benchmark's); return how many rows went."""
    deleted, _ = AgentRun.objects.filter(agent=agent).delete()
    return deleted
