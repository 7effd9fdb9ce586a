"""What the engine's tests share: guards that let pass or stop on a word, agents over a given brain, collecting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from agents.testing import ModelCall, ScriptedModel
from asgiref.sync import async_to_sync

from cathy.engine import AgentSpec, Context, Guards, MemorySession, TextDelta, define_agent, stream_reply
from cathy.engine.provider import stand_in
from cathy.engine.record import RunRecord
from cathy.simulation.contract import Brain
from cathy.simulation.model import SimulatedModel

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sentence:
    replacement: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Inspected:
    flagged: bool = False
    reason: str | None = None
    kind: str | None = None


def check(text_so_far: str, sentence: str, *, locale: str, context: str | None = None) -> Sentence:
    """Stop on a promise, wherever in the sentence it stands."""
    if "guaranteed" in sentence.lower():
        return Sentence(replacement="A person can tell you more.", rule="guaranteed_approval")
    return Sentence()


def inspect(text: str, context: str | None = None) -> Inspected:
    """Stop what asks for the instructions."""
    if "system prompt" in text.lower():
        return Inspected(flagged=True, reason="asks for the instructions", kind="injection")
    return Inspected()


GUARDS = Guards(inspect=inspect, check_sentence=check)


def context(**values: Any) -> Context:
    return Context(**{"now": NOW, **values})


def a_record() -> RunRecord:
    """The notes of a run that nobody stores."""
    return RunRecord(
        run_id=uuid4(), agent="a", trigger="t", model="m", mode="simulated", prompt_version="1", context=context()
    )


def speaker(*tools: Any, name: str = "Speaker", alias: str = "chat-main") -> AgentSpec[str]:
    return define_agent(name, alias, "Answer the customer.", tools=tools)


@contextmanager
def brain(plan: Brain, alias: str = "chat-main") -> Iterator[None]:
    with stand_in(alias, SimulatedModel(alias, plan)):
        yield


def reply(agent: AgentSpec[str], text: str, *, session: MemorySession | None = None, **options: Any) -> list[Any]:
    """Return all events of a reply, in the test's own thread and transaction."""

    async def collect() -> list[Any]:
        stream = stream_reply(
            agent,
            text=text,
            context=options.pop("context", None) or context(),
            session=session or MemorySession(),
            guards=options.pop("guards", GUARDS),
            **options,
        )
        return [event async for event in stream]

    return async_to_sync(collect)()


def shown(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def asked(model: ScriptedModel) -> ModelCall:
    """Return the last call that a scripted model got."""
    call = model.last_call
    assert call is not None
    return call
