"""A model that fails, through the real chat: the customer is told, a person is asked with a note, and nothing is lost.

The model is an independent server (`tests/aimock_server.py`); the socket, the turn and the engine are the program's.
"""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from carloans.core.clock import utc_now
from carloans.core.models import FeedEvent
from cathy.engine import provider, resilience
from cathy.models import AgentRun, DailySpending
from cathy.tests.patience import Patience, patience
from chat.models import Conversation
from chat.tests.sockets import Frame, chatting
from tests.aimock_server import AiMock, _running, aimock

__all__ = ["_running", "aimock", "patience"]
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
QUESTION = "please answer"
ANSWER = {"content": "Gladly.", "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}}
TOOL = {"toolCalls": [{"name": "resume_application", "arguments": {}}], "usage": ANSWER["usage"]}


def on(response: dict[str, Any], match: dict[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
    return {"match": {"userMessage": QUESTION, **(match or {})}, "response": response, **beside}


def error(status: int, **beside: Any) -> dict[str, Any]:
    return on({"error": {"message": "no", "type": "x"}, "status": status, **beside})


SLOWLY = {"streamingProfile": {"ttft": 20, "tps": 40}, "chunkSize": 8}
#: name → (the server's answer, the note for the person, how often the model was asked)
FAULTS: dict[str, tuple[dict[str, Any], str, int]] = {
    "a refused key": (error(401), "external_api: model_api_401", 1),
    "a request that it does not understand": (error(400), "external_api: model_api_400", 1),
    "an error of its own": (error(500), "external_api: model_api_500", 3),
    "too busy for a minute": (error(429, retryAfter=60), "external_api: model_api_429", 1),
    "silence": (on({"content": "ok"}, streamingProfile={"ttft": 60_000, "tps": 50}), "agent_timeout: model_timeout", 1),
    "a broken line": (
        on({"content": "Let me see. " + "I think that this may take a while. " * 5}, disconnectAfterMs=300, **SLOWLY),
        "network: network", 1,
    ),
    "an unreadable answer": (on({"content": "x"}, chaos={"malformedRate": 1}), "external_api: model_misbehaved", 1),
    "no word": (on({"content": " "}), "external_api: empty_reply", 1),
}  # fmt: skip


async def a_person_is_asked(question: str = QUESTION) -> tuple[Conversation, list[Frame]]:
    """Say it, wait for the hand-off, and hold what every one of them owes."""
    async with chatting() as (tab, ready):
        await tab.say(question)
        await tab.until(type="owner", owner="queue")
        frames = tab.seen
    conversation = await Conversation.objects.aget(pk=ready["conversation"])
    last = [message for message in tab.messages() if message["role"] == "cathy"][-1]
    assert "person from our team" in last["text"]
    assert last["card"]["kind"] == "handoff"
    assert not any(word in last["text"] for word in ("minute", "soon", "hour", "shortly"))
    assert conversation.answered_seq == conversation.asked_seq
    assert not await conversation.session_items.aexists()
    assert await FeedEvent.objects.filter(kind="chat.handed_off", conversation=conversation.pk).aexists()
    return conversation, frames


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_ends_with_a_person(aimock: AiMock, monkeypatch: Any, patience: Patience, name: str) -> None:
    fixture, note, asked = FAULTS[name]
    aimock.load(fixture)
    if note.startswith("agent_timeout"):
        monkeypatch.setattr(provider, "MAX_RETRIES", 0)
        with aimock.ending(patience, provider.MODEL_TIMEOUT_S):
            conversation, _ = await a_person_is_asked()
    else:
        conversation, _ = await a_person_is_asked()
    assert conversation.note == note
    assert len(aimock.asked()) == asked
    run = await AgentRun.objects.aget()
    assert f"{run.error_category}: {run.error_code}" == note
    assert run.conversation == conversation.pk


@pytest.mark.parametrize("api", ["responses", "chat"])
async def test_chat_completions_and_responses_answer_alike(aimock: AiMock, settings: Any, api: str) -> None:
    settings.OPENAI_API = api
    aimock.load(on(ANSWER, {"hasToolResult": True}), on(TOOL, {"hasToolResult": False}))
    async with chatting() as (tab, ready):
        assert ready["mode"] == "live"
        await tab.say(QUESTION)
        answer = await tab.until(type="message", role="cathy")
    assert answer["text"] == "Gladly."
    run = await AgentRun.objects.aget()
    assert (run.outcome, run.requests) == ("ok", 2)
    assert run.tokens_in > 0


async def test_the_smaller_model_answers_and_nobody_notices(aimock: AiMock, settings: Any) -> None:
    settings.OPENAI_FALLBACK_MODEL = "gpt-5-nano"
    aimock.load(on({"error": {"message": "no", "type": "x"}, "status": 500}, {"model": "gpt-5-mini"}), on(ANSWER))
    async with chatting() as (tab, _):
        await tab.say(QUESTION)
        assert (await tab.until(type="message", role="cathy"))["text"] == "Gladly."
    assert [entry["body"]["model"] for entry in aimock.asked()] == ["gpt-5-mini", "gpt-5-mini", "gpt-5-nano"]


async def test_a_model_that_kept_failing_is_not_even_asked(aimock: AiMock) -> None:
    aimock.load(on(ANSWER))
    for _ in range(resilience.TRIPS_AFTER):
        resilience.breaker_of(aimock.url, "gpt-5-mini").failed()
    conversation, _ = await a_person_is_asked()
    assert conversation.note == "external_api: model_resting"
    assert aimock.asked() == []


SPENT = "not_allowed: budget_spent"


@pytest.mark.parametrize("limit", ["BUDGET_TOKENS_PER_DAY", "BUDGET_CENTS_PER_DAY"])
async def test_a_spent_day_ends_with_a_person(aimock: AiMock, settings: Any, limit: str) -> None:
    setattr(settings, limit, 1)
    await DailySpending.objects.acreate(day=utc_now().date(), tokens=5, microcents=1_000_000)
    aimock.load(on(ANSWER))
    assert (await a_person_is_asked())[0].note == SPENT
    assert aimock.asked() == []


@pytest.mark.parametrize(
    "limit", [{"BUDGET_TOKENS_PER_CONVERSATION": 18}, {"BUDGET_CENTS_PER_CONVERSATION": 1}], ids=["tokens", "money"]
)
async def test_a_budget_that_is_spent_within_a_turn_ends_it_at_its_next_request(
    aimock: AiMock, settings: Any, limit: dict[str, int]
) -> None:
    settings.OPENAI_PRICES = {"gpt-5-mini": (100_000.0, 0.0)}
    for name, value in limit.items():
        setattr(settings, name, value)
    aimock.load(on(ANSWER, {"hasToolResult": True}), on(TOOL, {"hasToolResult": False}))
    assert (await a_person_is_asked())[0].note == SPENT
    assert len(aimock.asked()) == 1
    run = await AgentRun.objects.aget()
    assert (run.tokens_in, run.tokens_out, run.cost_microcents) == (11, 7, 1_100_000)
    assert (await DailySpending.objects.aget()).microcents == 1_100_000


async def test_a_blocked_sentence_is_replaced_on_the_socket_and_noted(aimock: AiMock) -> None:
    aimock.load(on({"content": "Good to see you. Your approval is guaranteed. Bye."}))
    async with chatting() as (tab, _):
        await tab.say(QUESTION)
        answer = await tab.until(type="message", role="cathy")
    shown = "".join(frame["text"] for frame in tab.seen if frame["type"] == "delta")
    assert shown.strip() == answer["text"]
    assert answer["text"].startswith("Good to see you. Only a lender can decide")
    run = await AgentRun.objects.aget()
    rules = await sync_to_async(lambda: list(run.verdicts.values_list("stage", "rule", "action")))()
    assert (run.outcome, rules) == ("blocked", [("sentence", "guaranteed_approval", "replaced")])
