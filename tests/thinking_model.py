"""A model behind a real HTTP address: it records each request and answers as the simulated one would."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from cathy.simulation.contract import Call, Say, ToolSpec, Turn, get_brain, item_text, parse_facts
from cathy.simulation.model import _items, _tool_results
from cathy.tests.responses_server import ResponsesServer, Step, ToolUse, Words

#: What tells the agents apart in a request: a tool that only one of them has, or a field of the wanted answer.
_TOOLS = {"ask_for_contact": "chat-main", "start_soft_pull": "credit-clerk", "submit_lead": "lead-packager"}
_FIELDS = {"stop_reason": "visitor-judge", "call_to_action": "email-writer"}


class ThinkingModel(ResponsesServer):
    """`bodies` holds every request as it came over the wire."""

    def __init__(self) -> None:
        super().__init__([Words("")])

    def take(self, path: str, body: dict[str, Any]) -> Step:
        super().take(path, body)
        turn = turn_of(body)
        return step_of(get_brain(alias_of(turn))(turn))

    def recorded(self) -> bytes:
        return "\n".join(json.dumps(body, ensure_ascii=False) for body in self.bodies).encode()


def turn_of(body: dict[str, Any]) -> Turn:
    """A request as a brain would see it."""
    system, items = str(body.get("instructions") or ""), _items(body["input"])
    wanted = (body.get("text") or {}).get("format") or {}
    return Turn(
        system=system,
        facts=parse_facts(system),
        items=items,
        last_user=next((item_text(item) for item in reversed(items) if item.get("role") == "user"), ""),
        tool_results=_tool_results(items),
        tools=[ToolSpec(tool["name"], tool["parameters"], tool["description"]) for tool in body.get("tools") or []],
        schema=wanted.get("schema"),
    )


def alias_of(turn: Turn) -> str:
    """Which agent asks."""
    fields = (turn.schema or {}).get("properties", {})
    told = [alias for name, alias in _TOOLS.items() if name in turn.tool_names]
    told += [alias for name, alias in _FIELDS.items() if name in fields]
    return told[0]


def step_of(plan: list[Say | Call]) -> Step:
    """A brain's plan as the server's answer; of several calls the first."""
    text = "".join(step.text for step in plan if isinstance(step, Say))
    call = next((step for step in plan if isinstance(step, Call)), None)
    return ToolUse(call.name, call.args, f"call_{uuid4().hex}", text) if call else Words(text)
