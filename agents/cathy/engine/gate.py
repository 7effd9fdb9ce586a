"""The sentence gate: at the model's boundary, so that screen, final output and saved history agree.

A customer must never see a sentence that the guardrails would have stopped, not even for a moment. So deltas are
held back to the end of a sentence (or 240 characters), checked against all that was released before, and passed
on; a sentence that fails is replaced and the rest of the model's answer is dropped. Final items are rewritten to
what was released. Structured answers are no speech: nothing of them is shown, and their rooms check their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any, cast

from agents.items import ModelResponse, TResponseStreamEvent
from agents.models.fake_id import FAKE_RESPONSES_ID
from agents.models.interface import Model
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseOutputItem,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseTextDeltaEvent,
)

from cathy.engine import instructions
from cathy.engine.errors import EndlessReply
from cathy.engine.guards import CheckSentence
from cathy.engine.intake import Intake, spoken
from cathy.engine.record import RunRecord
from cathy.guardrails.replacements import replacement_for
from cathy.guardrails.text.visible import visible

#: A chunk without a sentence end is judged at this length.
CHUNK = 240
#: A reply of more characters, or one that says the same sentence so often, is a machine that has lost its way.
LONGEST_REPLY = 4_000
SAME_SENTENCES = 3
_COUNTS_FROM = 12
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|\n+")
_MARKS = (".", "!", "?", "…", '."', '!"', '?"', ".”", "!”", "?”", ".)", "!)", "?)")
#: A full stop after one of these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|\s|\()(?:mrs?|ms|dr|sra?|srta|uds?|e\.g|i\.e|p\.\s?ej|vs|no|st|approx|aprox|inc|\d{1,2})\.\s+$", re.I
)
#: Nothing else of a stream is passed on: it would show what the gate has not seen, and the runner needs no more.
_PASSING = frozenset(
    {
        "response.created",
        "response.in_progress",
        "response.failed",
        "response.incomplete",
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
        #: The system's text of the request that is being answered; it is not to be recited.
        self.instructions = ""
        self._check = check
        self._locale = locale
        self._question = question
        self._record = record
        self._heard: Counter[str] = Counter()

    def judge(self, sentence: str, *, opens: bool = False) -> tuple[str, bool]:
        """Return what may be said in place of the sentence, and whether the rest must be dropped.

        `opens` says that a new message begins, which the customer reads after a blank. Raises EndlessReply.
        """
        sentence = visible(sentence)
        before = self._before(sentence, opens=opens)
        self._bound(before, sentence)
        text, stop = self._said_instead(before, sentence)
        if text:
            self.released = before + text
        return text, stop

    def foresee(self, sentence: str, *, opens: bool = False) -> None:
        """Have a sentence that seems complete read while the model goes on to its next word.

        Nothing is decided here: the readers remember what they have read, and `judge` asks them when the sentence has
        really ended.
        """
        sentence = visible(sentence)
        self._check(self._before(sentence, opens=opens), sentence, locale=self._locale, context=self._question)

    def _before(self, sentence: str, *, opens: bool) -> str:
        before = self.released
        apart = not before or before[-1].isspace() or sentence[:1].isspace()
        return f"{before} " if opens and not apart else before

    def _said_instead(self, before: str, sentence: str) -> tuple[str, bool]:
        if instructions.recites(before, sentence, self.instructions):
            self.note("sentence", instructions.RULE, "replaced")
            return replacement_for(instructions.RULE, self._locale), True
        verdict = self._check(before, sentence, locale=self._locale, context=self._question)
        stop = verdict.replacement is not None
        if verdict.rule:
            self.note("sentence", verdict.rule, "replaced" if stop else "noted", getattr(verdict, "layer", ""))
        return (sentence if verdict.replacement is None else verdict.replacement), stop

    def _bound(self, before: str, sentence: str) -> None:
        same = sentence.strip().casefold()
        self._heard[same] += 1
        again = len(same) >= _COUNTS_FROM and self._heard[same] > SAME_SENTENCES
        if again or len(before) + len(sentence) > LONGEST_REPLY:
            self.note("sentence", "endless_reply", "stopped")
            raise EndlessReply

    def note(self, stage: str, rule: str, action: str, layer: str = "") -> None:
        """Record a verdict of the run, and which layer of the claim linter spoke it."""
        self._record.saw_verdict(stage=stage, rule=rule, action=action, layer=layer)

    def rule_of(self, text: str) -> str | None:
        """The rule that a text breaks by itself, for what is kept and not shown."""
        if instructions.recites("", text, self.instructions):
            return instructions.RULE
        return self._check("", text, locale=self._locale, context=None).rule if text else None

    def intake(self, offered: Iterator[str], used: Iterator[str]) -> Intake:
        """Return what lets in the items of the next answer."""
        return Intake(self.rule_of, self.note, offered=offered, used=used)


class ResponseGate:
    """One answer of the model: several messages, of which nothing follows a sentence that was stopped.

    A structured answer is no speech: nothing of it is shown, and its words are left to its room.
    """

    def __init__(self, gate: Gate, intake: Intake | None = None, *, speech: bool = True) -> None:
        self.gate = gate
        self.stopped = False
        self.messages: dict[int, MessageGate] = {}
        self._intake = intake or gate.intake(iter(()), iter(()))
        self._speech = speech

    def message(self, index: int) -> MessageGate:
        """Return the gate of the message at an output index, opening it when it is new."""
        return self.messages.setdefault(index, MessageGate(self))

    def pass_on(self, event: TResponseStreamEvent) -> Iterator[TResponseStreamEvent]:
        """Yield what may follow from one event of the model."""
        if isinstance(event, ResponseTextDeltaEvent):
            if self._speech:
                yield from self._delta(event)
        elif isinstance(event, ResponseOutputItemDoneEvent):
            yield from self._item_done(event)
        elif isinstance(event, ResponseCompletedEvent):
            yield from self._completed(event)
        elif event.type in _PASSING:
            yield event

    def _delta(self, event: ResponseTextDeltaEvent) -> Iterator[TResponseStreamEvent]:
        for text in self.message(event.output_index).feed(event.delta or ""):
            yield _said(text, event.output_index)

    def _item_done(self, event: ResponseOutputItemDoneEvent) -> Iterator[TResponseStreamEvent]:
        if isinstance(event.item, ResponseOutputMessage):
            yield from self._close(event.item, event.output_index)
        if item := self.let_in(event.item, event.output_index):
            yield event.model_copy(update={"item": item})

    def _completed(self, event: ResponseCompletedEvent) -> Iterator[TResponseStreamEvent]:
        given = list(event.response.output or [])
        for index, item in enumerate(given):
            if isinstance(item, ResponseOutputMessage):
                yield from self._close(item, index)
        yield event.model_copy(
            update={"response": event.response.model_copy(update={"output": self.let_in_all(given)})}
        )

    def _close(self, item: ResponseOutputMessage, index: int) -> Iterator[TResponseStreamEvent]:
        """Yield as deltas whatever of a finished message has not been released yet."""
        if not self._speech:
            return
        whole = spoken(item)
        for text in self._at(index, whole).close(whole):
            yield _said(text, index)

    def _at(self, index: int, whole: str) -> MessageGate:
        """The message at an index. Some servers number a whole answer otherwise than its pieces: then the one that
        was fed the same words."""
        if index not in self.messages:
            fed = (message for message in self.messages.values() if message.fed == whole)
            self.messages[index] = next(fed, MessageGate(self))
        return self.messages[index]

    def whole(self, output: list[ResponseOutputItem]) -> list[ResponseOutputItem]:
        """Return an answer that came at once as it may be kept, with every spoken message checked."""
        for index, item in enumerate(output):
            if isinstance(item, ResponseOutputMessage):
                list(self._close(item, index))
        return self.let_in_all(output)

    def let_in_all(self, output: list[ResponseOutputItem]) -> list[ResponseOutputItem]:
        """Return the items that are let in, every message cut to what was released."""
        kept = (self.let_in(item, index) for index, item in enumerate(output))
        return [item for item in kept if item is not None]

    def let_in(self, item: ResponseOutputItem, index: int) -> ResponseOutputItem | None:
        """Return the item as it may be kept, or None when nothing of it may."""
        if not isinstance(item, ResponseOutputMessage):
            return self._intake.other(item)
        if not self._speech or not spoken(item):
            return self._intake.message(item)
        text = self._at(index, spoken(item)).text
        return self._intake.message(item, text) if text else None


def _said(text: str, index: int) -> ResponseTextDeltaEvent:
    return ResponseTextDeltaEvent(
        type="response.output_text.delta",
        item_id=FAKE_RESPONSES_ID,
        output_index=index,
        content_index=0,
        delta=text,
        logprobs=[],
        sequence_number=0,
    )


class MessageGate:
    """One message: deltas in, checked sentences out. `fed` is what came in, `text` what was released."""

    def __init__(self, response: ResponseGate) -> None:
        self.text = ""
        self.fed = ""
        self._response = response
        self._buffer = ""
        self._opened = False
        self._closed = False

    def feed(self, delta: str) -> Iterator[str]:
        """Yield the sentences that became complete.

        One that only waits for the blank behind it is read in the meantime, unless a sentence of the same delta is on
        its way to the customer.
        """
        if not self._response.stopped and seems_complete(self._buffer + delta):
            self._response.gate.foresee(self._buffer + delta, opens=not self._opened)
        yield from self._take(delta)

    def _take(self, delta: str) -> Iterator[str]:
        self.fed += delta
        self._buffer += delta
        while not self._response.stopped and (cut := sentence_end(self._buffer)):
            sentence, self._buffer = self._buffer[:cut], self._buffer[cut:]
            yield from self._release(sentence)

    def close(self, whole: str) -> Iterator[str]:
        """Yield the rest of a message whose full text is `whole`, some of which may never have been a delta."""
        if self._closed:
            return
        self._closed = True
        if whole.startswith(self.fed):
            yield from self._take(whole[len(self.fed) :])
        rest, self._buffer = self._buffer, ""
        if rest:
            yield from self._release(rest)

    def _release(self, sentence: str) -> Iterator[str]:
        if self._response.stopped:
            return
        opens, self._opened = not self._opened, True
        text, self._response.stopped = self._response.gate.judge(sentence, opens=opens)
        self.text += text
        if text:
            yield text


def sentence_end(text: str) -> int:
    """Return where the first sentence of a growing text ends; 0 while it may still go on."""
    for match in _END.finditer(text):
        if "\n" in match.group() or not _ABBREVIATION.search(text[: match.end()]):
            return match.end()
    return _forced_cut(text) if len(text) > CHUNK else 0


def seems_complete(text: str) -> bool:
    """Tell whether a growing text is one sentence that ends if a blank comes next ("3." may go on to "3.5")."""
    return text.endswith(_MARKS) and 0 < len(text) <= CHUNK and sentence_end(f"{text} ") == len(text) + 1


def _forced_cut(text: str) -> int:
    """Cut an endless sentence after a clause, else after a word: a rule must not be split inside a word."""
    for mark in (", ", "; ", ": ", " "):
        at = text.rfind(mark, CHUNK // 2, CHUNK)
        if at > 0:
            return at + len(mark)
    return CHUNK


Permit = Callable[[], Awaitable[None]]


async def _always() -> None:
    return


class GatedModel(Model):
    """A model behind the gate. It has the SDK's signatures: the runner passes arguments by name and by position.

    `permit` is awaited before each request, a repeated one too, and raises when the model may not be asked any more.
    """

    def __init__(self, inner: Model, gate: Gate, permit: Permit | None = None) -> None:
        self.inner = inner
        self.gate = gate
        self._permit = permit or _always

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
        await self._permit()
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
        response.output = self._answer(system_instructions, input, tools, output_schema, handoffs).whole(
            response.output
        )
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
        await self._permit()
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
        answer = self._answer(system_instructions, input, tools, output_schema, handoffs)
        try:
            async with aclosing(cast(Any, stream)) as events:
                async for event in events:
                    for checked in answer.pass_on(event):
                        yield checked
        finally:
            # They refer to the answer, and with it to the run: it is not left to the collector.
            answer.messages.clear()

    def _answer(self, system: str | None, input: Any, tools: Any, output_schema: Any, handoffs: Any) -> ResponseGate:
        self.gate.instructions = system or ""
        offered = (*(tool.name for tool in tools), *(handoff.tool_name for handoff in handoffs))
        used = () if isinstance(input, str) else (str(item.get("call_id", "")) for item in input)
        return ResponseGate(
            self.gate, self.gate.intake(iter(offered), iter(used)), speech=not is_structured(output_schema)
        )

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self.inner.get_retry_advice(request)

    async def close(self) -> None:
        await self.inner.close()

    async def _cleanup_on_run_end(self, owner: object) -> None:
        await self.inner._cleanup_on_run_end(owner)


def is_structured(output_schema: Any) -> bool:
    """Tell whether the model was asked for JSON of a schema and not for words."""
    return output_schema is not None and not output_schema.is_plain_text()
