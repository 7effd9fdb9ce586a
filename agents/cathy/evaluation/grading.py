"""Grades: a trial passes when the end state is the wanted one, no rule was broken and what had to be said was said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import comb
from statistics import fmean
from typing import Any

from cathy.evaluation.suites import Played, State
from cathy.evaluation.tasks import BaseTask


def pass_hat(k: int, *, passed: int, counted: int) -> float | None:
    """The chance that `k` trials drawn from these all passed (tau-bench's pass^k); None with fewer than `k`."""
    return comb(passed, k) / comb(counted, k) if counted >= k > 0 else None


def mean_pass_hat(k: int, results: Iterable[tuple[int, int]]) -> float | None:
    """The mean of pass^k over tasks given as (passed, counted); None when no task has that many trials."""
    values = [
        value for passed, counted in results if (value := pass_hat(k, passed=passed, counted=counted)) is not None
    ]
    return fmean(values) if values else None


def faults(task: BaseTask, played: Played, target: State) -> list[str]:
    """Why a trial did not pass, each in a line that begins with its part (end, policy, say); empty when it did."""
    return [
        *(f"end: {line}" for line in differences(target, played.state)),
        *(f"policy: {one.rule}: {one.detail}" for one in played.violations),
        *(f"say: {line}" for line in played.unmet),
        *(f"say: {line}" for line in _unsaid(task, played.told)),
    ]


def _unsaid(task: BaseTask, told: Sequence[str]) -> Iterator[str]:
    whole = "\n".join(told)
    yield from (f"nobody said “{words}”" for words in task.say if not found(words, whole))
    yield from (f"somebody said “{words}”" for words in task.never if found(words, whole))


def found(words: str, text: str) -> bool:
    """Whether the words of a task stand in a text, in either case."""
    return re.search(words, text, re.IGNORECASE) is not None


def differences(wanted: Any, got: Any, place: str = "") -> list[str]:
    """What differs between two states, a line each; empty when they are the same."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        keys = sorted({*wanted, *got})
        return [
            line for key in keys for line in differences(wanted.get(key), got.get(key), f"{place}.{key}".strip("."))
        ]
    return [] if wanted == got else [f"{place} should be {_short(wanted)} and is {_short(got)}"]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "…"
