"""Guarded tools: checked arguments, time-outs, refusals, errors in one sentence, and a clean log."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import pytest
from asgiref.sync import async_to_sync
from pydantic import BaseModel, Field

from carloans.core.errors import ExternalApiError, NotAllowed
from cathy.engine import Context, guarded_tool
from cathy.engine.redaction import clean
from cathy.engine.testing import call, say, scripted
from cathy.models import AgentRun, ToolCall, Verdict
from cathy.tests.support import asked, context, reply, speaker

pytestmark = pytest.mark.django_db


class Saved(BaseModel):
    status: str


@guarded_tool
async def save_phone(
    context: Context,
    placeholder: Annotated[str, Field(description="such as [PHONE_1]")],
    kind: Literal["home", "cell"] = "cell",
) -> Saved:
    """Keep the number that the customer gave."""
    return Saved(status=f"{kind} {placeholder}")


def told(tool: Any, **arguments: Any) -> str:
    """Return what the model was told by a tool called with these arguments."""
    with scripted("chat-main", call(tool.name, **arguments), say("Well.")) as model:
        reply(speaker(tool), "hi")
    return str(asked(model).input[-1]["output"])


def test_the_model_is_offered_a_strict_schema_with_descriptions():
    schema = save_phone.sdk.params_json_schema
    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == ["kind", "placeholder"]
    assert schema["properties"]["placeholder"]["description"] == "such as [PHONE_1]"
    assert save_phone.sdk.description == "Keep the number that the customer gave."


def test_a_result_of_any_type_becomes_text():
    assert told(save_phone, placeholder="[PHONE_1]") == '{"status":"cell [PHONE_1]"}'

    @guarded_tool
    async def facts(context: Context) -> dict[str, int]:
        """Facts."""
        return {"step": 3}

    assert told(facts) == '{"step": 3}'

    @guarded_tool
    async def silent(context: Context) -> None:
        """Do."""

    assert told(silent) == "done"


def test_wrong_arguments_are_named_and_never_quoted():
    text = told(save_phone, placeholder="[PHONE_1]", kind="555-123-4567", extra="x")
    assert "kind: literal_error" in text
    assert "extra: extra_forbidden" in text
    assert "555" not in text
    row = ToolCall.objects.get()
    assert (row.ok, row.error_category) == (False, "bad_input")
    assert "555" not in str(row.arguments)


def test_the_log_keeps_no_personal_data():
    told(save_phone, placeholder="call me at 512-555-0134 or ann@example.com")
    row = ToolCall.objects.get()
    assert row.ok
    assert "0134" not in str(row.arguments)
    assert "ann@" not in str(row.arguments)


@pytest.mark.parametrize("broken", ["It is \ud800saved.", "It is \0saved."], ids=["half a pair", "NUL"])
def test_the_log_keeps_what_a_database_takes(broken):
    """A model may answer anything; what cannot be stored must not cost the customer the reply."""
    (kept,) = clean([broken])
    assert kept.encode("utf-8").decode().replace("?", "") == "It is saved."


def test_a_secret_in_the_arguments_stops_the_call():
    ran: list[str] = []

    @guarded_tool
    async def note(context: Context, text: str) -> str:
        """Note."""
        ran.append(text)
        return "noted"

    assert "not_allowed" in told(note, text="my social is 123-45-6789")
    assert ran == []
    verdict = Verdict.objects.get()
    assert (verdict.stage, verdict.rule, verdict.action) == ("tool", "secret_in_arguments", "refused")
    assert "6789" not in str(ToolCall.objects.get().arguments)
    assert AgentRun.objects.get().outcome == "ok"


def test_a_rooms_own_guard_can_refuse():
    def only_with_consent(context: Context, arguments: dict[str, Any]) -> str | None:
        return None if context.facts.get("consent") else "no_consent"

    @guarded_tool(guards=[only_with_consent])
    async def pull(context: Context) -> str:
        """Pull."""
        return "pulled"

    assert "not_allowed" in told(pull)
    assert Verdict.objects.get().rule == "no_consent"


def test_a_tool_is_hidden_while_its_condition_does_not_hold():
    @guarded_tool(when=lambda context: bool(context.facts.get("consent")))
    async def pull(context: Context) -> str:
        """Pull."""
        return "pulled"

    with scripted("chat-main", say("A."), say("B.")) as model:
        reply(speaker(pull), "hi")
        reply(speaker(pull), "hi", context=context(facts={"consent": True}))
    assert [[tool.name for tool in c.tools] for c in model.calls] == [[], ["pull"]]


def test_a_domain_error_reaches_the_model_as_its_sentence():
    @guarded_tool
    async def submit(context: Context) -> str:
        """Submit."""
        raise NotAllowed("There is no consent for this buyer.", code="no_consent")

    assert told(submit) == "The tool could not do this (not_allowed): There is no consent for this buyer."
    assert ToolCall.objects.get().error_category == "not_allowed"


def test_an_unforeseen_error_tells_neither_model_nor_log_its_text(caplog):
    @guarded_tool
    async def submit(context: Context) -> str:
        """Submit."""
        raise ValueError("ann@example.com is on the list")

    text = told(submit)
    assert "bug" in text
    assert "ann@" not in text
    assert "ann@" not in caplog.text
    assert "ValueError" in caplog.text


def test_an_external_error_keeps_its_category():
    @guarded_tool
    async def submit(context: Context) -> str:
        """Submit."""
        raise ExternalApiError(provider="buyer")

    told(submit)
    assert ToolCall.objects.get().error_category == "external_api"


def test_a_slow_tool_is_cancelled_and_the_turn_goes_on():
    ended: list[str] = []

    @guarded_tool(timeout_s=0.05)
    async def slow(context: Context) -> str:
        """Slow."""
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return "late"

    assert "agent_timeout" in told(slow)
    assert ended == ["cancelled"]
    row = ToolCall.objects.get()
    assert (row.ok, row.error_category) == (False, "agent_timeout")
    assert row.ms >= 50


def test_orm_work_goes_through_db():
    from cathy.engine import db

    @guarded_tool
    async def count(context: Context) -> int:
        """Count."""
        return await db(AgentRun.objects.count)()

    assert told(count) == "1"


def test_a_tool_is_a_plain_function_to_its_own_tests():
    assert async_to_sync(save_phone.function)(context(), placeholder="[PHONE_1]") == Saved(status="cell [PHONE_1]")


def test_mistakes_of_the_author_show_at_import():
    def blocking(context: Context) -> str:
        """No."""
        return ""

    with pytest.raises(TypeError, match="async"):
        guarded_tool(blocking)  # type: ignore[arg-type]

    async def untyped(context: Context, thing) -> str:
        """No."""
        return ""

    with pytest.raises(TypeError, match="thing"):
        guarded_tool(untyped)
