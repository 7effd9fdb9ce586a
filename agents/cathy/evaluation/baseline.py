"""What each task reached when its results were last accepted: a file beside the tasks of each suite.

It is the simulated model's: with one seed that one says the same every time, so any task that does worse has a cause
in the code. A real model is held to the bar alone.
"""

from __future__ import annotations

import json
from pathlib import Path

from cathy.evaluation.report import Report, TaskResult
from cathy.evaluation.suites import suites

NAME = "baseline.json"


def accepted() -> dict[tuple[str, str], float]:
    """The share of trials that passed, by suite and task."""
    return {
        (suite.name, task): float(share)
        for suite in suites()
        if (path := suite.folder / NAME).exists()
        for task, share in json.loads(path.read_text(encoding="utf-8")).items()
    }


def regressions(report: Report) -> list[str]:
    """Tasks that do worse than accepted, in words; none for a real model."""
    if not report.simulated:
        return []
    known = accepted()
    compared = [(task, known.get((task.suite, task.id), 0.0)) for task in report.tasks]
    return [
        f"{task.suite}/{task.id}: {_share(task):.2f} after {was:.2f}" for task, was in compared if _share(task) < was
    ]


def write(report: Report) -> None:
    """Accept the results of a simulated report: those of its tasks are replaced, the others stay."""
    known = accepted() | {(task.suite, task.id): _share(task) for task in report.tasks}
    for suite in suites():
        mine = {task: share for (name, task), share in sorted(known.items()) if name == suite.name}
        _write(suite.folder / NAME, mine)


def _write(path: Path, shares: dict[str, float]) -> None:
    path.write_text(json.dumps(shares, indent=1) + "\n", encoding="utf-8")


def _share(task: TaskResult) -> float:
    return round(task.passed / task.counted, 4) if task.counted else 0.0
