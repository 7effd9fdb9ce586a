"""What is let in of a model's answer: three kinds of items, built anew from the fields that we know.

A model behind an address may answer anything: a message in the role of the system, the result of a tool that never
ran, words hidden in an id, in an argument, in a name, in a "thought". Whatever is let in reaches the tools, the run log
and the conversation's memory, and so the model's next turn. So an item is never passed on as it came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from agents.models.fake_id import FAKE_RESPONSES_ID
from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputItem,
    ResponseOutputMessage,
    ResponseOutputRefusal,
    ResponseOutputText,
    ResponseReasoningItem,
)

from cathy.guardrails.text.visible import visible

#: The longest arguments of one call, in characters; the longest that a tool of the house takes are a tenth of it.
LONGEST_ARGUMENTS = 4_000
UNKNOWN_TOOL = "unknown_tool"
REMOVED = "[removed]"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SENTENCE_WORDS = 3
_SEALED = re.compile(r"[A-Za-z0-9+/=_.-]+")

#: `text` → the rule that it breaks, or None.
Judge = Callable[[str], str | None]
#: `(stage, rule, action)`.
Note = Callable[[str, str, str], None]


class Intake:
    """Lets in the items of one answer.

    `offered` are the names that may be called, `used` the call ids that the conversation holds already.
    """

    def __init__(self, judge: Judge, note: Note, *, offered: Iterable[str], used: Iterable[str]) -> None:
        self._judge = judge
        self._note = note
        self._offered = frozenset(offered)
        self._used = frozenset(used)
        #: The answer's own ids and what they became: an item comes twice, alone and in the whole.
        self._ids: dict[str, str] = {}
        self._seen: dict[tuple[str, ...], ResponseFunctionToolCall] = {}

    def message(self, item: ResponseOutputMessage, text: str | None = None) -> ResponseOutputMessage | None:
        """A message that says `text` (its own when None); None when nothing is left of it."""
        said = spoken(item) if text is None else text
        content: list[ResponseOutputText | ResponseOutputRefusal] = []
        if said:
            content.append(ResponseOutputText(type="output_text", text=said, annotations=[]))
        elif any(getattr(part, "type", "") == "refusal" for part in _parts(item)):
            # The runner must see that there was one; its words are for nobody.
            content.append(ResponseOutputRefusal(type="refusal", refusal="refused"))
        else:
            return None
        return ResponseOutputMessage(
            type="message", id=self._id(given(item, "id")), role="assistant", status="completed", content=content
        )

    def other(self, item: ResponseOutputItem) -> ResponseOutputItem | None:
        """A tool call or a sealed thought; None for everything else."""
        if isinstance(item, ResponseFunctionToolCall):
            return self._call(item)
        return self._thought(item) if isinstance(item, ResponseReasoningItem) else None

    def _call(self, item: ResponseFunctionToolCall) -> ResponseFunctionToolCall:
        key = tuple(given(item, field) for field in ("call_id", "name", "arguments"))
        if key not in self._seen:
            self._seen[key] = self._made(given(item, "id"), *key)
        return self._seen[key]

    def _made(self, item_id: str, call_id: str, name: str, arguments: str) -> ResponseFunctionToolCall:
        return ResponseFunctionToolCall(
            type="function_call",
            id=self._id(item_id),
            call_id=self._call_id(call_id),
            name=name if name in self._offered else UNKNOWN_TOOL,
            arguments=self._arguments(arguments),
            status="completed",
        )

    def _thought(self, item: ResponseReasoningItem) -> ResponseReasoningItem | None:
        """Only what its maker sealed is handed back to it; readable thoughts would be memory that nobody checked."""
        sealed = given(item, "encrypted_content")
        if not _SEALED.fullmatch(sealed):
            return None
        return ResponseReasoningItem(
            type="reasoning", id=self._id(given(item, "id")), summary=[], encrypted_content=sealed
        )

    def _id(self, told: str) -> str:
        return told if self._is_plain(told) else FAKE_RESPONSES_ID

    def _call_id(self, told: str) -> str:
        if told not in self._ids:
            keep = self._is_plain(told) and told not in self._used
            self._ids[told] = told if keep else f"call_{uuid4().hex}"
        return self._ids[told]

    def _is_plain(self, told: str) -> bool:
        """Letters and digits, and no sentence spelled with underscores."""
        if not _IDENTIFIER.fullmatch(told):
            return False
        words = [part for part in re.split("[_-]+", told) if part.isalpha()]
        return len(words) < _SENTENCE_WORDS or self._judge(told) is None

    def _arguments(self, raw: str) -> str:
        """The arguments without forbidden words. What is no JSON object is left for the tool to refuse, if it is
        harmless."""
        if len(raw) > LONGEST_ARGUMENTS:
            return self._emptied("oversize_arguments")
        try:
            value = json.loads(raw or "{}")
            clean = self._clean(value)
        except RecursionError:
            return self._emptied("oversize_arguments")
        except ValueError:
            rule = self._judge(visible(raw))
            return self._emptied(rule) if rule else visible(raw)
        return raw if clean == value else json.dumps(clean, ensure_ascii=False)

    def _emptied(self, rule: str) -> str:
        self._note("tool", rule, "removed")
        return "{}"

    def _clean(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._clean(str(key)): self._clean(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._clean(item) for item in value]
        if not isinstance(value, str):
            return value
        if rule := self._judge(visible(value)):
            self._note("tool", rule, "removed")
            return REMOVED
        return visible(value)


def spoken(item: ResponseOutputMessage) -> str:
    """The words of a message."""
    return "".join(given(part, "text") for part in _parts(item) if isinstance(part, ResponseOutputText))


def _parts(item: ResponseOutputMessage) -> list[Any]:
    return list(getattr(item, "content", None) or [])


def given(item: Any, name: str) -> str:
    """A field of an answer as text. The client checks nothing, so any of them may be missing or of another kind."""
    value = getattr(item, name, None)
    return value if isinstance(value, str) else ""
