"""Running an agent to its end: for work in the background that wants a typed result."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from agents import RunConfig, Runner
from agents.exceptions import AgentsException
from agents.guardrail import GuardrailFunctionOutput, InputGuardrail
from agents.memory import SessionSettings
from agents.run_context import RunContextWrapper
from agents.usage import Usage
from asgiref.sync import ThreadSensitiveContext, async_to_sync
from openai import AsyncOpenAI

from carloans.core import switches
from carloans.core.errors import Bug, CarLoansError
from cathy import budgets
from cathy.engine import provider
from cathy.engine.context import Context, Scope
from cathy.engine.db import Unit, db
from cathy.engine.definition import AgentSpec
from cathy.engine.errors import EmptyReplyError, InputBlockedError, translate
from cathy.engine.gate import Gate
from cathy.engine.guards import Guards, house_guards
from cathy.engine.record import RunRecord
from cathy.engine.tools import as_text
from cathy.engine.tracing import tracer
from cathy.simulation.contract import item_text

T = TypeVar("T")

log = logging.getLogger(__name__)

MAX_TURNS = 6
DEADLINE_S = 20.0
#: Items of the past that a turn may see.
MEMORY_ITEMS = 60


async def run_typed(
    agent: AgentSpec[T],
    *,
    input: str | list[dict[str, Any]],
    context: Context,
    trigger: str,
    deadline_s: float = DEADLINE_S,
    run_id: UUID | None = None,
    guards: Guards | None = None,
    client: AsyncOpenAI | None = None,
) -> T:
    """Run an agent and return its result, an instance of its output type (a string when it has none).

    `input` is a JSON text of PII-free facts, or items in the Responses format. `trigger` says what caused the run
    ("sweep", "credit_decided"). Pass `run_id` to refer to the run row from your own. A plain-text result has
    passed the sentence gate; a structured one has not: check the texts in it before they go anywhere.

    Raises AgentTimeout, NetworkError, ExternalApiError or Bug, each with `.run_id`, once the row is closed.
    """
    scope = open_scope(agent, context, trigger=trigger, run_id=run_id, guards=guards)
    return await run_scope(agent, input=input, scope=scope, deadline_s=deadline_s, client=client)


async def run_scope(
    agent: AgentSpec[T], *, input: Any, scope: Scope, deadline_s: float = DEADLINE_S, client: AsyncOpenAI | None = None
) -> T:
    """`run_typed` with a scope that is already open."""
    # The row is opened and closed in one thread, so the closing cannot overtake the opening.
    async with ThreadSensitiveContext(), logged(scope.record):
        async with asyncio.timeout(deadline_s):
            await scope.record.start()
            result = await _run(agent, input, scope, client)
            scope.record.recording.said = as_text(result)
        if isinstance(result, str) and not result.strip():
            raise EmptyReplyError
        return cast(T, result)


async def _run(agent: AgentSpec[Any], input: Any, scope: Scope, client: AsyncOpenAI | None) -> Any:
    try:
        result = await Runner.run(
            agent.sdk, input, context=scope, max_turns=MAX_TURNS, run_config=run_config(agent, scope, client=client)
        )
    except AgentsException as error:
        if error.run_data is not None:
            note_usage(scope.record, error.run_data.context_wrapper.usage)
        raise
    note_usage(scope.record, result.context_wrapper.usage)
    return result.final_output


def run_typed_sync(
    agent: AgentSpec[T],
    *,
    input: str | list[dict[str, Any]],
    context: Context,
    trigger: str,
    deadline_s: float = DEADLINE_S,
    run_id: UUID | None = None,
    guards: Guards | None = None,
) -> T:
    """`run_typed` for tasks and commands: never call it inside a transaction or on an event loop.

    Each call has its own event loop and its own client. The database work of the run happens in the calling
    thread, on its connection, so that a task's threads do not queue behind each other and nothing stays open.
    """

    async def main() -> T:
        async with provider.own_client() as client:
            return await run_typed(
                agent,
                input=input,
                context=context,
                trigger=trigger,
                deadline_s=deadline_s,
                run_id=run_id,
                guards=guards,
                client=client,
            )

    return async_to_sync(main)()


def open_scope(
    agent: AgentSpec[Any],
    context: Context,
    *,
    trigger: str,
    run_id: UUID | None,
    guards: Guards | None,
    unit: Unit = db,
    opened: RunRecord | None = None,
) -> Scope:
    """Return the scope of a new run; its clock starts here."""
    record = opened or _record(agent, context, trigger=trigger, run_id=run_id or uuid4())
    record.unit = unit
    return Scope(context=context, record=record, guards=guards or house_guards())


def _record(agent: AgentSpec[Any], context: Context, *, trigger: str, run_id: UUID) -> RunRecord:
    return RunRecord(
        run_id=run_id,
        agent=agent.name,
        trigger=trigger,
        model=provider.model_label(),
        mode=provider.mode(),
        prompt_version=agent.prompt_version,
        context=context,
    )


def open_run(agent: AgentSpec[Any], context: Context, *, trigger: str) -> RunRecord:
    """Write the row of a run that is about to begin, in the caller's transaction; hand the record to `stream_reply`.

    The caller has asked the switch `ai` in the same transaction, so the run's first request does not ask it again.
    """
    record = _record(agent, context, trigger=trigger, run_id=uuid4())
    record.write()
    record.opened = True
    return record


@asynccontextmanager
async def logged(record: RunRecord) -> AsyncIterator[None]:
    """Close the run row however the block ends, and let only project errors and cancellations out.

    A run that its caller opened and that succeeds is only made ready: the caller closes it (`record.close`).
    """
    try:
        yield
    except asyncio.CancelledError:
        await _close(record, "cancelled")
        raise
    except Exception as problem:
        error = translate(problem, run_id=record.run_id)
        if isinstance(error, Bug):
            source = problem.__cause__ or problem
            log.error("run %s failed: %s at %s", record.run_id, type(source).__name__, _where(source))
        await _close(record, "blocked" if isinstance(error, InputBlockedError) else "failed", error)
        # The original may quote the conversation, so it is not chained for logs to print.
        raise error from None
    outcome = "blocked" if record.rules_hit else "ok"
    if record.opened:
        record.close = record.ending(outcome)
    else:
        await _close(record, outcome)


def _where(problem: BaseException) -> str:
    """Return the innermost places of an exception. Its message stays out: it may quote the conversation."""
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


async def _close(record: RunRecord, outcome: str, error: CarLoansError | None = None) -> None:
    """Finish even while being cancelled: the row must not stay open because the customer left."""
    closing = asyncio.ensure_future(record.finish(outcome, error))
    try:
        await asyncio.shield(closing)
    except asyncio.CancelledError:
        await closing
        raise


def run_config(
    agent: AgentSpec[Any], scope: Scope, *, client: AsyncOpenAI | None = None, question: str | None = None
) -> RunConfig:
    """Return the house's settings for one run of the SDK.

    With a customer's `question` the blocking input guardrail judges it, and the sentence gate knows of it.
    """
    context, record = scope.context, scope.record
    gate = Gate(scope.guards.check_sentence, locale=context.locale, record=record, question=question)
    permit = None if scope.recalled else partial(_may_ask, scope)
    config = copy(_house_config(has_tools=bool(agent.tools), timeout_s=provider.model_timeout_s()))
    config.model_provider = provider.AliasProvider(gate, client, permit, record.saw_answer, record.recording)
    config.input_guardrails = [] if question is None else [_INPUT_GUARDRAIL]
    config.workflow_name = agent.name
    config.trace_id = tracer.follow(record)
    config.group_id = str(context.conversation_id) if context.conversation_id else None
    return config


@cache
def _house_config(*, has_tools: bool, timeout_s: float) -> RunConfig:
    """What all runs share, made once: the SDK reads its own type annotations anew for each RunConfig (two ms)."""
    return RunConfig(
        model_settings=provider.model_settings(has_tools=has_tools, timeout_s=timeout_s),
        trace_include_sensitive_data=False,
        tracing={"include_task_and_turn_spans": False},
        session_settings=SessionSettings(limit=MEMORY_ITEMS),
        tool_not_found_behavior="return_error_to_model",
        tool_name_collision_policy="error",
    )


async def _may_ask(scope: Scope) -> None:
    """Before each request to the model: a flipped switch or a spent budget stops a run at its next request."""
    if scope.record.opened and not scope.record.asked and not provider.is_live():
        scope.record.asked = True
        return
    try:
        await db(_require)(scope)
    except CarLoansError as refusal:
        scope.record.recording.failed(refusal, "", 0.0)
        raise


def _require(scope: Scope) -> None:
    context, record = scope.context, scope.record
    switches.require("ai", state=context.state or None)
    if provider.is_live():
        budgets.require(conversation_id=context.conversation_id, running=record.spent, now=context.now)


def note_usage(record: RunRecord, usage: Usage) -> None:
    """Copy the SDK's count of requests and tokens."""
    record.saw_usage(requests=usage.requests, tokens_in=usage.input_tokens, tokens_out=usage.output_tokens)


async def _inspect_last_turn(
    wrapper: RunContextWrapper[Scope], agent: Any, input: str | list[Any]
) -> GuardrailFunctionOutput:
    """Judge the last user turn alone: an older one that was stopped must not stop an innocent one."""
    scope = wrapper.context
    text, before = _last_exchange(input)
    verdict = scope.guards.inspect(text, before)
    kind = verdict.kind or "flagged"
    if verdict.flagged:
        scope.record.saw_verdict(stage="input", rule=kind, action="blocked")
    return GuardrailFunctionOutput(
        output_info={"kind": kind, "reason": verdict.reason}, tripwire_triggered=verdict.flagged
    )


def _last_exchange(input: str | list[Any]) -> tuple[str, str | None]:
    """Return the customer's last words and Cathy's line before them."""
    if isinstance(input, str):
        return input, None
    turns = [item for item in input if item.get("role") in {"user", "assistant"}]
    last = next((at for at in range(len(turns) - 1, -1, -1) if turns[at]["role"] == "user"), None)
    if last is None:
        return "", None
    earlier = turns[last - 1] if last else None
    before = item_text(earlier) if earlier and earlier["role"] == "assistant" else None
    return item_text(turns[last]), before


_INPUT_GUARDRAIL: InputGuardrail[Scope] = InputGuardrail(
    guardrail_function=_inspect_last_turn, name="last_turn", run_in_parallel=False
)
