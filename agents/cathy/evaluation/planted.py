"""Planted models: a task's own steps in place of the model, to see what the code makes of a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from carloans.core.errors import AgentTimeout, NetworkError
from cathy.engine import provider
from cathy.evaluation.tasks import BaseTask, ModelStep
from cathy.simulation.contract import MODULES, Call, Plan, Say, Turn
from cathy.simulation.model import SimulatedModel


class _Steps:
    """A brain that takes the steps in order and then repeats the last words of its script."""

    def __init__(self, steps: Sequence[ModelStep]) -> None:
        self._left = list(steps)

    def __call__(self, turn: Turn) -> Plan:
        step = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if step.fails:
            raise NetworkError if step.fails == "network" else AgentTimeout
        if step.calls:
            return [Call(step.calls, dict(step.arguments))]
        return [Say(json.dumps(step.answers) if step.answers else step.says)]


@contextmanager
def model(task: BaseTask) -> Iterator[None]:
    """Let the task's own model answer within the block, for every agent; without steps the configured one does."""
    with ExitStack() as stack:
        if task.model:
            steps = _Steps(task.model)
            for alias in MODULES:
                stack.enter_context(provider.answering_here(alias, SimulatedModel(alias, steps)))
        yield
