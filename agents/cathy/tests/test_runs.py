"""Typed runs, the sweep of lost ones, and what the operations room reads of them."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Literal
from uuid import uuid4

import pytest
from agents.testing import ModelStep, ScriptedModel
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import connection
from pydantic import BaseModel

from carloans.core.errors import AgentTimeout, Bug, ExternalApiError, NetworkError
from cathy import registry, selectors, services
from cathy.engine import (
    Context,
    EmptyReplyError,
    MemorySession,
    db,
    define_agent,
    guarded_tool,
    run_of,
    run_typed_sync,
    stream_reply,
)
from cathy.engine.provider import stand_in
from cathy.engine.testing import answer, call, failing, hanging, say, scripted
from cathy.models import AgentRun, Verdict
from cathy.simulation.contract import Call, Say, Turn
from cathy.tasks import SCHEDULE, sweep_lost_runs
from cathy.tests.support import GUARDS, NOW, asked, brain, context, shown, speaker

pytestmark = pytest.mark.django_db


class Judgement(BaseModel):
    identity: Literal["known", "probable", "anonymous"]
    reasons: list[str]


JUDGE = define_agent("TestJudge", "visitor-judge", "Judge the visitor.", Judgement)
WRITER = define_agent("TestWriter", "email-writer", "Write.")


def judge(**options: Any) -> Judgement:
    facts = json.dumps({"step_reached": 2})
    return run_typed_sync(JUDGE, input=facts, context=context(), trigger="sweep", guards=GUARDS, **options)


def test_a_typed_run_returns_the_type_and_leaves_its_row():
    run_id = uuid4()
    with scripted("visitor-judge", answer(identity="known", reasons=["contact"])) as model:
        assert judge(run_id=run_id) == Judgement(identity="known", reasons=["contact"])
    assert asked(model).input == [{"content": '{"step_reached": 2}', "role": "user"}]
    run = AgentRun.objects.get(uuid=run_id)
    assert (run.agent, run.trigger, run.outcome, run.started_at) == ("TestJudge", "sweep", "ok", NOW)
    assert run.first_text_ms is None


def test_the_prompt_version_follows_instructions_tools_and_type():
    @guarded_tool
    async def look(context: Context) -> str:
        """Look."""
        return ""

    def version(*args: Any, **options: Any) -> str:
        return define_agent("V", "visitor-judge", *args, **options).prompt_version

    versions = {version("A."), version("B."), version("A.", Judgement), version("A.", None, [look])}
    assert len(versions) == 4
    assert version("A.") == version("A.")


def test_instructions_may_depend_on_the_context():
    agent = define_agent("Greeter", "email-writer", lambda context: f"Greet in {context.locale}.")
    with scripted("email-writer", say("Hola.")) as model:
        run_typed_sync(agent, input="x", context=context(locale="es"), trigger="t", guards=GUARDS)
    assert str(asked(model).system_instructions).split("\n\n")[1] == "Greet in es."


@pytest.mark.parametrize(
    ("kind", "error"), [("network", NetworkError), ("timeout", AgentTimeout), ("external_api", ExternalApiError)]
)
def test_a_failure_has_its_category_in_the_error_and_in_the_row(kind, error):
    with scripted("visitor-judge", failing(kind)), pytest.raises(error) as caught:
        judge()
    run = AgentRun.objects.get()
    assert run.uuid == run_of(caught.value)
    assert (run.outcome, run.error_category) == ("failed", error.category.value)


def test_a_failure_after_a_tool_keeps_the_tool_and_the_usage():
    @guarded_tool
    async def check_consent(context: Context) -> str:
        """Check."""
        return "given"

    clerk = define_agent("TestClerk", "credit-clerk", "Check.", Judgement, [check_consent])
    with scripted("credit-clerk", call("check_consent"), failing("bug")), pytest.raises(Bug):
        run_typed_sync(clerk, input="{}", context=context(), trigger="t", guards=GUARDS)
    run = AgentRun.objects.get()
    assert [c.name for c in run.tool_calls.all()] == ["check_consent"]


def test_an_answer_that_breaks_the_type_is_an_external_error():
    with scripted("visitor-judge", answer(identity="somebody", reasons=[])), pytest.raises(ExternalApiError) as caught:
        judge()
    assert caught.value.code == "model_misbehaved"


@pytest.mark.slow
def test_the_deadline_holds():
    with scripted("visitor-judge", hanging(30)), pytest.raises(AgentTimeout):
        judge(deadline_s=1.0)
    assert AgentRun.objects.get().error_code == "agent_timeout"


def test_a_plain_result_has_passed_the_gate_and_may_not_be_empty():
    with scripted("email-writer", say("Hello. You are guaranteed a loan."), say("")):
        text = run_typed_sync(WRITER, input="x", context=context(), trigger="t", guards=GUARDS)
        with pytest.raises(EmptyReplyError):
            run_typed_sync(WRITER, input="x", context=context(), trigger="t", guards=GUARDS)
    assert text == "Hello. A person can tell you more."


def test_a_run_inside_a_transaction_leaves_it_usable():
    """Test cases and careless callers run inside one: the connection must not be closed under it."""
    with scripted("visitor-judge", answer(identity="known", reasons=[])):
        judge()
    assert AgentRun.objects.filter(outcome="ok").exists()


@pytest.mark.django_db(transaction=True)
def test_db_gives_connections_back(monkeypatch):
    """Where connections may not age, the thread that did the work holds none afterwards; during it, it had one."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    async def main() -> tuple[bool, bool]:
        async with ThreadSensitiveContext():
            used = await db(lambda: (AgentRun.objects.count(), connection.connection is not None))()
            left = await sync_to_async(lambda: connection.connection is None)()
            return used[1], left

    assert asyncio.run(main()) == (True, True)


def row(**values: Any) -> AgentRun:
    defaults = {"agent": "TestJudge", "trigger": "t", "model": "simulated", "mode": "simulated", "started_at": NOW}
    return AgentRun.objects.create(**{**defaults, "prompt_version": "1", **values})


def test_the_sweep_finds_runs_whose_process_died():
    dead = row(started_at=NOW - timedelta(minutes=3))
    alive = row(started_at=NOW - timedelta(minutes=1))
    done = row(started_at=NOW - timedelta(minutes=9), outcome="ok")
    assert services.sweep_lost_runs(now=NOW) == 1
    assert services.sweep_lost_runs(now=NOW) == 0
    found = {r.uuid: (r.outcome, r.error_category, r.error_code) for r in AgentRun.objects.all()}
    assert found[dead.uuid] == ("failed", "agent_timeout", "run_lost")
    assert found[alive.uuid][0] == "running"
    assert found[done.uuid][0] == "ok"


def test_the_sweep_is_scheduled_under_its_task_name():
    assert {entry["task"] for entry in SCHEDULE.values()} == {sweep_lost_runs.name}
    assert sweep_lost_runs() == 0


def test_a_run_is_closed_once():
    run = row(outcome="failed", error_code="run_lost")
    closed = services.finish_run(
        run_id=run.uuid,
        outcome="ok",
        model="simulated",
        now=NOW,
        total_ms=1.0,
        first_text_ms=None,
        error_category="",
        error_code="",
        requests=1,
        tokens_in=0,
        tokens_out=0,
        timeline=[],
        tools=[services.ToolEntry("a", {}, True, 1.0)],
        verdicts=[],
    )
    assert not closed
    run.refresh_from_db()
    assert run.outcome == "failed"
    assert not run.tool_calls.exists()


def test_states_of_agents_count_the_last_hour():
    registry.register(registry.AgentCard("TestJudge", "visitor-judge", "Judges.", "visitors"))
    for n in range(1, 21):
        row(outcome="ok", total_ms=float(n), started_at=NOW - timedelta(minutes=n))
    row(outcome="failed", total_ms=500.0, started_at=NOW - timedelta(minutes=30))
    row(outcome="failed", total_ms=900.0, started_at=NOW - timedelta(hours=2))
    state = next(s for s in selectors.agent_states(now=NOW) if s.card.name == "TestJudge")
    assert (state.runs_last_hour, state.failures_last_hour, state.p95_total_ms) == (21, 1, 20.0)
    assert (state.last_run_at, state.last_outcome, state.last_mode) == (NOW - timedelta(minutes=1), "ok", "simulated")


def test_an_agent_that_never_ran_has_a_state():
    registry.register(registry.AgentCard("NeverRan", "visitor-judge", "Waits.", "visitors"))
    state = next(s for s in selectors.agent_states(now=NOW) if s.card.name == "NeverRan")
    assert (state.last_run_at, state.last_outcome, state.runs_last_hour, state.p95_total_ms) == (None, "", 0, None)


def test_percentiles_are_nearest_ranks_and_none_without_rows():
    assert selectors.first_text_latency(since=NOW) == selectors.Latency(0, None, None, None)
    for n in range(1, 101):
        row(first_text_ms=float(n), total_ms=float(n * 2), agent="A" if n % 2 else "B")
    assert selectors.first_text_latency(since=NOW) == selectors.Latency(100, 50.0, 95.0, 99.0)
    assert selectors.total_latency(since=NOW, agent="A") == selectors.Latency(50, 98.0, 190.0, 198.0)
    row(first_text_ms=3.0, agent="C")
    assert selectors.first_text_latency(since=NOW, agent="C") == selectors.Latency(1, 3.0, 3.0, 3.0)


def test_lists_details_and_counts():
    conversation = uuid4()
    run = row(conversation=conversation, outcome="failed", error_category="network")
    row(outcome="failed", error_category="network")
    row(outcome="ok")
    services.record_verdict(stage="copy", rule="pressure", action="replaced", now=NOW, run_id=run.uuid)
    services.record_verdict(stage="copy", rule="pressure", action="replaced", now=NOW)
    assert [r.run_id for r in selectors.recent_runs(conversation=conversation)] == [run.uuid]
    assert len(selectors.recent_runs(limit=2)) == 2
    detail = selectors.run_detail(run_id=run.uuid)
    assert detail is not None
    assert [v["rule"] for v in detail.verdicts] == ["pressure"]
    assert selectors.run_detail(run_id=uuid4()) is None
    assert selectors.failures_by_category(since=NOW) == {"network": 2}
    assert selectors.verdicts_by_rule(since=NOW) == {"pressure": 2}
    assert Verdict.objects.count() == 2


def test_the_admin_shows_runs_and_lets_nobody_edit(admin_client):
    run = row(outcome="ok")
    assert admin_client.get("/admin/cathy/agentrun/").status_code == 200
    page = admin_client.get(f"/admin/cathy/agentrun/{run.uuid}/change/")
    assert page.status_code == 200
    assert admin_client.post(f"/admin/cathy/agentrun/{run.uuid}/change/", {"outcome": "failed"}).status_code == 403
    assert admin_client.get("/admin/cathy/agentrun/add/").status_code == 403


@pytest.mark.django_db(transaction=True)
class TestSideBySide:
    """As in production: no surrounding transaction, several threads or conversations writing at once."""

    def test_tasks_in_threads(self):
        def one(n: int) -> str:
            try:
                return run_typed_sync(WRITER, input=f"n{n}", context=context(), trigger="t", guards=GUARDS)
            finally:
                connection.close()

        with brain(echo, "email-writer"), ThreadPoolExecutor(6) as pool:
            texts = list(pool.map(one, range(18)))
        assert texts == [f"n{n}" for n in range(18)]
        assert AgentRun.objects.filter(outcome="ok").count() == 18

    def test_conversations_on_one_loop(self):
        async def one(n: int) -> str:
            stream = stream_reply(speaker(), text=f"n{n}", context=context(), session=MemorySession(), guards=GUARDS)
            return shown([event async for event in stream])

        async def all_of_them() -> list[str]:
            return await asyncio.gather(*(one(n) for n in range(18)))

        with brain(echo):
            assert asyncio.run(all_of_them()) == [f"n{n}" for n in range(18)]
        assert AgentRun.objects.filter(outcome="ok").count() == 18

    def test_another_connection_sees_the_row_before_the_model_is_asked(self):
        """So a killed process leaves an open row behind, which the sweep closes."""
        seen: list[int] = []

        def look() -> int:
            try:
                return AgentRun.objects.filter(outcome="running").count()
            finally:
                connection.close()

        async def looks(_: Any) -> Any:
            seen.append(await sync_to_async(look, thread_sensitive=False)())
            return say("Late.")

        with stand_in("email-writer", ScriptedModel([ModelStep.respond(looks)])):
            run_typed_sync(WRITER, input="x", context=context(), trigger="t", guards=GUARDS)
        assert seen == [1]


def echo(turn: Turn) -> list[Say | Call]:
    return [Say(turn.last_user)]
