"""Playing a recorded run again: its model's answers or another model's, its tools' answers, today's code around them.

With the recorded answers everything that code decides must come out as it did: what the guardrails stopped, which calls
were made and refused, what was said. A difference means that the code decides otherwise now.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from agents.items import ModelResponse, TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses import ResponseOutputItemDoneEvent

from carloans.core.errors import AgentTimeout, BadInput, Bug, CarLoansError, ExternalApiError, NetworkError, NotAllowed
from cathy import selectors
from cathy.engine.context import Context
from cathy.engine.db import db
from cathy.engine.definition import AgentSpec, spec_of
from cathy.engine.playback import Played, Recalled
from cathy.engine.provider import answering_here
from cathy.engine.redaction import clean
from cathy.engine.rehearsing import Rehearsed, rehearse
from cathy.prompts import active, reading
from cathy.selectors import RunDetail
from cathy.simulation.contract import Call, Plan, Say, Turn
from cathy.simulation.model import SimulatedModel

_LONGEST: Final = 4_100
_FAULTS: Final = {
    "network": NetworkError,
    "agent_timeout": AgentTimeout,
    "not_allowed": NotAllowed,
    "bad_input": BadInput,
    "bug": Bug,
}
#: What a replay compares.
COMPARED: Final = ("outcome", "error_category", "error_code", "tools", "verdicts", "said")
#: Ends that are nobody's decision: a customer who left, a process that died.
_ACCIDENTS: Final = frozenset({"cancelled", "running"})


class NotReplayable(BadInput):
    """There is nothing to play: `code` says why."""

    code = "not_replayable"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise."""

    what: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay beside its recording. `mode` is "decisions" or "model"; `notes` are no differences but good to know."""

    run_id: UUID
    agent: str
    mode: str
    model: str
    recorded: dict[str, Any]
    replayed: dict[str, Any]
    differences: list[Difference]
    notes: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether everything came out as recorded."""
        return not self.differences


async def replay(*, run_id: UUID, with_model: bool = False) -> Replay:
    """Play a run again. Nothing is written and no tool acts; `with_model` asks the configured model anew.

    Raises NotReplayable for a run that is unknown, was not recorded, was cut off from outside, or whose agent is gone.
    """
    run, data = await db(_load)(run_id)
    agent = spec_of(run.summary.agent)
    if agent is None:
        raise NotReplayable("This agent is no longer part of the program.", code="unknown_agent")
    prompt, notes = await db(_prompt)(run)
    with active.pinned(prompt):
        done = await _play(agent, run, data, with_model)
    recorded, replayed = _as_recorded(run, data), _as_replayed(done)
    if done.instructions and run.instructions and run.instructions != done.instructions:
        notes.append("The instructions read otherwise today.")
    if with_model and data["cut"]:
        notes.append(f"{data['cut']} older items of the conversation are not part of the recording.")
    differences = [
        Difference(what, recorded[what], replayed[what]) for what in COMPARED if recorded[what] != replayed[what]
    ]
    mode, model = ("model", done.model) if with_model else ("decisions", run.summary.model)
    return Replay(run_id, agent.name, mode, model, recorded, replayed, differences, notes)


def _load(run_id: UUID) -> tuple[RunDetail, dict[str, Any]]:
    run = selectors.run_detail(run_id=run_id)
    if run is None:
        raise NotReplayable("There is no such run.", code="unknown_run")
    if run.summary.outcome in _ACCIDENTS or run.summary.error_code == "run_lost":
        raise NotReplayable("This run was cut off from outside; there is no decision to repeat.", code="cut_off")
    data = run.recording
    if not data:
        raise NotReplayable("Nothing was recorded of this run, or it was erased.", code="not_recorded")
    if "too_large" in data:
        raise NotReplayable("This run was too large to be recorded.", code="too_large")
    return run, data


def _prompt(run: RunDetail) -> tuple[active.Prompt, list[str]]:
    """The version that held, so that the same wishes are compiled again."""
    if run.prompt is None:
        return active.DEFAULT, []
    found = reading.prompt_of(version_id=run.prompt)
    return (found, []) if found else (active.DEFAULT, ["Its version of the prompts is not there any more."])


async def _play(agent: AgentSpec[Any], run: RunDetail, data: dict[str, Any], with_model: bool) -> Rehearsed:
    tools = [
        (one["name"], Played(one["result"], one["ok"], one["error_category"], one["rule"])) for one in data["tools"]
    ]
    context = Context(now=run.summary.started_at, locale=data["locale"], facts=data["facts"])
    alias = str(agent.sdk.model)
    recalled = nullcontext() if with_model else answering_here(alias, RecordedModel(alias, data["answers"]))
    with recalled:
        return await rehearse(
            agent,
            given=data["given"],
            question=data["question"],
            context=context,
            playback=Recalled(tools),
            recalled=not with_model,
        )


def _as_recorded(run: RunDetail, data: dict[str, Any]) -> dict[str, Any]:
    summary = run.summary
    said = summary.outcome in {"ok", "blocked"} and not summary.error_code
    return {
        "outcome": summary.outcome,
        "error_category": summary.error_category,
        "error_code": summary.error_code,
        "tools": _calls((one["name"], one["arguments"], one["ok"]) for one in data["tools"]),
        "verdicts": [[one["stage"], one["rule"], one["action"]] for one in run.verdicts if one["stage"] != "copy"],
        "said": (data["said"] or "") if said else "",
    }


def _calls(calls: Iterable[tuple[str, Any, bool]]) -> list[list[Any]]:
    """Calls of one answer run side by side, so the order in which they ended says nothing."""
    return sorted((list(call) for call in calls), key=lambda call: json.dumps(call, sort_keys=True))


def _as_replayed(done: Rehearsed) -> dict[str, Any]:
    return {
        "outcome": done.outcome,
        "error_category": done.error_category,
        "error_code": done.error_code,
        "tools": _calls(done.tools),
        "verdicts": [list(one) for one in done.verdicts],
        "said": clean(done.said, _LONGEST),
    }


class RecordedModel(SimulatedModel):
    """Gives recorded answers in their order, failures included; attempts that were repeated are left out."""

    def __init__(self, name: str, answers: list[dict[str, Any]]) -> None:
        last = len(answers) - 1
        self._answers = [one for at, one in enumerate(answers) if "fault" not in one or at == last]
        self._count = itertools.count()
        self._fault: dict[str, str] | None = None
        super().__init__(name, brain=self._next)

    def _next(self, turn: Turn) -> Plan:
        at = next(self._count)
        if at >= len(self._answers):
            raise ExternalApiError(provider="recording", retryable=False, code="not_recorded")
        answer = self._answers[at]
        self._fault = answer.get("fault")
        return [_step(step) for step in answer["steps"]]

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice:
        """A recorded failure is the last one: its repetitions were recorded as well."""
        return ModelRetryAdvice(suggested=False)

    async def get_response(self, *args: Any, **options: Any) -> ModelResponse:
        response = await super().get_response(*args, **options)
        if self._fault:
            raise _error(self._fault)
        return response

    async def stream_response(self, *args: Any, **options: Any) -> AsyncIterator[TResponseStreamEvent]:
        async for event in super().stream_response(*args, **options):
            if self._fault and (isinstance(event, ResponseOutputItemDoneEvent) or event.type == "response.completed"):
                raise _error(self._fault)
            yield event


def _step(step: dict[str, Any]) -> Say | Call:
    if "call" in step:
        return Call(step["call"], step["arguments"] if isinstance(step["arguments"], dict) else {})
    return Say(step["say"])


def _error(fault: dict[str, str]) -> CarLoansError:
    if fault["category"] == "external_api":
        return ExternalApiError(provider="openai", retryable=False, code=fault["code"])
    return _FAULTS[fault["category"]](code=fault["code"])
