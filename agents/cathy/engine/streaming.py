"""Answering a customer: checked text as it comes, tools, and one final text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from uuid import UUID

from agents import Runner
from agents.items import ToolCallOutputItem
from agents.stream_events import RawResponsesStreamEvent, RunItemStreamEvent, StreamEvent
from asgiref.sync import ThreadSensitiveContext

from cathy.engine.context import Context, Scope
from cathy.engine.db import Unit, db
from cathy.engine.definition import AgentSpec
from cathy.engine.errors import EmptyReplyError
from cathy.engine.guards import Guards
from cathy.engine.record import RunRecord
from cathy.engine.runner import DEADLINE_S, MAX_TURNS, logged, note_usage, open_scope, run_config
from cathy.engine.session import SessionStore, TurnSession


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Checked text to append to what is shown."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolDone:
    """A tool has run; `ok` is False when it refused or failed."""

    name: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Final:
    """The whole reply (all deltas, trimmed). `rules` names the guardrail rules that replaced a sentence of it.

    `close` is there for a run that the caller opened: it closes the row in the transaction that keeps the reply.
    """

    text: str
    run_id: UUID
    rules: tuple[str, ...] = ()
    close: Callable[[], bool] | None = None


ReplyEvent: TypeAlias = TextDelta | ToolDone | Final


async def stream_reply(
    agent: AgentSpec[str],
    *,
    text: str,
    context: Context,
    session: SessionStore,
    trigger: str = "message",
    deadline_s: float = DEADLINE_S,
    run_id: UUID | None = None,
    guards: Guards | None = None,
    opened: RunRecord | None = None,
    unit: Unit = db,
) -> AsyncIterator[ReplyEvent]:
    """Yield the reply to one customer turn.

    `text` holds placeholders for contact data. The turn's items reach `session` only when the turn succeeded;
    the run row is closed before `Final` is yielded. Cancelling the consuming task, or leaving the loop and closing
    this generator, ends the run at once and leaves its row "cancelled". `opened` is a run that `open_run` wrote: when
    it succeeds the caller closes it as well (`Final.close`); `unit` is how its row is closed otherwise.

    Raises `InputBlockedError` when the input guardrails stop the turn, else AgentTimeout, NetworkError,
    ExternalApiError or Bug. Each has `.run_id`. Handing over to a person is the caller's act.
    """
    scope = open_scope(agent, context, trigger=trigger, run_id=run_id, guards=guards, unit=unit, opened=opened)
    async with aclosing(stream_scope(agent, text=text, scope=scope, session=session, deadline_s=deadline_s)) as events:
        async for event in events:
            yield event


async def stream_scope(
    agent: AgentSpec[str], *, text: str, scope: Scope, session: SessionStore, deadline_s: float = DEADLINE_S
) -> AsyncGenerator[ReplyEvent]:
    """`stream_reply` with a scope that is already open."""
    reply = _Reply(agent, scope, TurnSession(session), deadline_s)
    task = asyncio.create_task(reply.run(text), name=f"reply {scope.record.run_id}")
    try:
        while (event := await reply.events.get()) is not None:
            yield event
        await task
    finally:
        if not task.done():
            task.cancel()
            # Waits until the run is really over and its row closed, also when we are being cancelled ourselves.
            await asyncio.wait({task})
        _retrieve(task)


def _retrieve(task: asyncio.Task[None]) -> None:
    """Look at the outcome, so that asyncio does not report an exception that nobody wants any more."""
    if not task.cancelled():
        task.exception()


class _Reply:
    """One reply in the making. It runs in a task of its own: a deadline or a thread context that is opened inside
    an async generator would act on whoever happens to be consuming it."""

    def __init__(self, agent: AgentSpec[str], scope: Scope, session: TurnSession, deadline_s: float) -> None:
        self.events: asyncio.Queue[ReplyEvent | None] = asyncio.Queue()
        self._agent = agent
        self._scope = scope
        self._session = session
        self._deadline_s = deadline_s
        self._shown = ""
        #: The message (model turn, output index) that is being shown.
        self._place = (0, 0)
        self._turn = 0

    async def run(self, text: str) -> None:
        """Produce the events; None ends them, whatever happens."""
        record = self._scope.record
        try:
            async with ThreadSensitiveContext(), logged(record):
                async with asyncio.timeout(self._deadline_s):
                    record.recording.question = text
                    await record.start()
                    await self._drive(text)
                    record.recording.said = self._shown.strip()
                if not self._shown.strip():
                    raise EmptyReplyError
                await self._session.commit()
            self.events.put_nowait(Final(self._shown.strip(), record.run_id, record.rules_hit, record.close))
        finally:
            self.events.put_nowait(None)

    async def _drive(self, text: str) -> None:
        result = Runner.run_streamed(
            self._agent.sdk,
            text,
            context=self._scope,
            session=cast(Any, self._session),
            max_turns=MAX_TURNS,
            run_config=run_config(self._agent, self._scope, question=text),
        )
        try:
            async for event in result.stream_events():
                self._handle(event)
        finally:
            result.cancel()
            # It refers to the result, which would stay until the collector comes by; there is no sandbox to clean up.
            result._sandbox_cleanup = None
            note_usage(self._scope.record, result.context_wrapper.usage)

    def _handle(self, event: StreamEvent) -> None:
        if isinstance(event, RawResponsesStreamEvent):
            self._raw(event.data)
        elif isinstance(event, RunItemStreamEvent) and isinstance(event.item, ToolCallOutputItem):
            self._tool(event.item)

    def _raw(self, data: Any) -> None:
        if data.type == "response.output_text.delta":
            self._say(data.delta, (self._turn, data.output_index))
        elif data.type == "response.completed":
            self._turn += 1

    def _say(self, text: str, place: tuple[int, int]) -> None:
        """Show text; messages of one reply are told apart by a blank where they bring none themselves."""
        if place != self._place and self._shown and not self._shown[-1].isspace() and not text[:1].isspace():
            text = f" {text}"
        self._place = place
        self._shown += text
        if text.strip():
            self._scope.record.saw_text()
        self.events.put_nowait(TextDelta(text))

    def _tool(self, item: ToolCallOutputItem) -> None:
        raw: Any = item.raw_item
        call_id = raw.get("call_id") if isinstance(raw, dict) else getattr(raw, "call_id", None)
        # A call that is not in the record named a tool that does not exist; the model has been told.
        name, ok = self._scope.record.calls.get(str(call_id), ("", False))
        self.events.put_nowait(ToolDone(name, ok))
