"""Writing the run log. Keyword-only, synchronous; the engine calls these through `cathy.engine.db.db`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField

from carloans.core import grouping
from carloans.core.composed import Change, Given, Insert
from carloans.core.errors import Category
from cathy import budgets
from cathy.models import AgentRun, CompiledPrompt, Outcome, RunRecording, ToolCall, Verdict

_insert_run = Insert(AgentRun)
_insert_recording = Insert(RunRecording)
_CLOSED_WITH: Final = (
    "outcome", "model", "cost_microcents", "total_ms", "first_text_ms", "error_category", "error_code", "requests",
    "tokens_in", "tokens_out", "timeline",
)  # fmt: skip
_CLOSE: Final = Change(
    lambda: AgentRun.objects.filter(uuid=Given("run", UUIDField()), outcome=Outcome.RUNNING),
    {field.name: Given(field.name, field) for field in AgentRun._meta.concrete_fields if field.name in _CLOSED_WITH},
    returning=("agent",),
)

#: What runs of the simulated model are labelled with.
SIMULATED = "simulated"
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
    #: What the model read, as it was; only the recording keeps it, redacted.
    result: str = ""
    #: The guard that refused the call.
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run's recording keeps: the instructions' text with its digest, and the rest, redacted already."""

    instructions: str
    digest: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class VerdictEntry:
    """A guardrail that said no."""

    stage: str
    rule: str
    action: str
    layer: str = ""


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
    prompt: UUID | None = None,
) -> None:
    """Write the row of a run that is about to ask the model. `prompt` is the version of the wishes that holds."""
    _insert_run(
        AgentRun(
            uuid=run_id,
            agent=agent,
            trigger=trigger,
            model=model,
            mode=mode,
            prompt=prompt,
            prompt_version=prompt_version,
            conversation=conversation_id,
            visitor=visitor_id,
            application=application_id,
            started_at=now,
        )
    )


@grouping.in_one
def finish_run(
    *,
    run_id: UUID,
    outcome: str,
    model: str,
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
    microcents: int | None = None,
    recorded: Recorded | None = None,
) -> bool:
    """Close a run with all that it did, in one transaction. False when it was closed before.

    `model` is the one that answered last, `microcents` what all answers cost (None: by the price of `model`). What a
    real one took is added to its day's spending.
    """
    live = model != SIMULATED
    price = budgets.cost_microcents(model=model, tokens_in=tokens_in, tokens_out=tokens_out) if live else None
    cost = price if microcents is None else microcents
    closed = _CLOSE(
        run=run_id,
        outcome=outcome,
        model=model,
        cost_microcents=cost,
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
    [(agent,)] = closed
    if live:
        budgets.count(tokens=tokens_in + tokens_out, microcents=cost or 0, now=now)
    _keep_details(run_id, tools, verdicts, now)
    if recorded:
        _keep_recording(run_id, agent, recorded, now)
    return True


def _keep_details(run_id: UUID, tools: Sequence[ToolEntry], verdicts: Sequence[VerdictEntry], now: datetime) -> None:
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
        Verdict(run_id=run_id, stage=v.stage, rule=v.rule[:60], action=v.action, layer=v.layer, at=now)
        for v in verdicts
    )


#: Digests of instructions that are stored already, as far as this process knows.
_known_instructions: set[str] = set()


def forget_known_instructions() -> None:
    """For tests, whose rows come and go behind the memory."""
    _known_instructions.clear()


def _keep_recording(run_id: UUID, agent: str, recorded: Recorded, now: datetime) -> None:
    if recorded.digest and recorded.digest not in _known_instructions:
        row = CompiledPrompt(digest=recorded.digest, agent=agent, text=recorded.instructions, first_used_at=now)
        CompiledPrompt.objects.bulk_create([row], ignore_conflicts=True)
        transaction.on_commit(lambda: _known_instructions.add(recorded.digest))
    _insert_recording(RunRecording(run_id=run_id, instructions=recorded.digest, data=recorded.data))  # type: ignore[misc]


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
