"""What a run was given and what came back, as the log may keep it: bounded, and without personal data.

Texts already hold placeholders where customers wrote contact data; they are redacted once more, so that a mistake
elsewhere does not end here. The history is cut to its last items, because older ones are the conversation's own rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputItem,
    ResponseOutputMessage,
)

from carloans.core.errors import CarLoansError
from cathy.engine.intake import given, spoken
from cathy.engine.redaction import clean
from cathy.services import Recorded, ToolEntry

EDITION: Final = 1
#: Items of the past that are kept: the guardrails look at the last exchange, a reader wants a little more.
ITEMS: Final = 12
#: Above this many characters of JSON a recording is given up.
LARGEST: Final = 60_000
#: Longer than a message may be, so that an oversized one is still one when it is played again.
_LONGEST: Final = 4_100
_DEEPEST: Final = 100
#: Items that mean nothing without the one before them.
_TIED: Final = frozenset({"function_call", "function_call_output"})


@dataclass
class Recording:
    """Grows during a run; nothing is redacted or copied before the run is over."""

    instructions: str = ""
    #: Input of the first request to the model: items, or a text.
    given: Any = None
    #: The customer's line, where there is one.
    question: str | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    said: str | None = None

    def told(self, instructions: str) -> None:
        """Note the instructions of the agent that is asked first."""
        self.instructions = self.instructions or instructions

    def asked(self, given: Any) -> None:
        """Note what the model is given, once."""
        if self.given is None:
            self.given = list(given) if isinstance(given, list) else given

    def answered(self, output: Sequence[ResponseOutputItem], ms: float) -> None:
        """Note an answer of the model, before any guardrail saw it."""
        steps = [step for step in map(_step, output) if step]
        self.answers.append({"steps": steps, "ms": round(ms, 2)})

    def failed(self, error: CarLoansError, partial: str, ms: float) -> None:
        """Note that the model failed, and what it had said until then."""
        fault = {"category": str(error.category), "code": error.code}
        self.answers.append({"steps": [{"say": partial}] if partial else [], "fault": fault, "ms": round(ms, 2)})

    def kept(self, tools: Sequence[ToolEntry], *, locale: str, facts: Any) -> Recorded | None:
        """Return the recording for the log; None when the model was never asked and nothing was judged."""
        if self.given is None and self.question is None:
            return None
        data = {
            "edition": EDITION,
            "locale": locale,
            "facts": clean(_plain(facts), _LONGEST),
            "question": self.question is not None,
            **self._given(),
            "answers": clean(self.answers, _LONGEST),
            "tools": [_tool(tool) for tool in tools],
            "said": clean(self.said, _LONGEST),
        }
        digest = hashlib.sha256(self.instructions.encode()).hexdigest() if self.instructions else ""
        return Recorded(self.instructions, digest, _bounded(data))

    def _given(self) -> dict[str, Any]:
        given = self.question if self.given is None else self.given
        if not isinstance(given, list):
            return {"given": clean(given, _LONGEST), "cut": 0}
        spoken = [item for item in given if not (isinstance(item, dict) and item.get("type") == "reasoning")]
        kept = spoken[-ITEMS:]
        while kept and kept[0].get("type") in _TIED:
            kept.pop(0)
        return {"given": clean(_plain(kept), _LONGEST), "cut": len(spoken) - len(kept)}


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    """The recording, or where it is too large a note that says so."""
    size = len(json.dumps(data, ensure_ascii=False))
    if size <= LARGEST:
        return data
    return {"edition": EDITION, "locale": data["locale"], "too_large": size}


def _step(item: ResponseOutputItem) -> dict[str, Any] | None:
    if isinstance(item, ResponseFunctionToolCall):
        return {"call": given(item, "name"), "arguments": _object(given(item, "arguments"))}
    return {"say": spoken(item)} if isinstance(item, ResponseOutputMessage) else None


def _object(raw: str) -> Any:
    """The arguments as JSON; as they came when they are none, or so deep that nobody could read them."""
    if raw.count("[") + raw.count("{") > _DEEPEST:
        return raw
    try:
        return json.loads(raw or "{}")
    except ValueError:
        return raw


def _tool(tool: ToolEntry) -> dict[str, Any]:
    return {
        "name": tool.name,
        "arguments": tool.arguments,
        "ok": tool.ok,
        "error_category": tool.error_category,
        "rule": tool.rule,
        "result": clean(tool.result, _LONGEST),
        "ms": tool.ms,
    }


def _plain(value: Any) -> Any:
    """The value as JSON would tell it."""
    return json.loads(json.dumps(value, default=str, ensure_ascii=False))
