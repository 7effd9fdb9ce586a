"""The model that answers when no key is set: the SDK's `Model`, with a brain in place of a network call.

Everything around it (tools, hand-offs, guardrails, sessions, streaming, structured output) is the real thing.
Text streams word by word. Token counts are estimates (four characters each); rows made with it say "simulated".
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

from agents.handoffs import Handoff
from agents.items import ModelResponse, TResponseStreamEvent
from agents.models.fake_id import FAKE_RESPONSES_ID
from agents.models.interface import Model
from agents.tool import FunctionTool
from agents.usage import Usage
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseFunctionToolCall,
    ResponseOutputItem,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
    ResponseUsage,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

from cathy.simulation.contract import Brain, Call, Item, Say, ToolSpec, Turn, get_brain, item_text, parse_facts

_WORD = re.compile(r"\s*\S+\s*")
_STOPS = (".", "!", "?")
_CHARS_PER_TOKEN = 4
Delta: TypeAlias = ResponseTextDeltaEvent | ResponseFunctionCallArgumentsDeltaEvent


class SimulatedModel(Model):
    """Asks a brain. `pause_s` waits between words, for a demonstration of a slow model."""

    def __init__(self, name: str, brain: Brain | None = None, *, pause_s: float = 0.0) -> None:
        self.name = name
        self._brain = brain or get_brain(name)
        self._pause_s = pause_s

    async def get_response(
        self,
        system_instructions: Any,
        input: Any,
        model_settings: Any,
        tools: Any,
        output_schema: Any,
        handoffs: Any,
        tracing: Any,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: Any,
    ) -> ModelResponse:
        output, tokens = self._answer(build_turn(system_instructions, input, tools, output_schema, handoffs))
        usage = Usage(requests=1, input_tokens=tokens[0], output_tokens=tokens[1], total_tokens=sum(tokens))
        return ModelResponse(output=output, usage=usage, response_id=None)

    async def stream_response(
        self,
        system_instructions: Any,
        input: Any,
        model_settings: Any,
        tools: Any,
        output_schema: Any,
        handoffs: Any,
        tracing: Any,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: Any,
    ) -> AsyncIterator[TResponseStreamEvent]:
        output, tokens = self._answer(build_turn(system_instructions, input, tools, output_schema, handoffs))
        count = itertools.count()
        response = self._response([], None)
        yield ResponseCreatedEvent(type="response.created", response=response, sequence_number=next(count))
        for index, item in enumerate(output):
            for event in _deltas(item, index, count):
                yield event
                # Without a pause the whole answer would be planned before the first sentence is passed on.
                if self._pause_s or event.delta.rstrip().endswith(_STOPS):
                    await asyncio.sleep(self._pause_s)
            yield ResponseOutputItemDoneEvent(
                type="response.output_item.done", item=item, output_index=index, sequence_number=next(count)
            )
        done = self._response(output, _usage(*tokens))
        yield ResponseCompletedEvent(type="response.completed", response=done, sequence_number=next(count))

    def _answer(self, turn: Turn) -> tuple[list[ResponseOutputItem], tuple[int, int]]:
        output = [_as_item(step) for step in self._brain(turn)]
        seen = len(turn.system) + sum(len(json.dumps(item, default=str)) for item in turn.items)
        said = sum(len(item.model_dump_json()) for item in output)
        return output, (seen // _CHARS_PER_TOKEN, said // _CHARS_PER_TOKEN)

    def _response(self, output: list[ResponseOutputItem], usage: ResponseUsage | None) -> Response:
        return Response(
            id=FAKE_RESPONSES_ID,
            created_at=time.time(),
            model=self.name,
            object="response",
            tool_choice="auto",
            tools=[],
            parallel_tool_calls=False,
            output=output,
            status="completed" if usage else "in_progress",
            usage=usage,
        )


def build_turn(system: str | None, input: Any, tools: Any, output_schema: Any, handoffs: Any) -> Turn:
    """Return what a brain may see of a model call."""
    items = _items(input)
    structured = output_schema is not None and not output_schema.is_plain_text()
    return Turn(
        system=system or "",
        facts=parse_facts(system or ""),
        items=items,
        last_user=next((item_text(item) for item in reversed(items) if item.get("role") == "user"), ""),
        tool_results=_tool_results(items),
        tools=[*map(_tool_spec, tools), *map(_handoff_spec, handoffs)],
        schema=output_schema.json_schema() if structured else None,
    )


def _items(input: Any) -> list[Item]:
    if isinstance(input, str):
        return [{"role": "user", "content": input}]
    return [dict(item) for item in input]


def _tool_results(items: list[Item]) -> list[tuple[str, str]]:
    """Pair each output since the last user item with the name of its call."""
    last_user = max((at for at, item in enumerate(items) if item.get("role") == "user"), default=-1)
    recent = items[last_user + 1 :]
    names = {item.get("call_id"): str(item.get("name")) for item in recent if item.get("type") == "function_call"}
    return [
        (names.get(item.get("call_id"), ""), _output_text(item.get("output")))
        for item in recent
        if item.get("type") == "function_call_output"
    ]


def _output_text(output: Any) -> str:
    return output if isinstance(output, str) else item_text({"content": output})


def _tool_spec(tool: Any) -> ToolSpec:
    if isinstance(tool, FunctionTool):
        return ToolSpec(name=tool.name, schema=tool.params_json_schema, description=tool.description)
    return ToolSpec(name=str(tool.name))


def _handoff_spec(handoff: Handoff[Any, Any]) -> ToolSpec:
    return ToolSpec(name=handoff.tool_name, schema=handoff.input_json_schema, description=handoff.tool_description)


def _as_item(step: Say | Call) -> ResponseOutputItem:
    """The placeholder id is stripped before a live API sees it; a call's own id is unique in its conversation."""
    if isinstance(step, Call):
        return ResponseFunctionToolCall(
            type="function_call",
            id=FAKE_RESPONSES_ID,
            call_id=f"call_{uuid.uuid4().hex}",
            name=step.name,
            arguments=json.dumps(step.args),
        )
    text = ResponseOutputText(type="output_text", text=step.text, annotations=[])
    return ResponseOutputMessage(
        type="message", id=FAKE_RESPONSES_ID, role="assistant", status="completed", content=[text]
    )


def _deltas(item: ResponseOutputItem, index: int, count: Iterator[int]) -> Iterator[Delta]:
    if isinstance(item, ResponseFunctionToolCall):
        yield ResponseFunctionCallArgumentsDeltaEvent(
            type="response.function_call_arguments.delta",
            item_id=FAKE_RESPONSES_ID,
            output_index=index,
            delta=item.arguments,
            sequence_number=next(count),
        )
    elif isinstance(item, ResponseOutputMessage):
        text = "".join(part.text for part in item.content if isinstance(part, ResponseOutputText))
        for word in _WORD.findall(text):
            yield ResponseTextDeltaEvent(
                type="response.output_text.delta",
                item_id=FAKE_RESPONSES_ID,
                output_index=index,
                content_index=0,
                delta=word,
                logprobs=[],
                sequence_number=next(count),
            )


def _usage(tokens_in: int, tokens_out: int) -> ResponseUsage:
    return ResponseUsage(
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        total_tokens=tokens_in + tokens_out,
        input_tokens_details=InputTokensDetails(cached_tokens=0, cache_write_tokens=0),
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
    )
