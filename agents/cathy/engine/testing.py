"""For tests of the rooms: models that follow a script, so that no room's test needs the SDK.

    with scripted("chat-main", say("Hello."), call("save_phone", placeholder="[PHONE_1]"), failing("network")):
        ...

Each model call takes the next step; a call too many raises, as does a step that was never taken.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from agents.retry import ModelRetryAdvice
from agents.testing import ModelStep, ScriptedModel
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from carloans.core.errors import AgentTimeout, ExternalApiError, NetworkError
from cathy.engine.provider import stand_in

_FAULTS: dict[str, Callable[[], Exception]] = {
    "network": NetworkError,
    "timeout": AgentTimeout,
    "external_api": lambda: ExternalApiError(provider="openai", code="model_api_500"),
    "bug": lambda: RuntimeError("a planted fault"),
}


def say(text: str) -> ModelStep:
    """A spoken (or, for a typed agent, JSON) answer."""
    part = ResponseOutputText(type="output_text", text=text, annotations=[])
    message = ResponseOutputMessage(
        type="message", id=f"msg_{uuid.uuid4().hex}", role="assistant", status="completed", content=[part]
    )
    return ModelStep(output=[message])


def answer(**fields: Any) -> ModelStep:
    """A structured answer with these fields."""
    return say(json.dumps(fields))


def call(name: str, /, **arguments: Any) -> ModelStep:
    """A tool call."""
    item = ResponseFunctionToolCall(
        type="function_call", call_id=f"call_{uuid.uuid4().hex}", name=name, arguments=json.dumps(arguments)
    )
    return ModelStep(output=[item])


def failing(kind: str) -> ModelStep:
    """A model that fails for good (it is not asked again): "network", "timeout", "external_api" or "bug"."""
    return ModelStep.raise_error(_FAULTS[kind](), retry_advice=ModelRetryAdvice(suggested=False))


def hanging(seconds: float = 60.0) -> ModelStep:
    """A model that does not answer for a while, for deadlines and take-overs."""

    async def wait(_: Any) -> ModelStep:
        await asyncio.sleep(seconds)
        return say("Too late.")

    return ModelStep.respond(wait)


@contextmanager
def scripted(alias: str, *steps: ModelStep) -> Iterator[ScriptedModel]:
    """Let a script answer for an alias. On leaving without an error every step must have been taken."""
    model = ScriptedModel(steps)
    with stand_in(alias, model):
        yield model
    model.assert_complete()
