"""What a brain is given and what it answers.

A brain stands where a language model would: it sees the system prompt, the conversation items, the tools
that are on offer and the schema of the wanted answer, and nothing else. It is a pure function; the same turn
gives the same plan.

    # cathy/simulation/brains/chat.py
    def plan(turn: Turn) -> list[Say | Call]: ...

The engine calls a brain once per model turn. A plan that contains a `Call` comes back as a new turn whose
`tool_results` hold the output; a plan of `Say` alone ends the run.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

FACTS_MARK = "FACTS:"
STYLE_MARK = "STYLE:"

Item: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool on offer in this turn: its name, what it is for and the JSON schema of its arguments."""

    name: str
    schema: dict[str, Any] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """All that a model sees when it is asked.

    `facts` is the JSON object that stands in `system` after a line "FACTS:" ({} when there is none).
    `items` are the conversation's items in the Responses format, oldest first.
    `last_user` is the text of the last user item ("" when there is none); batch agents find their JSON there.
    `tool_results` are (tool name, output) of the calls made since that item, in order.
    `schema` is the JSON schema of a structured answer; then a `Say` holds JSON text. None means plain text.
    """

    system: str
    facts: dict[str, Any]
    items: list[Item]
    last_user: str
    tool_results: list[tuple[str, str]]
    tools: list[ToolSpec]
    schema: dict[str, Any] | None

    @property
    def tool_names(self) -> frozenset[str]:
        """Names of the tools on offer."""
        return frozenset(tool.name for tool in self.tools)


@dataclass(frozen=True, slots=True)
class Say:
    """Words to the customer, or JSON text where a structured answer is wanted."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call (or a hand-off, by its `transfer_to_...` name)."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)


Plan: TypeAlias = list[Say | Call]
Brain: TypeAlias = Callable[[Turn], Plan]

MODULES = {
    "chat-main": "chat",
    "email-writer": "email",
    "visitor-judge": "visitor",
    "credit-clerk": "credit",
    "lead-packager": "leads",
    "chat-brief": "brief",
}


def get_brain(alias: str) -> Brain:
    """Return the brain behind a model alias; KeyError for an alias that nobody knows."""
    module = importlib.import_module(f"cathy.simulation.brains.{MODULES[alias]}")
    brain: Brain = module.plan
    return brain


def parse_facts(system: str) -> dict[str, Any]:
    """Return the JSON object after the last line "FACTS:", or {} when there is none that can be read."""
    return _last_block(system, FACTS_MARK)


def parse_style(system: str) -> dict[str, Any]:
    """Return the wishes about wording: the JSON object after the last line "STYLE:", or {}."""
    return _last_block(system, STYLE_MARK)


def _last_block(system: str, name: str) -> dict[str, Any]:
    _, mark, rest = ("\n" + system).rpartition(f"\n{name}")
    if not mark:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(rest.lstrip())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def item_text(item: Item) -> str:
    """Return the words of a message item, whichever of the shapes of the Responses format it has."""
    content = item.get("content", "")
    if isinstance(content, str):
        return content
    parts: Sequence[Any] = content if isinstance(content, list) else []
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
