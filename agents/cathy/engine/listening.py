"""A model that is listened to: each answer as it was before any guardrail saw it, or how it failed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from agents.items import ModelResponse, TResponseStreamEvent
from agents.models.interface import Model
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseOutputItem,
    ResponseOutputItemDoneEvent,
    ResponseTextDeltaEvent,
)

from cathy.engine.errors import translate
from cathy.engine.recording import Recording


class HeardModel(Model):
    """Passes everything on, and notes it. It has the SDK's signatures; the gate calls it by name."""

    def __init__(self, inner: Model, recording: Recording) -> None:
        self.inner = inner
        self._recording = recording

    async def get_response(self, system_instructions: Any, input: Any, *args: Any, **options: Any) -> ModelResponse:
        with _Request(self._recording, input) as request:
            response = await self.inner.get_response(system_instructions, input, *args, **options)
            request.output = list(response.output)
        return response

    async def stream_response(
        self, system_instructions: Any, input: Any, *args: Any, **options: Any
    ) -> AsyncIterator[TResponseStreamEvent]:
        with _Request(self._recording, input) as request:
            stream = self.inner.stream_response(system_instructions, input, *args, **options)
            async with aclosing(cast(Any, stream)) as events:
                async for event in events:
                    request.hear(event)
                    yield event

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        return self.inner.get_retry_advice(request)

    async def close(self) -> None:
        await self.inner.close()

    async def _cleanup_on_run_end(self, owner: object) -> None:
        await self.inner._cleanup_on_run_end(owner)


class _Request:
    """One request: noted when it is over, unless nobody waited for its end."""

    def __init__(self, recording: Recording, given: Any) -> None:
        self.output: list[ResponseOutputItem] = []
        self._recording = recording
        self._partial = ""
        self._began = time.perf_counter()
        recording.asked(given)

    def hear(self, event: TResponseStreamEvent) -> None:
        """Follow a stream."""
        if isinstance(event, ResponseTextDeltaEvent):
            self._partial += event.delta
        elif isinstance(event, ResponseOutputItemDoneEvent):
            self.output.append(event.item)
        elif isinstance(event, ResponseCompletedEvent) and event.response.output:
            self.output = list(event.response.output)

    def __enter__(self) -> _Request:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        took = (time.perf_counter() - self._began) * 1000
        if error is None:
            self._recording.answered(self.output, took)
        elif isinstance(error, Exception):
            self._recording.failed(translate(error), self._partial, took)
