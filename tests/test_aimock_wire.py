"""Every kind of answer and fault, in both protocols, streamed and whole, from a server that is not ours.

The table says for each what becomes of it in the house: the words, or the category and code of the error, and how
often the model was asked. Retries are made in one place, so the numbers of requests are exact.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from agents import Runner
from asgiref.sync import async_to_sync
from pydantic import BaseModel

from carloans.core.errors import CarLoansError
from cathy.engine import Context, define_agent, guarded_tool, provider, run_typed_sync
from cathy.engine.runner import open_scope, run_config
from cathy.models import AgentRun
from cathy.tests.support import GUARDS, context, reply, shown, speaker
from tests.aimock_server import AiMock, _running, aimock

__all__ = ["_running", "aimock"]
pytestmark = [pytest.mark.services, pytest.mark.django_db]
QUESTION = "please answer"


@dataclass(frozen=True)
class Way:
    """One of the four ways to ask."""

    api: Literal["responses", "chat"]
    streamed: bool

    def __str__(self) -> str:
        return f"{self.api}, {'streamed' if self.streamed else 'whole'}"


WAYS = [Way("responses", True), Way("responses", False), Way("chat", True), Way("chat", False)]


@guarded_tool
async def look_up(context: Context, ref: str) -> str:
    """Look something up."""
    return f"{ref} is a draft"


@pytest.fixture(params=WAYS, ids=str)
def way(request: Any, settings: Any) -> Way:
    settings.OPENAI_API = request.param.api
    return request.param


def ask(way: Way) -> str:
    """Ask with a tool at hand and return the words."""
    agent = speaker(look_up)
    if way.streamed:
        return shown(reply(agent, QUESTION))
    return str(run_typed_sync(agent, input=QUESTION, context=context(), trigger="test", guards=GUARDS))


def on(response: dict[str, Any], **match: Any) -> dict[str, Any]:
    beside = ("status", "chaos", "streamingProfile", "disconnectAfterMs", "chunkSize")
    extra: dict[str, Any] = {name: match.pop(name) for name in beside if name in match}
    return {"match": {"userMessage": QUESTION, **match}, "response": response, **extra}


def tool(ref: str) -> dict[str, Any]:
    return {"name": "look_up", "arguments": {"ref": ref}}


AFTER_TOOL = on({"content": "It is a draft."}, hasToolResult=True)


def test_words(aimock: AiMock, way: Way) -> None:
    aimock.load(on({"content": "Let me see. You are guaranteed a loan. Bye."}))
    assert ask(way) == "Let me see. A person can tell you more."
    run = AgentRun.objects.get()
    assert (run.mode, run.model, run.outcome, run.requests) == ("live", "gpt-5-mini", "blocked", 1)


def test_a_tool_and_two_at_once(aimock: AiMock, way: Way) -> None:
    for calls in ([tool("A1")], [tool("A1"), tool("B2")]):
        aimock.load(AFTER_TOOL, on({"toolCalls": calls}, hasToolResult=False))
        assert ask(way) == "It is a draft."
        assert len(aimock.asked()) == 2
    told = [message for message in aimock.asked()[-1]["body"]["messages"] if message["role"] == "tool"]
    assert [message["content"] for message in told] == ["A1 is a draft", "B2 is a draft"]


def test_words_beside_a_tool(aimock: AiMock, way: Way) -> None:
    blocks = [{"type": "text", "text": "One moment. "}, {"type": "toolCall", **tool("A1")}]
    aimock.load(AFTER_TOOL, on({"blocks": blocks}, hasToolResult=False))
    assert ask(way).replace("One moment. ", "") == "It is a draft."


def test_a_hand_off(aimock: AiMock, way: Way) -> None:
    clerk = define_agent("Clerk", "email-writer", "CLERK: answer.")
    front = define_agent("Front", "chat-main", "FRONT: hand over.", hand_offs=[clerk])
    aimock.load(
        on({"content": "The clerk speaks."}, systemMessage="CLERK"),
        on({"toolCalls": [{"name": "transfer_to_clerk", "arguments": {}}]}, systemMessage="FRONT"),
    )
    if way.streamed:
        assert shown(reply(front, QUESTION)) == "The clerk speaks."
    else:
        assert run_typed_sync(front, input=QUESTION, context=context(), trigger="test") == "The clerk speaks."


class Verdict(BaseModel):
    identity: str


def test_a_structured_answer(aimock: AiMock, way: Way) -> None:
    judge = define_agent("Judge", "visitor-judge", "Judge.", Verdict)
    aimock.load(on({"content": '{"identity": "known"}'}))
    if not way.streamed:
        assert run_typed_sync(judge, input=QUESTION, context=context(), trigger="test") == Verdict(identity="known")
        return
    assert async_to_sync(_streamed)(judge) == (Verdict(identity="known"), [])


async def _streamed(judge: Any) -> tuple[Any, list[str]]:
    """The typed result of a stream, and what a screen would have shown of it."""
    scope = open_scope(judge, context(), trigger="test", run_id=None, guards=GUARDS)
    result = Runner.run_streamed(judge.sdk, QUESTION, context=scope, run_config=run_config(judge, scope))
    deltas = [
        str(event.data.delta)
        async for event in result.stream_events()
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
    ]
    return result.final_output, deltas


def test_a_busy_model_is_asked_again_when_it_said(aimock: AiMock, way: Way) -> None:
    busy = {"error": {"message": "x", "type": "rate_limit_error", "code": "rate_limit_exceeded"}, "status": 429}
    aimock.load(on({**busy, "retryAfter": 1}, sequenceIndex=0), on({"content": "Hello."}))
    began = time.monotonic()
    assert ask(way) == "Hello."
    assert time.monotonic() - began >= 1.0
    assert len(aimock.asked()) == 2


def failed(way: Way) -> tuple[str, str, bool | None]:
    """Category and code of what comes out, as the run's row tells them, and whether a retry may help."""
    with pytest.raises(CarLoansError) as caught:
        ask(way)
    run = AgentRun.objects.latest("started_at")
    assert (run.outcome, run.error_category, run.error_code) == ("failed", caught.value.category, caught.value.code)
    return run.error_category, run.error_code, getattr(caught.value, "retryable", None)


@pytest.mark.parametrize(
    ("status", "asked", "again"), [(500, 3, True), (429, 3, True), (401, 1, False), (400, 1, False), (404, 1, False)]
)
def test_a_refusal(aimock: AiMock, way: Way, monkeypatch: Any, status: int, asked: int, again: bool) -> None:
    if asked > 1 and way.api == "chat":
        # The waits between retries are the same code; one protocol is enough of them.
        monkeypatch.setattr(provider, "MAX_RETRIES", 0)
        asked = 1
    aimock.load(on({"error": {"message": "no", "type": "x"}, "status": status, "retryAfter": 0}))
    assert failed(way) == ("external_api", f"model_api_{status}", again)
    assert len(aimock.asked()) == asked


def test_a_model_that_wants_a_minute_is_not_waited_for(aimock: AiMock, way: Way) -> None:
    aimock.load(on({"error": {"message": "x", "type": "rate_limit_error"}, "status": 429, "retryAfter": 60}))
    # To wait would end at the turn's own deadline, with another error.
    assert failed(way) == ("external_api", "model_api_429", True)
    assert len(aimock.asked()) == 1


def test_a_model_that_wants_a_minute_leaves_it_to_the_smaller_one(aimock: AiMock, way: Way, settings: Any) -> None:
    settings.OPENAI_FALLBACK_MODEL = "gpt-5-nano"
    busy = {"error": {"message": "x", "type": "rate_limit_error"}, "status": 429, "retryAfter": 60}
    aimock.load(on(busy, model="gpt-5-mini"), on({"content": "Hello."}, model="gpt-5-nano"))
    # To wait would end at the turn's own deadline.
    assert ask(way) == "Hello."
    assert [entry["body"]["model"] for entry in aimock.asked()] == ["gpt-5-mini", "gpt-5-nano"]
    assert AgentRun.objects.get().model == "gpt-5-nano"


def test_a_connection_that_breaks(aimock: AiMock, way: Way, monkeypatch: Any) -> None:
    monkeypatch.setattr(provider, "MAX_RETRIES", 1)
    aimock.load(on({"content": "x"}, chaos={"disconnectRate": 1}))
    assert failed(way)[:2] == ("network", "network")
    assert len(aimock.asked()) == 2


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_connection_that_breaks_in_mid_speech_is_not_asked_again(aimock: AiMock, api: Any, settings: Any) -> None:
    settings.OPENAI_API = api
    text = "Let me see. " + "I think that this may take a while. " * 5
    slow = {"ttft": 20, "tps": 40}
    aimock.load(on({"content": text}, streamingProfile=slow, disconnectAfterMs=300, chunkSize=8))
    assert failed(Way(api, True))[:2] == ("network", "network")
    assert len(aimock.asked()) == 1


def test_a_model_that_is_silent_too_long(aimock: AiMock, way: Way, monkeypatch: Any) -> None:
    """The answer takes far longer than the limit, on any machine."""
    monkeypatch.setattr(provider, "MODEL_TIMEOUT_S", 0.3)
    monkeypatch.setattr(provider, "MAX_RETRIES", 0)
    if way.streamed:
        aimock.load(on({"content": "ok"}, streamingProfile={"ttft": 60_000, "tps": 50}))
    else:
        aimock.load(on({"content": "ok"}, chaos={"latencyMs": 30_000}))
    assert failed(way)[:2] == ("agent_timeout", "model_timeout")


def test_an_answer_that_cannot_be_read(aimock: AiMock, way: Way) -> None:
    aimock.load(on({"content": "x"}, chaos={"malformedRate": 1}))
    category, code, again = failed(way)
    assert (category, again) == ("external_api", True)
    assert code in {"model_misbehaved", "empty_reply"}


def test_an_answer_without_a_word(aimock: AiMock, way: Way) -> None:
    aimock.load(on({"content": " "}))
    assert failed(way) == ("external_api", "empty_reply", True)


def test_what_it_took(aimock: AiMock, way: Way, settings: Any) -> None:
    """By the server's own count; by estimate, and marked so, where it keeps silent."""
    settings.OPENAI_PRICES = {"gpt-5-mini": (25.0, 200.0)}
    usage = {"input_tokens": 11, "output_tokens": 7, "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    aimock.load(on({"content": "Hello.", "usage": usage}))
    ask(way)
    run = AgentRun.objects.get()
    assert (run.requests, run.tokens_in, run.tokens_out, run.cost_microcents) == (1, 11, 7, 11 * 25 + 7 * 200)
    assert [span for span in run.timeline if span["kind"] == "usage"] == []


def test_a_server_that_counts_nothing_is_estimated(aimock: AiMock, settings: Any) -> None:
    aimock.load(on({"content": "Hello."}))
    ask(Way("responses", True))
    run = AgentRun.objects.get()
    assert run.tokens_in > 20
    assert run.tokens_out > 0
    assert run.requests == 1
    assert [span["name"] for span in run.timeline if span["kind"] == "usage"] == ["estimated"]
