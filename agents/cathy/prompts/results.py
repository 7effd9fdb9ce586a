"""What an evaluation of a version found, in the shape in which it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cathy.models import PromptEvaluation


@dataclass(frozen=True, slots=True)
class Result:
    """Shares are 0 to 1; `report` is the whole of it as a JSON object."""

    suite: str
    model: str
    mode: str
    trials: int
    tasks: int
    pass_one: float
    pass_all: float
    violations: int
    tool_errors: int
    report: Mapping[str, Any]


def figures(source: Result | PromptEvaluation) -> dict[str, Any]:
    """Everything that a result says, by name, from it or from its row."""
    return {field.name: getattr(source, field.name) for field in fields(Result)}
