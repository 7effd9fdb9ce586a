"""An agent as data: a name, a model alias, instructions, tools and the type of its result."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, overload

from agents import Agent, RunContextWrapper
from agents.agent_output import AgentOutputSchema

from cathy import registry
from cathy.engine import identity
from cathy.engine.context import Context, Scope
from cathy.engine.tools import GuardedTool
from cathy.prompts import compiling
from cathy.prompts.compiling import Voice

T = TypeVar("T")

#: The agent's own part of the prompt, the same for all or made for a context. The engine adds the house's rules before
#: and behind it, the wishes of the active version, and the data block.
Instructions: TypeAlias = str | Callable[[Context], str]
SystemPrompt: TypeAlias = Callable[[RunContextWrapper[Scope], Agent[Scope]], Awaitable[str]]


@dataclass(frozen=True)
class AgentSpec(Generic[T]):
    """A defined agent. `prompt_version` changes whenever instructions, tools, rules or the result type do."""

    name: str
    alias: str
    output_type: type[T]
    prompt_version: str
    tools: tuple[GuardedTool, ...]
    sdk: Agent[Scope]


_specs: dict[str, AgentSpec[Any]] = {}


def spec_of(name: str) -> AgentSpec[Any] | None:
    """Return the agent of this name; None when the program has none (any more). Imports each app's agent first."""
    registry.cards()
    return _specs.get(name)


@overload
def define_agent(
    name: str,
    alias: str,
    instructions: Instructions,
    output_type: None = None,
    tools: Sequence[GuardedTool] = (),
    *,
    hand_offs: Sequence[AgentSpec[Any]] = (),
    voice: Voice = "work",
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
    voice: Voice = "work",
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
    voice: Voice = "work",
    purpose: Any = "",
    app: str = "",
) -> AgentSpec[Any]:
    """Define an agent, once, at import.

    `output_type` is a pydantic model whose JSON schema is strict (no open dictionaries); without it the agent
    speaks. `hand_offs` are agents that may take over. `voice` says which rules and wishes surround the instructions.
    With `purpose` and `app` the agent also registers its card for the operations room, and staff may word its
    instructions anew. Raises the SDK's UserError for a schema that cannot be strict.
    """
    if purpose and app:
        _register_card(name, alias, instructions, voice, purpose, app)
    schema = None if output_type is None else AgentOutputSchema(output_type)
    sdk = Agent[Scope](
        name,
        model=alias,
        instructions=_prompt(name, instructions, voice),
        tools=[tool.sdk for tool in tools],
        output_type=schema,
        handoffs=[other.sdk for other in hand_offs],
    )
    version = _version(instructions, tools, schema)
    spec = _specs[name] = AgentSpec(name, alias, output_type or str, version, tuple(tools), sdk)
    identity.remember(spec.sdk)
    return spec


def _register_card(name: str, alias: str, instructions: Instructions, voice: Voice, purpose: Any, app: str) -> None:
    role = instructions.strip() if isinstance(instructions, str) else ""
    registry.register(registry.AgentCard(name, alias, purpose, app, role=role, voice=voice))


def _prompt(name: str, instructions: Instructions, voice: Voice) -> SystemPrompt:
    """What the SDK asks for the whole prompt of a run."""

    async def prompt(wrapper: RunContextWrapper[Scope], agent: Agent[Scope]) -> str:
        scope = wrapper.context
        context, wishes = scope.context, scope.record.prompt.wishes
        own = instructions if isinstance(instructions, str) else instructions(context)
        text = compiling.instructions(
            wishes.roles.get(name, own),
            wishes,
            voice=voice,
            company=str(context.facts.get("company", "")),
            locale=context.locale,
        )
        scope.record.recording.told(text)
        return compiling.system_prompt(text, facts=context.facts, locale=context.locale)

    return prompt


def _version(instructions: Instructions, tools: Sequence[GuardedTool], schema: AgentOutputSchema | None) -> str:
    text = instructions if isinstance(instructions, str) else inspect.getsource(instructions)
    offered = [(tool.name, tool.sdk.description, tool.sdk.params_json_schema) for tool in tools]
    parts = [compiling.FRAME, text, offered, schema.json_schema() if schema else None]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
