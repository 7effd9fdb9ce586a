"""Suites and their registry. A room registers its own when its `evaluation` module is imported.

register(suite, name="chat", agent="RealtimeChat", task=suite.ChatTask)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, TypeAlias

from django.utils.module_loading import autodiscover_modules

from carloans.core.errors import NotFound
from cathy.evaluation.tasks import BaseTask

#: What the rows say that matter, by table, in a canonical order and without ids and times.
State: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, with what was seen: of invented people only."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the agents' runs of a trial took, from their rows. `failures` are error codes of runs that failed."""

    runs: int = 0
    tools: int = 0
    tool_errors: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    tokens: int = 0
    microcents: int = 0
    first_text_ms: tuple[float, ...] = ()
    total_ms: tuple[float, ...] = ()


@dataclass(slots=True)
class Played:
    """A trial that was played: the state of the database afterwards, what was told, and which rules were broken."""

    state: State
    told: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    #: What a step of the task waited for in vain.
    unmet: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    turns: int = 0
    #: The whole as a reader would see it: for the report of a trial that failed.
    transcript: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suite:
    """`prepare` makes a task's rows, which `play` and `target` are handed with the task. Each of the two finds them
    as they were made, and what it does is taken back: the one lets the agents work, the other makes the state that
    the task asks for, by the services alone."""

    name: str
    agent: str
    folder: Path
    task: type[BaseTask]
    prepare: Callable[[Any], Any]
    play: Callable[[Any, Any, Random], Played]
    target: Callable[[Any, Any], State]


_suites: dict[str, Suite] = {}


def register(module: ModuleType, *, name: str, agent: str, task: type[BaseTask]) -> None:
    """Make a suite of a module, which brings FOLDER, where its tasks lie, and the three functions of `Suite`.

    The same name again replaces it.
    """
    _suites[name] = Suite(name, agent, module.FOLDER, task, module.prepare, module.play, module.target)


def suites() -> list[Suite]:
    """Every suite of the installed apps, by name. Imports each app's `evaluation` on first use."""
    autodiscover_modules("evaluation")
    return sorted(_suites.values(), key=lambda suite: suite.name)


def suite_named(name: str) -> Suite:
    """Raises NotFound with the names that there are."""
    known = {suite.name: suite for suite in suites()}
    if name not in known:
        raise NotFound(f"There is no suite {name}; there are {', '.join(known)}.", code="unknown_suite")
    return known[name]
