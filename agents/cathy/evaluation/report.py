"""What an evaluation found: plain data, a JSON document, and a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from cathy.evaluation.grading import mean_pass_hat
from cathy.evaluation.suites import Usage

#: pass^K that a change must not fall below.
BAR = 0.95


@dataclass(frozen=True, slots=True)
class TrialResult:
    """One trial. `faults` say why it did not pass, `left_out` why it does not count: the model was out of reach."""

    number: int
    faults: tuple[str, ...] = ()
    left_out: str = ""
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    violations: tuple[str, ...] = ()
    transcript: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it counts and has no fault."""
        return not self.faults and not self.left_out


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task with its trials."""

    id: str
    suite: str
    purpose: str
    tags: tuple[str, ...]
    trials: tuple[TrialResult, ...]

    @property
    def counted(self) -> int:
        """Trials that were not left out."""
        return sum(not trial.left_out for trial in self.trials)

    @property
    def passed(self) -> int:
        """Trials that passed."""
        return sum(trial.passed for trial in self.trials)


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation. `model` is the configured model's name; `simulated` says that it is the built-in one, which shows
    that the flow holds and is no measure of language quality. `seconds` is the wall clock's."""

    model: str
    simulated: bool
    prompt_version: str
    trials: int
    seed: int
    tasks: tuple[TaskResult, ...]
    seconds: float

    def passing(self, k: int, tasks: Iterable[TaskResult] | None = None) -> float | None:
        """pass^k over these tasks, or all."""
        return mean_pass_hat(k, ((one.passed, one.counted) for one in (self.tasks if tasks is None else tasks)))

    @property
    def violations(self) -> int:
        """Broken rules of all trials."""
        return sum(len(trial.violations) for trial in self._all())

    @property
    def tool_errors(self) -> int:
        """Tools that refused or failed, in tasks that did not ask for it."""
        return sum(len(trial.usage.tool_errors) for trial in self._all())

    @property
    def left_out(self) -> int:
        """Trials that do not count."""
        return sum(bool(trial.left_out) for trial in self._all())

    @property
    def failed(self) -> list[TaskResult]:
        """Tasks of which a trial that counts did not pass."""
        return [task for task in self.tasks if task.passed < task.counted]

    def good_enough(self, *, bar: float = BAR) -> bool:
        """Whether pass^(trials) reaches the bar without a broken rule or a tool that failed."""
        reached = self.passing(self.trials)
        return reached is not None and reached >= bar and not self.violations and not self.tool_errors

    def as_dict(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {
            "mode": "simulated" if self.simulated else "live",
            "model": self.model,
            "prompt_version": self.prompt_version,
            "trials": self.trials,
            "seed": self.seed,
            "seconds": round(self.seconds, 2),
            "summary": self._figures(self.tasks),
            "suites": self._grouped(lambda task: (task.suite,)),
            "tags": self._grouped(lambda task: task.tags),
            "tasks": [_task(task) for task in self.tasks],
        }

    def table(self) -> str:
        """The readable form: suites, then each task that did not always pass, with the reason."""
        return "\n".join(
            [*self._head(), *self._lines("suites"), *self._lines("tags"), *self._faults(), *self._verdict()]
        )

    def _all(self) -> list[TrialResult]:
        return [trial for task in self.tasks for trial in task.trials]

    def _figures(self, tasks: Sequence[TaskResult]) -> dict[str, Any]:
        trials = [trial for task in tasks for trial in task.trials]
        first = [ms for trial in trials for ms in trial.usage.first_text_ms]
        total = [ms for trial in trials for ms in trial.usage.total_ms]
        return {
            "tasks": len(tasks),
            "trials": sum(task.counted for task in tasks),
            "left_out": sum(bool(trial.left_out) for trial in trials),
            "pass": {f"{k}": _rounded(self.passing(k, tasks)) for k in range(1, self.trials + 1)},
            "violations": sum(len(trial.violations) for trial in trials),
            "tool_errors": sum(len(trial.usage.tool_errors) for trial in trials),
            "turns": sum(trial.turns for trial in trials),
            "tokens": sum(trial.usage.tokens for trial in trials),
            "cost_cents": round(sum(trial.usage.microcents for trial in trials) / 1_000_000, 4),
            "first_text_ms": _percentiles(first),
            "run_ms": _percentiles(total),
        }

    def _grouped(self, names: Callable[[TaskResult], Sequence[str]]) -> dict[str, Any]:
        groups: dict[str, list[TaskResult]] = {}
        for task in self.tasks:
            for name in names(task):
                groups.setdefault(name, []).append(task)
        return {name: self._figures(groups[name]) for name in sorted(groups)}

    def _head(self) -> list[str]:
        whose = "the simulated model: it shows that flow, tools and rules hold, and measures no language quality"
        version = f", prompt {self.prompt_version}" if self.prompt_version else ""
        asked = whose if self.simulated else self.model
        return [f"Asked: {asked}{version}. {self.trials} trials a task, seed {self.seed}, {self.seconds:.1f} s.", ""]

    def _lines(self, which: str) -> list[str]:
        groups: dict[str, Any] = self._grouped(
            (lambda one: (one.suite,)) if which == "suites" else (lambda one: one.tags)
        )
        groups["all" if which == "suites" else ""] = self._figures(self.tasks)
        ks = sorted({1, min(2, self.trials), min(4, self.trials), self.trials})
        head = f"{which:<24}{'tasks':>6}" + "".join(f"{f'pass^{k}':>9}" for k in ks) + f"{'broken':>8}{'tool err':>9}"
        lines = [head]
        for name, one in groups.items():
            if name:
                scores = "".join(f"{_shown(one['pass'][str(k)]):>9}" for k in ks)
                lines.append(f"{name:<24}{one['tasks']:>6}{scores}{one['violations']:>8}{one['tool_errors']:>9}")
        return [*lines, ""]

    def _faults(self) -> list[str]:
        lines = []
        for task in self.failed:
            lines.append(f"{task.suite}/{task.id}: passed {task.passed} of {task.counted}. {task.purpose}")
            seen = Counter(fault for trial in task.trials for fault in trial.faults)
            lines += [f"    {count}x {fault}" for fault, count in seen.most_common(6)]
        return [*lines, ""] if lines else []

    def _verdict(self) -> list[str]:
        figures = self._figures(self.tasks)
        first = figures["first_text_ms"]
        speed = f", first text {first['p50']} ms (p95 {first['p95']} ms)" if first else ""
        out = f", {self.left_out} trials left out" if self.left_out else ""
        reached = _shown(self.passing(self.trials))
        return [
            f"{len(self.tasks)} tasks: pass^{self.trials} {reached}, {self.violations} broken rules, "
            f"{self.tool_errors} tool errors, {figures['tokens']} tokens{speed}{out}."
        ]


def _task(task: TaskResult) -> dict[str, Any]:
    trials = [
        {
            "trial": trial.number,
            "passed": trial.passed,
            "faults": list(trial.faults),
            "left_out": trial.left_out,
            "turns": trial.turns,
            "tokens": trial.usage.tokens,
            "tool_errors": list(trial.usage.tool_errors),
            "run_ms": [round(ms, 1) for ms in trial.usage.total_ms],
            "transcript": list(trial.transcript) if trial.faults else [],
        }
        for trial in task.trials
    ]
    return {
        "id": task.id, "suite": task.suite, "purpose": task.purpose, "tags": list(task.tags),
        "passed": task.passed, "counted": task.counted, "trials": trials,
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percentiles(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}
