"""A model that does not answer: the smaller one, the breaker, and spent budgets, over real HTTP."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from carloans import config
from carloans.core.errors import ExternalApiError
from cathy import budgets
from cathy.engine import provider, resilience
from cathy.engine.resilience import Breaker, ModelResting
from cathy.models import AgentRun, DailySpending
from cathy.tests import support
from cathy.tests.patience import patience
from cathy.tests.responses_server import Drop, ResponsesServer, Silence, Status, Words
from cathy.tests.support import context, shown, speaker

__all__ = ["patience"]
pytestmark = pytest.mark.django_db
TALK = UUID("00000000-0000-4000-8000-000000000001")


#: Far beyond what an answer takes on the busiest machine: a time-out comes only where a test asks for one.
ATTEMPT_S, TURN_S = 600.0, 3600.0
reply = partial(support.reply, deadline_s=TURN_S)


@pytest.fixture
def live(settings: Any, monkeypatch: Any):
    monkeypatch.setattr(provider, "MODEL_TIMEOUT_WITH_FALLBACK_S", ATTEMPT_S)

    def point(server: ResponsesServer, fallback: str = "gpt-5-nano") -> ResponsesServer:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", server.url
        settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL = "gpt-5-mini", fallback
        settings.OPENAI_PRICES = {"gpt-5-mini": (25.0, 200.0), "gpt-5-nano": (5.0, 40.0)}
        return server

    return point


def asked(server: ResponsesServer) -> list[str]:
    return [str(body["model"]) for body in server.bodies]


def test_after_two_failures_the_smaller_model_answers_and_the_run_names_it(live):
    with live(ResponsesServer([Status(500), Status(503), Words("Hello.")])) as server:
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert asked(server) == ["gpt-5-mini", "gpt-5-mini", "gpt-5-nano"]
    run = AgentRun.objects.get()
    assert (run.model, run.outcome) == ("gpt-5-nano", "ok")
    assert run.cost_microcents == 11 * 5 + 7 * 40


def test_a_time_out_is_enough_to_ask_the_smaller_model(live, patience):
    silence = Silence(lambda: patience.ends_after(ATTEMPT_S))
    with live(ResponsesServer([silence, Words("Hello.")])) as server:
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert asked(server) == ["gpt-5-mini", "gpt-5-nano"]


def test_a_model_that_has_spoken_is_not_replaced_in_mid_sentence(live):
    with live(ResponsesServer([Drop("Let me see. I think"), Words("Hello.")])) as server, pytest.raises(Exception):  # noqa: B017, PT011
        reply(speaker(), "hi")
    assert asked(server) == ["gpt-5-mini"]


def test_a_refused_request_is_not_repeated_elsewhere_and_trips_nothing(live):
    with live(ResponsesServer([Status(400)])) as server:
        for _ in range(resilience.TRIPS_AFTER + 1):
            with pytest.raises(ExternalApiError) as caught:
                reply(speaker(), "hi")
            assert caught.value.code == "model_api_400"
    assert len(server.bodies) == resilience.TRIPS_AFTER + 1


@pytest.mark.slow
def test_a_dead_model_is_left_alone_and_the_failure_is_immediate(live):
    with live(ResponsesServer([Status(500)]), fallback="") as server:
        for _ in range(2):
            with pytest.raises(ExternalApiError) as caught:
                reply(speaker(), "hi")
            assert caught.value.code == "model_api_500"
        before = len(server.bodies)
        with pytest.raises(ModelResting):
            reply(speaker(), "hi")
    # Three attempts of the first run and two of the second: its third is not made any more.
    assert before == len(server.bodies) == resilience.TRIPS_AFTER
    assert AgentRun.objects.filter(error_code="model_resting").count() == 1


def test_while_the_first_model_rests_the_smaller_one_answers_at_once(live, settings):
    with live(ResponsesServer([Words("Hello.")])) as server:
        breaker = resilience.breaker_of(server.url, "gpt-5-mini")
        for _ in range(resilience.TRIPS_AFTER):
            breaker.failed()
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert asked(server) == ["gpt-5-nano"]


def test_the_breaker_lets_one_request_try_after_its_rest():
    clock = iter([0.0, 1.0, 40.0, 40.0, 41.0, 42.0]).__next__
    breaker = Breaker(clock)
    for _ in range(resilience.TRIPS_AFTER - 1):
        breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    assert breaker.allows()
    assert not breaker.allows()
    breaker.answered()
    assert breaker.allows()


def test_a_conversations_budget_ends_it_before_the_next_request(live, settings):
    settings.BUDGET_TOKENS_PER_CONVERSATION = 30
    with live(ResponsesServer([Words("Hello.")])) as server:
        for _ in range(2):
            reply(speaker(), "hi", context=context(conversation_id=TALK))
        with pytest.raises(budgets.BudgetSpent) as caught:
            reply(speaker(), "hi", context=context(conversation_id=TALK))
        assert caught.value.scope == "conversation"
        assert shown(reply(speaker(), "hi")) == "Hello."
    assert len(server.bodies) == 3
    assert AgentRun.objects.filter(error_code="budget_spent", error_category="not_allowed").count() == 1


def test_a_days_money_is_a_limit_for_everybody(live, settings, now):
    settings.BUDGET_CENTS_PER_DAY = 1
    DailySpending.objects.create(day=context().now.date(), tokens=5, microcents=999_000)
    with live(ResponsesServer([Words("Hello.")])) as server:
        reply(speaker(), "hi")
        with pytest.raises(budgets.BudgetSpent) as caught:
            reply(speaker(), "hi")
    assert caught.value.scope == "day"
    assert len(server.bodies) == 1
    row = DailySpending.objects.get()
    assert (row.tokens, row.microcents) == (5 + 18, 999_000 + 11 * 25 + 7 * 200)


def test_the_simulated_model_costs_nothing_and_has_no_budget(settings):
    settings.BUDGET_TOKENS_PER_DAY = 1
    for _ in range(2):
        reply(speaker(), "hi")
    assert not DailySpending.objects.exists()


@pytest.mark.parametrize("text", ["gpt-5-mini", "gpt-5-mini:1", "gpt-5-mini:a:b", ":1:2", "m:-1:2"])
def test_a_price_that_makes_no_sense_is_refused_at_start(text, monkeypatch):
    monkeypatch.setenv("OPENAI_PRICES", text)
    with pytest.raises(ImproperlyConfigured, match="OPENAI_PRICES"):
        config.prices("OPENAI_PRICES")


def test_prices_are_read_per_model(monkeypatch):
    monkeypatch.setenv("OPENAI_PRICES", "gpt-5-mini:25:200, gpt-5-nano:5:40.5")
    assert config.prices("OPENAI_PRICES") == {"gpt-5-mini": (25.0, 200.0), "gpt-5-nano": (5.0, 40.5)}
