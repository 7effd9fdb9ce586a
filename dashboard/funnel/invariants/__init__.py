"""What must hold after a simulation, each as a check that names every row which breaks it.

A check reads rows, the providers' own records, the letters as they arrived, and what people did (`Town.people`); the
program's selectors and guards are what is checked, so none of them is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dashboard.funnel.invariants import conversations, journeys, mails, proof, sharing
from dashboard.funnel.town import Town


@dataclass(frozen=True)
class Invariant:
    """`check` returns one line per violation, with ids and codes only."""

    name: str
    words: str
    check: Callable[[Town], list[str]]


@dataclass(frozen=True)
class Result:
    """How an invariant fared."""

    name: str
    words: str
    violations: list[str]

    @property
    def holds(self) -> bool:
        return not self.violations


INVARIANTS: Final = tuple(
    Invariant(check.__name__, (check.__doc__ or "").splitlines()[0], check)
    for module in (journeys, mails, sharing, conversations, proof)
    for check in module.CHECKS
)


def check_all(town: Town) -> list[Result]:
    """Check every invariant."""
    return [Result(one.name, one.words, one.check(town)) for one in INVARIANTS]
