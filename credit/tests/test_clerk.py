"""The clerk runs the real engine on the simulated model; without it the service does the work alone."""

from __future__ import annotations

import asyncio
import json

import pytest

from carloans.core.models import ErrorRecord
from cathy.engine import Context
from cathy.models import AgentRun, ToolCall
from credit import agent, selectors, services, tasks
from credit.models import CreditCheck
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


def run(check):
    tasks.run_check(check_id=str(check.pk))
    return selectors.outcome_for(check.pk)


def test_it_checks_consent_pulls_and_words_the_outcome(bureau, customer, press):
    found = run(press(customer))
    assert (found.outcome, found.phrase) == ("prequalified", "prequalified")
    assert list(ToolCall.objects.order_by("seq").values_list("name", "ok")) == [
        ("check_consent", True),
        ("start_soft_pull", True),
    ]
    assert AgentRun.objects.get().outcome == "ok"
    assert bureau.pulls() == 1


def test_the_model_sees_no_figure_and_no_contact(bureau, customer, press, monkeypatch):
    seen = []
    from cathy.simulation.brains import credit as brain

    real = brain.plan
    monkeypatch.setattr(brain, "plan", lambda turn: seen.append(repr(turn)) or real(turn))
    run(press(customer))
    text = " ".join(seen)
    assert "start_soft_pull" in text
    for secret in ("5551234567", "555-123", "John", "Doe", customer.email, " 825", "super_prime", "Simulated Bureau"):
        assert secret not in text


def test_no_tool_takes_an_argument_that_could_grant_consent():
    for tool in (agent.check_consent, agent.start_soft_pull):
        assert tool.sdk.params_json_schema.get("properties", {}) == {}
        assert tool.sdk.params_json_schema["additionalProperties"] is False


def test_a_tool_without_a_check_of_the_task_does_nothing(bureau, now):
    with pytest.raises(Exception, match="bug"):
        asyncio.run(agent.start_soft_pull(Context(now=now)))
    assert bureau.requests == []


def test_when_the_model_is_out_of_reach_the_service_pulls(bureau, customer, press, settings):
    settings.OPENAI_API_KEY = "key"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    found = run(press(customer))
    assert (found.outcome, found.phrase) == ("prequalified", "prequalified")
    assert bureau.pulls() == 1
    assert ErrorRecord.objects.filter(where="credit.agent", category="network").count() == 1


def test_a_provider_fault_under_the_clerk_is_retried_by_the_sweep_with_one_pull(bureau, press, monkeypatch, now):
    from datetime import timedelta

    check = press(KnownVisitorFactory(phone="+15125550108"))
    assert not run(check).decided
    monkeypatch.setattr(tasks, "utc_now", lambda: now + timedelta(minutes=3))
    tasks.sweep_checks()
    assert selectors.outcome_for(check.pk).decided
    assert bureau.pulls(check.idempotency_key) == 1
    assert AgentRun.objects.count() == 1


def test_a_finished_check_is_left_alone(bureau, customer, press, now):
    check = press(customer)
    services.start_pull(check_id=check.pk, now=now)
    run(check)
    assert not AgentRun.objects.exists()


def test_a_phrase_that_is_not_true_is_refused(bureau, customer, press, now):
    check = press(customer)
    services.start_pull(check_id=check.pk, now=now)
    assert services.choose_phrase(check_id=check.pk, phrase="no_file") is False
    assert selectors.outcome_for(check.pk).phrase == "prequalified"


def test_a_phrase_that_is_true_is_kept(bureau, press, now):
    check = press(KnownVisitorFactory(phone="+15125550103"))
    services.start_pull(check_id=check.pk, now=now)
    assert services.choose_phrase(check_id=check.pk, phrase="needs_person") is True
    assert CreditCheck.objects.get().phrase == "needs_person"


def test_a_press_starts_all_of_it(bureau, customer, press, django_capture_on_commit_callbacks):
    decided = []
    from credit.signals import credit_decided

    def listen(sender, **news):
        decided.append(news)

    credit_decided.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            check = press(customer)
    finally:
        credit_decided.disconnect(listen)
    assert [news["check_id"] for news in decided] == [check.pk]
    assert decided[0]["visitor_id"] == customer.pk


def test_the_run_row_holds_no_personal_data(bureau, customer, press):
    run(press(customer))
    rows = [*AgentRun.objects.values(), *ToolCall.objects.values()]
    for secret in ("5551234567", "Doe", customer.email, "super_prime"):
        assert secret not in json.dumps(rows, default=str)
