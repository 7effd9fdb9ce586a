"""Tools: typed, asynchronous, guarded, logged.

    @guarded_tool
    async def save_phone(context: Context, placeholder: Annotated[str, Field(description="such as [PHONE_1]")]) -> str:
        \"\"\"Keep the phone number that the customer gave.\"\"\"
        await db(visitors.services.upsert_contact)(visitor_id=context.visitor_id, ...)
        return "saved"

The first parameter is the room's `Context`; the others become the arguments that the model may give, checked by
pydantic, unknown ones refused. The docstring tells the model what the tool is for. A tool returns a string, a
pydantic model, or anything that JSON can hold. Whatever goes wrong reaches the model as one plain sentence
(`carloans.core.errors.tool_text`), never as the text of an exception.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeAlias, get_type_hints, overload

from agents import RunContextWrapper
from agents.tool import FunctionTool
from agents.tool_context import ToolContext
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from carloans.core.errors import AgentTimeout, BadInput, CarLoansError, NotAllowed, categorise, tool_text
from cathy.engine.context import Context, Scope
from cathy.engine.playback import Played
from cathy.engine.redaction import hides_secret, holds_secret, redact_arguments
from cathy.services import ToolEntry

log = logging.getLogger(__name__)

TOOL_TIMEOUT_S = 10.0

ToolFunction: TypeAlias = Callable[..., Awaitable[Any]]
#: Looks at a call before it happens: None lets it happen, else the name of the rule that forbids it.
ToolGuard: TypeAlias = Callable[[Context, dict[str, Any]], str | None]


class Refused(NotAllowed):
    """A guard forbade the call; `code` is its rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(code=rule)


@dataclass(frozen=True)
class GuardedTool:
    """A tool of an agent. Calling it calls the plain function, as a test would.

    `guards` look at each call in this order, `timeout_s` ends it.
    """

    name: str
    function: ToolFunction
    sdk: FunctionTool
    guards: tuple[ToolGuard, ...]
    timeout_s: float

    def __call__(self, context: Context, *args: Any, **kwargs: Any) -> Awaitable[Any]:
        return self.function(context, *args, **kwargs)


@overload
def guarded_tool(function: ToolFunction, /) -> GuardedTool: ...
@overload
def guarded_tool(
    *,
    name: str = "",
    timeout_s: float = TOOL_TIMEOUT_S,
    when: Callable[[Context], bool] | None = None,
    guards: Sequence[ToolGuard] = (),
) -> Callable[[ToolFunction], GuardedTool]: ...


def guarded_tool(
    function: ToolFunction | None = None,
    /,
    *,
    name: str = "",
    timeout_s: float = TOOL_TIMEOUT_S,
    when: Callable[[Context], bool] | None = None,
    guards: Sequence[ToolGuard] = (),
) -> GuardedTool | Callable[[ToolFunction], GuardedTool]:
    """Make a tool of an async function.

    `when` hides the tool from the model while it returns False. `guards` look at each call; the house's own guard
    (no raw SSN, card or account number in an argument) always runs first. A call that takes longer than `timeout_s`
    seconds is cancelled. Raises TypeError, at import, for a function that is not async or lacks annotations.
    """

    def make(plain: ToolFunction) -> GuardedTool:
        return _make(plain, name or plain.__name__, timeout_s, when, (no_secrets, *guards))  # type: ignore[attr-defined]

    return make(function) if function is not None else make


def no_secrets(context: Context, arguments: dict[str, Any]) -> str | None:
    """Forbid a call whose arguments hold a raw SSN, card or account number."""
    return "secret_in_arguments" if holds_secret(arguments) else None


def _make(
    plain: ToolFunction,
    name: str,
    timeout_s: float,
    when: Callable[[Context], bool] | None,
    guards: Sequence[ToolGuard],
) -> GuardedTool:
    if not inspect.iscoroutinefunction(plain):
        raise TypeError(f"Tool {name} must be an async function.")
    call = _Call(plain, name, _arguments_model(plain, name), timeout_s, guards)

    def enabled(wrapper: RunContextWrapper[Scope], agent: Any) -> bool:
        return when is None or when(wrapper.context.context)

    sdk = FunctionTool(
        name=name,
        description=inspect.getdoc(plain) or "",
        params_json_schema=call.schema.model_json_schema(),
        on_invoke_tool=call.invoke,
        is_enabled=enabled,
    )
    return GuardedTool(name=name, function=plain, sdk=sdk, guards=tuple(guards), timeout_s=timeout_s)


def _arguments_model(plain: ToolFunction, name: str) -> type[BaseModel]:
    parameters = list(inspect.signature(plain).parameters.values())[1:]
    wanted = {p.name: p.annotation for p in parameters if p.annotation is not p.empty}
    # Only what the model may give is resolved: the context's type may be imported for the type checker alone.
    space = SimpleNamespace(__annotations__=wanted)
    hints = get_type_hints(space, globalns=plain.__globals__, include_extras=True)  # type: ignore[attr-defined]
    fields: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name not in hints:
            raise TypeError(f"Parameter {parameter.name} of tool {name} needs a type.")
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    return create_model(f"{name}_arguments", __config__=ConfigDict(extra="forbid"), **fields)


@dataclass(frozen=True)
class _Call:
    plain: ToolFunction
    name: str
    schema: type[BaseModel]
    timeout_s: float
    guards: Sequence[ToolGuard]

    async def invoke(self, wrapper: ToolContext[Scope], raw: str) -> str:
        """Run the tool for the SDK and note the call; only a cancellation gets out of here as an exception."""
        started = time.perf_counter()
        try:
            done = await self._guarded(wrapper.context, raw)
            outcome = done if isinstance(done, Played) else Played(as_text(done))
        except Exception as problem:
            rule = problem.code if isinstance(problem, Refused) else ""
            outcome = Played(tool_text(self._ours(problem)), False, categorise(problem).value, rule)
        self._note(wrapper, raw, outcome, started)
        return outcome.text

    async def _guarded(self, scope: Scope, raw: str) -> Any:
        arguments = self._parse(raw)
        for guard in self.guards:
            if rule := guard(scope.context, arguments.model_dump(mode="json")):
                scope.record.saw_verdict(stage="tool", rule=rule, action="refused")
                raise Refused(rule)
        values = {field: getattr(arguments, field) for field in type(arguments).model_fields}
        if scope.playback is not None:
            return self._played(scope, scope.playback.take(self.name), values)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self.plain(scope.context, **values)
        except TimeoutError as late:
            raise AgentTimeout(code="tool_timeout") from late

    def _played(self, scope: Scope, played: Played, values: dict[str, Any]) -> Played:
        """A recorded answer. A guard that once saw a secret cannot see it again: its refusal is recalled as well."""
        if played.rule and hides_secret(values):
            scope.record.saw_verdict(stage="tool", rule=played.rule, action="refused")
        return played

    def _parse(self, raw: str) -> BaseModel:
        try:
            return self.schema.model_validate_json(raw or "{}")
        except ValidationError as problem:
            # Only names and kinds of mistakes: the values may be personal.
            wrong = sorted({f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['type']}" for e in problem.errors()})
            raise BadInput(f"Wrong arguments ({'; '.join(wrong)}).", code="bad_arguments") from None

    def _ours(self, problem: Exception) -> Exception:
        if not isinstance(problem, CarLoansError):
            log.error("tool %s failed: %s", self.name, type(problem).__name__)
        return problem

    def _note(self, wrapper: ToolContext[Scope], raw: str, outcome: Played, started: float) -> None:
        record = wrapper.context.record
        record.calls[wrapper.tool_call_id] = (self.name, outcome.ok)
        record.tools.append(
            ToolEntry(
                name=self.name,
                arguments=redact_arguments(raw),
                ok=outcome.ok,
                ms=round((time.perf_counter() - started) * 1000, 2),
                error_category=outcome.error_category,
                result=outcome.text,
                rule=outcome.rule,
            )
        )


def as_text(value: Any) -> str:
    """Return a tool's result as the model reads it."""
    if isinstance(value, str):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return "done" if value is None else json.dumps(value, default=str, ensure_ascii=False)
