"""An agent as data: a name, a model alias, instructions, tools and the type of its result."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, overload

from agents import Agent, RunContextWrapper
from agents.agent_output import AgentOutputSchema

from cathy import persona, registry
from cathy.engine.context import Context, Scope
from cathy.engine.tools import GuardedTool

T = TypeVar("T")

#: The agent's part of the prompt, the same for all or made for a context. The engine adds the data block.
Instructions: TypeAlias = str | Callable[[Context], str]


@dataclass(frozen=True)
class AgentSpec(Generic[T]):
    """A defined agent. `prompt_version` changes whenever instructions, tools or the result type do."""

    name: str
    alias: str
    output_type: type[T]
    prompt_version: str
    tools: tuple[GuardedTool, ...]
    sdk: Agent[Scope]


@overload
def define_agent(
    name: str,
    alias: str,
    instructions: Instructions,
    output_type: None = None,
    tools: Sequence[GuardedTool] = (),
    *,
    hand_offs: Sequence[AgentSpec[Any]] = (),
    purpose: Any = "",
    app: str = "",
) -> AgentSpec[str]: ...
@overload
def define_agent(
    name: str,
    alias: str,
    instructions: Instructions,
    output_type: type[T],
    tools: Sequence[GuardedTool] = (),
    *,
    hand_offs: Sequence[AgentSpec[Any]] = (),
    purpose: Any = "",
    app: str = "",
) -> AgentSpec[T]: ...


def define_agent(
    name: str,
    alias: str,
    instructions: Instructions,
    output_type: Any = None,
    tools: Sequence[GuardedTool] = (),
    *,
    hand_offs: Sequence[AgentSpec[Any]] = (),
    purpose: Any = "",
    app: str = "",
) -> AgentSpec[Any]:
    """Define an agent, once, at import.

    `output_type` is a pydantic model whose JSON schema is strict (no open dictionaries); without it the agent
    speaks. `hand_offs` are agents that may take over. With `purpose` and `app` the agent also registers its card
    for the operations room. Raises the SDK's UserError for a schema that cannot be strict.
    """
    if purpose and app:
        registry.register(registry.AgentCard(name=name, alias=alias, purpose=purpose, app=app))

    async def prompt(wrapper: RunContextWrapper[Scope], agent: Agent[Scope]) -> str:
        context = wrapper.context.context
        text = instructions if isinstance(instructions, str) else instructions(context)
        return persona.system_prompt(text, facts=context.facts, locale=context.locale)

    schema = None if output_type is None else AgentOutputSchema(output_type)
    return AgentSpec(
        name=name,
        alias=alias,
        output_type=output_type or str,
        prompt_version=_version(instructions, tools, schema),
        tools=tuple(tools),
        sdk=Agent[Scope](
            name=name,
            model=alias,
            instructions=prompt,
            tools=[tool.sdk for tool in tools],
            output_type=schema,
            handoffs=[other.sdk for other in hand_offs],
        ),
    )


def _version(instructions: Instructions, tools: Sequence[GuardedTool], schema: AgentOutputSchema | None) -> str:
    text = instructions if isinstance(instructions, str) else inspect.getsource(instructions)
    offered = [(tool.name, tool.sdk.description, tool.sdk.params_json_schema) for tool in tools]
    parts = [persona.VERSIONED, text, offered, schema.json_schema() if schema else None]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
