"""Rehearsals: a turn through the whole engine that leaves nothing behind.

Guards, gate, prompt and streaming are the real ones. Tools answer from a `Playback` and do nothing, no run row is
written, and a session lives in memory. What a real model takes is counted towards the day's budget all the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from carloans.core.errors import CarLoansError
from cathy import budgets
from cathy.engine import provider
from cathy.engine.context import Context, Scope
from cathy.engine.db import db
from cathy.engine.definition import AgentSpec
from cathy.engine.guards import house_guards
from cathy.engine.playback import Playback
from cathy.engine.record import RunRecord
from cathy.engine.runner import DEADLINE_S, run_scope
from cathy.engine.session import MemorySession
from cathy.engine.streaming import Final, stream_scope
from cathy.prompts import active


@dataclass
class Unlogged(RunRecord):
    """A record that writes no row; `outcome` and `error` say how the run ended."""

    outcome: str = ""
    error: CarLoansError | None = None
    total_ms: float = 0.0

    async def start(self) -> None:
        """Only look up which version of the wishes holds."""
        self.prompt = await db(active.current)()

    async def finish(self, outcome: str, error: CarLoansError | None = None) -> None:
        """Remember the end, and count what a real model took."""
        self.outcome, self.error, self.total_ms = outcome, error, self.elapsed_ms()
        if self.answers:
            await db(self._count)()

    def _count(self) -> None:
        now = self.context.now + timedelta(milliseconds=self.total_ms)
        budgets.count(tokens=self.spent.tokens, microcents=self.spent.microcents, now=now)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a rehearsal ended. `said` is the checked text, or the JSON of a typed answer.

    `tools` are (name, arguments, ok), `verdicts` (stage, rule, action), `items` the turn's items for the session (none
    when it failed).
    """

    outcome: str
    error_category: str
    error_code: str
    said: str
    tools: tuple[tuple[str, dict[str, Any], bool], ...]
    verdicts: tuple[tuple[str, str, str], ...]
    instructions: str
    model: str
    first_text_ms: float | None
    total_ms: float
    tokens: int = 0
    items: list[dict[str, Any]] = field(default_factory=list)


async def rehearse(
    agent: AgentSpec[Any],
    *,
    given: str | Sequence[dict[str, Any]],
    question: bool,
    context: Context,
    playback: Playback,
    recalled: bool = False,
    deadline_s: float = DEADLINE_S,
) -> Rehearsed:
    """Run an agent and tell how it went; an error of the run is part of the answer and not raised.

    With `question` the last of `given` is a customer's line, answered as in a conversation; the items before it are
    what was said so far. Without, `given` is the input of a typed run. With `recalled` whoever calls has set a model
    that recalls its answers, and neither switch nor budget is asked.
    """
    scope = _scope(agent, context, playback, recalled)
    record = scope.record
    assert isinstance(record, Unlogged)  # noqa: S101  it was made so
    session = MemorySession()
    said = ""
    try:
        if question:
            history, text = _split(given)
            session.items = history
            said = await _spoken(agent, text, scope, session, deadline_s)
        else:
            said = await _typed(agent, given, scope, deadline_s)
    except CarLoansError:
        pass  # the record knows it
    added = session.items[len(history) :] if question else []
    return _told(record, said, added)


def _scope(agent: AgentSpec[Any], context: Context, playback: Playback, recalled: bool) -> Scope:
    record = Unlogged(
        run_id=uuid4(),
        agent=agent.name,
        trigger="rehearsal",
        model=provider.model_label(),
        mode=provider.mode(),
        prompt_version=agent.prompt_version,
        context=context,
        started=time.perf_counter(),
    )
    return Scope(context=context, record=record, guards=house_guards(), playback=playback, recalled=recalled)


def _split(given: str | Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The items of the past, and the customer's line."""
    if isinstance(given, str):
        return [], given
    items = list(given)
    last = items.pop() if items else {}
    content = last.get("content", "")
    return items, content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)


async def _spoken(agent: AgentSpec[str], text: str, scope: Scope, session: MemorySession, deadline_s: float) -> str:
    final = ""
    async for event in stream_scope(agent, text=text, scope=scope, session=session, deadline_s=deadline_s):
        if isinstance(event, Final):
            final = event.text
    return final


async def _typed(agent: AgentSpec[Any], given: Any, scope: Scope, deadline_s: float) -> str:
    await run_scope(agent, input=given, scope=scope, deadline_s=deadline_s)
    return scope.record.recording.said or ""


def _told(record: Unlogged, said: str, added: list[dict[str, Any]]) -> Rehearsed:
    error = record.error
    return Rehearsed(
        outcome=record.outcome,
        error_category=str(error.category) if error else "",
        error_code=error.code if error else "",
        said=said,
        tools=tuple((tool.name, tool.arguments, tool.ok) for tool in record.tools),
        verdicts=tuple((one.stage, one.rule, one.action) for one in record.verdicts),
        instructions=record.recording.instructions,
        model=record.model,
        first_text_ms=record.first_text_ms,
        total_ms=record.total_ms,
        tokens=record.tokens_in + record.tokens_out,
        items=added,
    )
