"""The sentence gate: at the model's boundary, so that screen, final output and saved history agree.

A customer must never see a sentence that the guardrails would have stopped, not even for a moment. So deltas are
held back to the end of a sentence (or 240 characters), checked against all that was released before, and passed
on; a sentence that fails is replaced and the rest of the model's answer is dropped. Final items are rewritten to
what was released. Structured answers are no speech and pass untouched: their rooms check them.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, cast

from agents.items import ModelResponse, TResponseStreamEvent
from agents.models.interface import Model
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseOutputItem,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
)

from cathy.engine.guards import CheckSentence
from cathy.engine.record import RunRecord

#: A chunk without a sentence end is judged at this length.
CHUNK = 240
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|\n+")
#: A full stop after one of these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|\s|\()(?:mrs?|ms|dr|sra?|srta|uds?|e\.g|i\.e|p\.\s?ej|vs|no|st|approx|aprox|inc|\d{1,2})\.\s+$", re.I
)
#: Everything else about the text would show what the gate has not seen.
_PASSING = frozenset(
    {
        "response.created",
        "response.in_progress",
        "response.queued",
        "response.failed",
        "response.incomplete",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "error",
        "response.error",
    }
)


class Gate:
    """Checks the sentences of one run and remembers what was released.

    `question` is the customer's line: "Absolutely!" is a promise or not depending on what was asked.
    """

    def __init__(self, check: CheckSentence, *, locale: str, record: RunRecord, question: str | None = None) -> None:
        self.released = ""
        self._check = check
        self._locale = locale
        self._question = question
        self._record = record

    def judge(self, sentence: str) -> tuple[str, bool]:
        """Return what may be said in place of the sentence, and whether the rest must be dropped."""
        verdict = self._check(self.released, sentence, locale=self._locale, context=self._question)
        stop = verdict.replacement is not None
        if verdict.rule:
            action = "replaced" if stop else "noted"
            self._record.saw_verdict(stage="sentence", rule=verdict.rule, action=action)
        text = verdict.replacement if verdict.replacement is not None else sentence
        self.released += text
        return text, stop


class ResponseGate:
    """One answer of the model: several messages, of which nothing follows a sentence that was stopped."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.stopped = False
        self.messages: dict[int, MessageGate] = {}

    def message(self, index: int) -> MessageGate:
        """Return the gate of the message at an output index, opening it when it is new."""
        return self.messages.setdefault(index, MessageGate(self))

    def pass_on(self, event: TResponseStreamEvent) -> Iterator[TResponseStreamEvent]:
        """Yield what may follow from one event of the model."""
        if isinstance(event, ResponseTextDeltaEvent):
            for text in self.message(event.output_index).feed(event.delta):
                yield event.model_copy(update={"delta": text, "logprobs": []})
        elif isinstance(event, ResponseOutputItemDoneEvent):
            yield from self._item_done(event)
        elif isinstance(event, ResponseCompletedEvent):
            yield from self._completed(event)
        elif event.type in _PASSING or _is_other_item(event):
            yield event

    def _item_done(self, event: ResponseOutputItemDoneEvent) -> Iterator[TResponseStreamEvent]:
        if not isinstance(event.item, ResponseOutputMessage):
            yield event
            return
        yield from self._close(event.item, event.output_index)
        if item := self.rewrite(event.item, event.output_index):
            yield event.model_copy(update={"item": item})

    def _completed(self, event: ResponseCompletedEvent) -> Iterator[TResponseStreamEvent]:
        for index, item in enumerate(event.response.output):
            if isinstance(item, ResponseOutputMessage):
                yield from self._close(item, index)
        output = self.rewrite_all(event.response.output)
        yield event.model_copy(update={"response": event.response.model_copy(update={"output": output})})

    def _close(self, item: ResponseOutputMessage, index: int) -> Iterator[TResponseStreamEvent]:
        """Yield as deltas whatever of a finished message has not been released yet."""
        for text in self.message(index).close(_text(item)):
            yield ResponseTextDeltaEvent(
                type="response.output_text.delta",
                item_id=item.id,
                output_index=index,
                content_index=0,
                delta=text,
                logprobs=[],
                sequence_number=0,
            )

    def rewrite_all(self, output: list[ResponseOutputItem]) -> list[ResponseOutputItem]:
        """Return the items with every message cut to what was released; emptied messages are left out."""
        kept = (
            self.rewrite(item, index) if isinstance(item, ResponseOutputMessage) else item
            for index, item in enumerate(output)
        )
        return [item for item in kept if item is not None]

    def rewrite(self, item: ResponseOutputMessage, index: int) -> ResponseOutputMessage | None:
        """Return the message with the released text, or None when nothing of its text was released."""
        if not _text(item):
            return item
        message = self.message(index)
        if not message.text:
            return None
        others = [part for part in item.content if not isinstance(part, ResponseOutputText)]
        part = ResponseOutputText(type="output_text", text=message.text, annotations=[])
        return item.model_copy(update={"content": [part, *others]})


class MessageGate:
    """One message: deltas in, checked sentences out."""

    def __init__(self, response: ResponseGate) -> None:
        self.text = ""
        self._response = response
        self._fed = 0
        self._buffer = ""
        self._closed = False

    def feed(self, delta: str) -> Iterator[str]:
        """Yield the sentences that became complete."""
        self._fed += len(delta)
        self._buffer += delta
        while not self._response.stopped and (cut := sentence_end(self._buffer)):
            sentence, self._buffer = self._buffer[:cut], self._buffer[cut:]
            yield from self._release(sentence)

    def close(self, whole: str) -> Iterator[str]:
        """Yield the rest of a message whose full text is `whole`, some of which may never have been a delta."""
        if self._closed:
            return
        self._closed = True
        yield from self.feed(whole[self._fed :])
        rest, self._buffer = self._buffer, ""
        if rest:
            yield from self._release(rest)

    def _release(self, sentence: str) -> Iterator[str]:
        if self._response.stopped:
            return
        text, self._response.stopped = self._response.gate.judge(sentence)
        self.text += text
        if text:
            yield text


def sentence_end(text: str) -> int:
    """Return where the first sentence of a growing text ends; 0 while it may still go on."""
    for match in _END.finditer(text):
        if "\n" in match.group() or not _ABBREVIATION.search(text[: match.end()]):
            return match.end()
    return _forced_cut(text) if len(text) > CHUNK else 0


def _forced_cut(text: str) -> int:
    """Cut an endless sentence after a clause, else after a word: a rule must not be split inside a word."""
    for mark in (", ", "; ", ": ", " "):
        at = text.rfind(mark, CHUNK // 2, CHUNK)
        if at > 0:
            return at + len(mark)
    return CHUNK


def _text(item: ResponseOutputMessage) -> str:
    return "".join(part.text for part in item.content if isinstance(part, ResponseOutputText))


def _is_other_item(event: TResponseStreamEvent) -> bool:
    item = getattr(event, "item", None)
    return event.type == "response.output_item.added" and not isinstance(item, ResponseOutputMessage)


class GatedModel(Model):
    """A model behind the gate. It has the SDK's signatures: the runner passes arguments by name and by position."""

    def __init__(self, inner: Model, gate: Gate) -> None:
        self.inner = inner
        self.gate = gate

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
        response = await self.inner.get_response(
            system_instructions,
            input,
            model_settings,
            tools,
            output_schema,
            handoffs,
            tracing,
            previous_response_id=previous_response_id,
            conversation_id=conversation_id,
            prompt=prompt,
        )
        if not is_structured(output_schema):
            response.output = gate_items(response.output, self.gate)
        return response

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
        stream = self.inner.stream_response(
            system_instructions,
            input,
            model_settings,
            tools,
            output_schema,
            handoffs,
            tracing,
            previous_response_id=previous_response_id,
            conversation_id=conversation_id,
            prompt=prompt,
        )
        gate = None if is_structured(output_schema) else ResponseGate(self.gate)
        async with aclosing(cast(Any, stream)) as events:
            async for event in events:
                for checked in gate.pass_on(event) if gate else (event,):
                    yield checked

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self.inner.get_retry_advice(request)

    async def close(self) -> None:
        await self.inner.close()

    async def _cleanup_on_run_end(self, owner: object) -> None:
        await self.inner._cleanup_on_run_end(owner)


def gate_items(output: list[ResponseOutputItem], gate: Gate) -> list[ResponseOutputItem]:
    """Return a whole answer with every message checked."""
    response = ResponseGate(gate)
    for index, item in enumerate(output):
        if isinstance(item, ResponseOutputMessage):
            list(response.message(index).close(_text(item)))
    return response.rewrite_all(output)


def is_structured(output_schema: Any) -> bool:
    """Tell whether the model was asked for JSON of a schema and not for words."""
    return output_schema is not None and not output_schema.is_plain_text()
