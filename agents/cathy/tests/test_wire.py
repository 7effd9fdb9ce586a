"""The real model adapter over real HTTP: what is on the wire, and how its faults come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from carloans import config
from carloans.core.errors import AgentTimeout, Category, ExternalApiError, NetworkError
from cathy.engine import Context, MemorySession, ToolDone, define_agent, guarded_tool, provider, run_of, run_typed_sync
from cathy.models import AgentRun
from cathy.tests.patience import patience
from cathy.tests.responses_server import Drop, Garbage, ResponsesServer, Silence, Status, Step, ToolUse, Words
from cathy.tests.support import GUARDS, context, reply, shown, speaker

__all__ = ["patience"]
pytestmark = pytest.mark.django_db


class Verdict(BaseModel):
    identity: str


@pytest.fixture
def live(settings: Any):
    """Point the engine at a server."""

    def point(server: ResponsesServer) -> ResponsesServer:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", server.url
        settings.OPENAI_MODEL = "gpt-5-mini"
        return server

    return point


@guarded_tool
async def save_phone(context: Context, placeholder: str) -> str:
    """Keep the number."""
    return f"saved {placeholder}"


def test_a_streamed_reply_is_gated_and_counted(live):
    with live(ResponsesServer([Words("Let me see. You are guaranteed a loan. Bye.")])):
        events = reply(speaker(), "hi")
    assert shown(events) == "Let me see. A person can tell you more."
    run = AgentRun.objects.get()
    assert (run.mode, run.model, run.requests, run.tokens_in, run.tokens_out) == ("live", "gpt-5-mini", 1, 11, 7)


def test_nothing_is_stored_at_the_provider_and_facts_stand_apart_from_the_customer(live):
    with live(ResponsesServer([Words("Hello.")])) as server:
        reply(speaker(save_phone), "hi, I am [NAME_1]", context=context(facts={"step_reached": 3}, locale="es"))
    (body,) = server.bodies
    assert body["store"] is False
    assert body["parallel_tool_calls"] is False
    assert body["model"] == "gpt-5-mini"
    assert body["instructions"].endswith('FACTS:\n{"locale": "es", "step_reached": 3}')
    assert body["input"] == [{"role": "user", "content": "hi, I am [NAME_1]"}]
    assert body["tools"][0]["strict"] is True
    assert server.paths == ["/v1/responses"]


def test_a_tool_call_goes_there_and_back(live):
    session = MemorySession()
    steps: list[Step] = [ToolUse("save_phone", {"placeholder": "[PHONE_1]"}, text="One moment."), Words("Saved.")]
    with live(ResponsesServer(steps)) as server:
        events = reply(speaker(save_phone), "it is [PHONE_1]", session=session)
    assert events[-1].text == "One moment. Saved."
    assert ToolDone("save_phone", True) in events
    assert {"type": "function_call_output", "call_id": "call_1", "output": "saved [PHONE_1]"} in server.bodies[1][
        "input"
    ]


def test_a_structured_answer_is_parsed(live):
    agent = define_agent("Judge", "visitor-judge", "Judge.", Verdict)
    with live(ResponsesServer([Words('{"identity": "known"}')])) as server:
        assert run_typed_sync(agent, input="{}", context=context(), trigger="test") == Verdict(identity="known")
    assert server.bodies[0]["text"]["format"]["type"] == "json_schema"


def test_successive_tasks_each_have_a_working_client(live):
    """One client under several event loops fails from the second on; only a wire test finds that."""
    agent = define_agent("Writer", "email-writer", "Write.")
    with live(ResponsesServer([Words("Fine.")])) as server:
        for _ in range(3):
            assert run_typed_sync(agent, input="x", context=context(), trigger="test", guards=GUARDS) == "Fine."
        for _ in range(2):
            assert shown(reply(speaker(), "hi")) == "Fine."
    assert len(server.bodies) == 5


@pytest.mark.slow
def test_a_busy_model_is_asked_again_when_it_said(live):
    with live(ResponsesServer([Status(429, {"Retry-After": "1"}), Words("Hello.")])) as server:
        began = time.monotonic()
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert len(server.bodies) == 2
    assert time.monotonic() - began >= 1.0


@pytest.mark.parametrize(
    ("code", "asked", "retryable"), [(500, 3, True), (503, 3, True), (401, 1, False), (400, 1, False)]
)
def test_a_failing_model_is_an_external_error(live, code, asked, retryable):
    with live(ResponsesServer([Status(code)])) as server, pytest.raises(ExternalApiError) as caught:
        reply(speaker(), "hi")
    assert len(server.bodies) == asked
    assert (caught.value.provider, caught.value.retryable) == ("openai", retryable)
    run = AgentRun.objects.get()
    assert run.uuid == run_of(caught.value)
    assert (run.outcome, run.error_category, run.error_code) == ("failed", "external_api", f"model_api_{code}")


def test_a_cut_connection_is_a_network_error_and_is_not_asked_again_once_it_spoke(live):
    session = MemorySession()
    with live(ResponsesServer([Drop("Let me see. I think that")])) as server, pytest.raises(NetworkError):
        reply(speaker(), "hi", session=session)
    assert len(server.bodies) == 1
    assert AgentRun.objects.get().error_category == Category.NETWORK
    assert session.items == []


def test_nobody_there_is_a_network_error(settings):
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", "http://127.0.0.1:9/v1"
    with pytest.raises(NetworkError):
        reply(speaker(), "hi")


def test_a_model_that_says_nothing_in_time_is_a_time_out(live, monkeypatch, patience):
    monkeypatch.setattr(provider, "MAX_RETRIES", 0)
    silence = Silence(lambda: patience.ends_after(provider.MODEL_TIMEOUT_S))
    with live(ResponsesServer([silence])), pytest.raises(AgentTimeout) as caught:
        reply(speaker(), "hi")
    assert caught.value.code == "model_timeout"


def test_an_answer_that_is_none_is_an_external_error(live):
    with live(ResponsesServer([Garbage()])), pytest.raises(ExternalApiError) as caught:
        reply(speaker(), "hi")
    assert caught.value.code == "model_misbehaved"


def test_a_malformed_structured_answer_is_an_external_error(live):
    agent = define_agent("Judge", "visitor-judge", "Judge.", Verdict)
    with live(ResponsesServer([Words("I would rather talk.")])), pytest.raises(ExternalApiError):
        run_typed_sync(agent, input="{}", context=context(), trigger="test")


@pytest.mark.parametrize("model", ["meta-llama/Llama-3.1-8B-Instruct", "openai/gpt-5-mini", "/models/qwen.gguf"])
def test_a_server_of_ones_own_is_asked_by_its_own_names(live, settings, monkeypatch, model):
    """vLLM, llama.cpp and gateways: names with slashes, an address with one behind it, any word for a key."""
    with live(ResponsesServer([Words("Hello.")])) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/")
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = config.url("OPENAI_BASE_URL"), "none"
        settings.OPENAI_MODEL = model
        assert shown(reply(speaker(), "hi")) == "Hello."
    (body,) = server.bodies
    assert (body["model"], server.paths) == (model, ["/v1/responses"])
    assert "reasoning" not in body


def test_a_break_before_the_first_sentence_is_asked_again(live):
    """Nothing was shown and nothing was done: whoever waits need not know."""
    with live(ResponsesServer([Drop("Let me"), Words("Hello.")])) as server:
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert len(server.bodies) == 2


_OUTSIDE = """
import json, socket, sys
asked = []
def refuse(self, address):
    asked.append(str(address))
    raise OSError("no way out")
original = socket.socket.connect
def connect(self, address):
    return original(self, address) if address[0] == "127.0.0.1" else refuse(self, address)
socket.socket.connect = connect
names = []
look = socket.getaddrinfo
def getaddrinfo(host, *a, **k):
    names.append(host)
    return look(host, *a, **k)
socket.getaddrinfo = getaddrinfo
import os, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from cathy.tests.outside import one_run
one_run(sys.argv[1])
import agents.tracing
agents.tracing.get_trace_provider().shutdown()
print(json.dumps({"asked": asked, "names": [n if isinstance(n, str) else n.decode() for n in names]}))
"""


@pytest.mark.slow
def test_no_trace_leaves_the_house(tmp_path):
    """In a process of its own, with a key set, only the configured address is ever looked up or connected to."""
    root = Path(__file__).resolve().parents[3]
    with ResponsesServer([Words("Hello.")]) as server:
        env = {
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "DATA_DIR": str(tmp_path),
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": server.url,
            "PYTHONPATH": os.pathsep.join([str(root), str(root / "agents"), *sys.path]),
            "ENV_FILE": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", _OUTSIDE, server.url],
            env=env,
            capture_output=True,
            text=True,
            timeout=600,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["asked"] == []
    assert set(seen["names"]) <= {"127.0.0.1"}
    assert server.paths == ["/v1/responses"]
