"""Playing tasks: each trial in a world of its own, graded against the state that the task asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from carloans.core.clock import utc_now
from cathy import budgets
from cathy.engine import provider
from cathy.evaluation import planted, prompting
from cathy.evaluation.grading import faults
from cathy.evaluation.report import Report, TaskResult, TrialResult
from cathy.evaluation.suites import Played, State, Suite, Usage, suite_named, suites
from cathy.evaluation.tasks import BaseTask, load
from cathy.evaluation.world import taken_back

#: Categories of a real model's failures that say nothing about our work: such a trial is left out and counted.
_OUTSIDE = ("network", "agent_timeout", "external_api")

Told = Callable[[TaskResult], None]


def evaluate(
    *,
    suite: str | None = None,
    trials: int = 4,
    seed: int = 1,
    prompt_version: str | None = None,
    only: Callable[[BaseTask], bool] | None = None,
    told: Told | None = None,
) -> Report:
    """Play the tasks of a suite, or of all, so many times each, against whichever model is configured.

    The same seed puts the same words into customers' mouths. `prompt_version` is one that `prompting` knows; without it
    the active one speaks. `only` picks tasks; `told` hears of each as it is done. Nothing stays in the database except
    what a real model cost. Raises NotFound for an unknown suite, TaskFileError for a task that cannot be read.

    Synchronous: call it from a task or a command, in a thread with no event loop.
    """
    chosen = [suite_named(suite)] if suite else suites()
    work = [(one, task) for one in chosen for task in load(one.folder, one.task) if only is None or only(task)]
    started = time.perf_counter()
    with prompting.speaking(prompt_version):
        results = list(_played(work, trials=trials, seed=seed, told=told))
    return Report(
        model=provider.model_label(),
        simulated=not provider.is_live(),
        prompt_version=prompt_version or "",
        trials=trials,
        seed=seed,
        tasks=tuple(results),
        seconds=time.perf_counter() - started,
    )


def _played(
    work: Sequence[tuple[Suite, BaseTask]], *, trials: int, seed: int, told: Told | None
) -> Iterator[TaskResult]:
    for suite, task in work:
        result = _task(suite, task, trials=trials, seed=seed)
        if told:
            told(result)
        yield result


def _task(suite: Suite, task: BaseTask, *, trials: int, seed: int) -> TaskResult:
    with taken_back():
        scene = suite.prepare(task)
        results = _trials(suite, task, scene, trials=trials, seed=seed)
    for result in results:
        _count_spending(result.usage)
    return TaskResult(task.id, suite.name, task.purpose, tuple(task.tags), tuple(results))


def _trials(suite: Suite, task: BaseTask, scene: Any, *, trials: int, seed: int) -> list[TrialResult]:
    numbers = range(1, trials + 1)
    try:
        with taken_back():
            target = suite.target(task, scene)
    except Exception as error:
        # The services refuse what the task is right to want: no trial can pass.
        fault = f"end: the wanted state cannot be made: {_words(error)}"
        return [TrialResult(number, faults=(fault,)) for number in numbers]
    return [_trial(suite, task, scene, target, number, seed) for number in numbers]


def _trial(suite: Suite, task: BaseTask, scene: Any, target: State, number: int, seed: int) -> TrialResult:
    rng = Random(f"{seed}:{task.id}:{number}")  # noqa: S311  paraphrases, no secrets
    try:
        with taken_back(), planted.model(task):
            played = suite.play(task, scene, rng)
    except Exception as error:
        # A trial that breaks is a failed one, and the others still tell something.
        return TrialResult(number, faults=(f"broke: {_words(error)}",))
    return _graded(task, played, target, number)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _graded(task: BaseTask, played: Played, target: State, number: int) -> TrialResult:
    outside = [failure for failure in played.usage.failures if failure.startswith(_OUTSIDE)]
    if provider.is_live() and outside and not task.model:
        return TrialResult(number, left_out=outside[0], turns=played.turns, usage=played.usage)
    return TrialResult(
        number,
        faults=tuple(faults(task, played, target)),
        turns=played.turns,
        usage=_counted(task, played.usage),
        violations=tuple(f"{one.rule}: {one.detail}" for one in played.violations),
        transcript=tuple(played.transcript),
    )


def _counted(task: BaseTask, usage: Usage) -> Usage:
    """Where a task wants a tool to be refused, or its model calls nonsense, that is no error of ours."""
    return replace(usage, tool_errors=()) if task.tools_fail or task.model else usage


def _count_spending(usage: Usage) -> None:
    """What a real model took was taken back with its trial; the day's budget must know of it all the same."""
    if provider.is_live() and usage.tokens:
        budgets.count(tokens=usage.tokens, microcents=usage.microcents, now=utc_now())
