"""A simulation in plain text and as JSON: the funnel, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.funnel.figures import Funnel
from dashboard.funnel.invariants import Result

_WIDTH = 28
#: So many violations of one invariant are listed; the JSON has all.
_SHOWN = 5


def lines(
    funnel: Funnel, results: Sequence[Result], *, count: int, seed: int, days: float, seconds: float
) -> Iterator[str]:
    """The report, line by line."""
    yield f"{count} visitors in {days:g} days, seed {seed}, lived through in {seconds:.1f} s"
    for group, counts in funnel.steps.items():
        yield ""
        yield group
        yield from (f"  {words:<{_WIDTH}}{number:>6}" for words, number in counts.items())
    yield ""
    yield "invariants"
    for one in results:
        yield f"  {'ok  ' if one.holds else 'FAIL'} {one.words}"
        yield from (f"         {violation}" for violation in one.violations[:_SHOWN])
        if len(one.violations) > _SHOWN:
            yield f"         and {len(one.violations) - _SHOWN} more"
    broken = sum(not one.holds for one in results)
    yield f"{len(results) - broken}/{len(results)} invariants hold"


def as_json(funnel: Funnel, results: Sequence[Result], **facts: Any) -> dict[str, Any]:
    """The same for a program: {count, seed, days, seconds, model, funnel, invariants}."""
    checked = [
        {"name": one.name, "words": one.words, "holds": one.holds, "violations": one.violations} for one in results
    ]
    return {**facts, "funnel": funnel.steps, "invariants": checked}
