"""Measuring a version: the evaluation's suites are played with it, and what they found is kept with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cathy.evaluation import Report, TaskResult, evaluate
from cathy.models import PromptEvaluation
from cathy.prompts import versions
from cathy.prompts.results import Result

TRIALS: Final = 4
#: Faults of one task that its result keeps; the command prints all of them.
_FAULTS: Final = 3


def measure(*, version_id: UUID, suite: str, actor: str, staff: str, now: datetime) -> PromptEvaluation:
    """Play one suite with a version, against the configured model, and keep the result. Takes seconds to minutes.

    Raises NotFound for an unknown suite or version, BadInput for a version that is not intact. Call it from a task.
    """
    report = evaluate(suite=suite, trials=TRIALS, prompt_version=str(version_id))
    result = Result(
        suite=suite,
        model=report.model,
        mode="simulated" if report.simulated else "live",
        trials=report.trials,
        tasks=len(report.tasks),
        pass_one=report.passing(1) or 0.0,
        pass_all=report.passing(report.trials) or 0.0,
        violations=report.violations,
        tool_errors=report.tool_errors,
        report=_kept(report),
    )
    return versions.record_evaluation(version_id=version_id, result=result, actor=actor, staff=staff, now=now)


def _kept(report: Report) -> dict[str, Any]:
    """The report without its transcripts."""
    whole = report.as_dict()
    return {
        "summary": whole["summary"],
        "seed": whole["seed"],
        "seconds": whole["seconds"],
        "tasks": [_task(task) for task in report.tasks],
    }


def _task(task: TaskResult) -> dict[str, Any]:
    faults = dict.fromkeys(fault for trial in task.trials for fault in trial.faults)
    return {
        "id": task.id,
        "purpose": task.purpose,
        "passed": task.passed,
        "counted": task.counted,
        "faults": list(faults)[:_FAULTS],
    }
