"""What a scenario reports: each step's expectation, what was observed, how long it took, and the error's category."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from carloans.core.errors import categorise

MEASURES = ("chat_first_text", "chat_reply", "email_send", "credit_check", "lead_submit")


class Unmet(AssertionError):
    """An expectation of a step that did not hold; the text says what was seen instead."""


def expect(condition: object, words: str) -> None:
    """Raises Unmet with these words unless the condition holds."""
    if not condition:
        raise Unmet(words)


@dataclass
class Step:
    name: str
    expected: str
    passed: bool = False
    observed: str = ""
    error: str | None = None
    category: str | None = None
    ms: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        body = {"name": self.name, "passed": self.passed, "expected": self.expected, "observed": self.observed}
        failure = {"error": self.error, "category": self.category} if self.error else {}
        return {**body, **failure, "ms": round(self.ms, 1)}


@dataclass
class Report:
    """One scenario's steps. `refusals` counts bad input that was refused as it should be; a fault is not a success."""

    name: str
    steps: list[Step] = field(default_factory=list)
    refusals: int = 0
    samples: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MEASURES})

    @property
    def passed(self) -> bool:
        return bool(self.steps) and all(step.passed for step in self.steps)

    def step(self, name: str, expected: str, act: Callable[[], str]) -> None:
        """Run one step unless an earlier one failed; `act` returns what it observed and raises when it does not
        hold."""
        step = Step(name, expected)
        self.steps.append(step)
        if any(not earlier.passed for earlier in self.steps[:-1]):
            step.error, step.category = "not run: an earlier step failed", "bug"
            return
        started = time.perf_counter()
        try:
            step.observed = act()
            step.passed = True
        except Exception as error:
            step.error = str(error) if isinstance(error, Unmet) else f"{type(error).__name__}: {error}"
            step.category = str(categorise(error))
        step.ms = (time.perf_counter() - started) * 1000

    @contextmanager
    def timed(self, measure: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.samples[measure].append((time.perf_counter() - started) * 1000)

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "passed": self.passed, "steps": [step.as_dict() for step in self.steps]}


def percentiles(samples: list[float]) -> dict[str, float] | None:
    """p50, p95 and p99 in milliseconds; None without a sample."""
    if not samples:
        return None
    cuts = quantiles(samples, n=100, method="inclusive") if len(samples) > 1 else samples * 99
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}


def summarise(reports: list[Report]) -> dict[str, Any]:
    """The whole run. The fault rate is the share of steps that failed; refusals of bad input are no faults."""
    steps = [step for report in reports for step in report.steps]
    faults = sum(not step.passed for step in steps)
    return {
        "scenarios": [report.as_dict() for report in reports],
        "summary": {
            "steps": len(steps),
            "passed": len(steps) - faults,
            "refusals": sum(report.refusals for report in reports),
            "faults": faults,
            "fault_rate": round(faults / len(steps), 4) if steps else 0.0,
        },
        "latency_ms": {
            name: percentiles([value for report in reports for value in report.samples[name]]) for name in MEASURES
        },
    }
