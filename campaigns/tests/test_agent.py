"""The agent writes, the linter decides, and there is always a mail: its own or the hand-written one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from campaigns import agent, texts
from campaigns.agent import EmailDraft, compose, facts_for
from campaigns.models import Step
from campaigns.people import Reader
from campaigns.services.drafting import broken_rules
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from carloans.core.errors import AgentTimeout, ExternalApiError
from carloans.core.models import ErrorRecord, Switch
from cathy import registry
from cathy.engine import Context
from cathy.models import AgentRun, Verdict
from cathy.simulation.brains import email
from cathy.simulation.contract import Say

#: A run opens its own transactions around the model's answer.
pytestmark = pytest.mark.django_db(transaction=True)

GOOD = EmailDraft(
    subject="Your application is saved, {first_name}",
    preheader="Go on when it suits you.",
    paragraphs=["Everything that you saved with {company} is there.", "Ask me in the chat if a step is not clear."],
    call_to_action="Continue my application",
)


@pytest.fixture
def answers(monkeypatch):
    """Let the simulated model answer with this draft; everything around it is real."""

    def answer_with(draft: EmailDraft) -> None:
        monkeypatch.setattr(email, "plan", lambda turn: [Say(draft.model_dump_json())])

    return answer_with


def parts(**details: Any) -> tuple[Reader, Step]:
    enrollment = factories.enrolled(**details)
    return factories.reader(enrollment), Step.objects.get(order=1)


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_configured_model_writes_a_mail_that_may_be_stored(locale, number):
    reader, _ = parts(locale=locale)
    written = compose(reader=reader, step=Step.objects.get(order=number), now=NOON)
    assert (written.source, written.verdict) == ("agent", {})
    assert broken_rules(written.copy, locale=locale) == []
    assert written.run
    run = AgentRun.objects.get(uuid=written.run)
    assert (run.agent, run.outcome, run.mode) == ("EmailReengagement", "ok", "simulated")
    assert run.application == reader.application_id


def test_the_model_is_told_nothing_personal(monkeypatch):
    reader, step = parts(email="private.person@gmail.com", first_name="Wilhelmina", monthly_income_cents=412300)
    told = []

    def watch(spec, *, input, context: Context, **options):
        told.append(input + json.dumps(dict(context.facts)))
        return GOOD

    monkeypatch.setattr(agent, "run_typed_sync", watch)
    compose(reader=reader, step=step, now=NOON)
    (everything,) = told
    for secret in ("private.person", "gmail", "Wilhelmina", "4123"):
        assert secret not in everything
    assert json.loads(everything.removesuffix("{}")) == facts_for(reader=reader, step=step)
    assert '"first_name": "{first_name}"' in everything


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"subject": "You are pre-approved, {first_name}"}, "guaranteed_approval"),
        ({"paragraphs": ["Payments from $199 a month.", "Come back."]}, "rate_or_payment_promise"),
        ({"paragraphs": ["I am a real person at my desk.", "Come back."]}, "claims_human"),
        ({"paragraphs": ["Dear {last_name}, your application waits.", "Come back."]}, "unknown_placeholder"),
        ({"paragraphs": ["Only one."]}, "wrong_shape"),
        ({"subject": ""}, "wrong_shape"),
        ({"call_to_action": "x" * 51}, "wrong_shape"),
    ],
)
def test_words_that_break_a_rule_are_replaced_and_the_verdict_is_kept(answers, changes, rule):
    reader, step = parts()
    answers(GOOD.model_copy(update=changes))
    written = compose(reader=reader, step=step, now=NOON)
    assert written.source == "template"
    assert written.verdict["reason"] == "refused"
    assert rule in written.verdict["rules"]
    assert broken_rules(written.copy, locale="en") == []


def test_a_refused_draft_leaves_a_verdict_row(answers):
    reader, step = parts()
    answers(GOOD.model_copy(update={"subject": "Guaranteed approval"}))
    written = compose(reader=reader, step=step, now=NOON)
    kept = Verdict.objects.values_list("stage", "rule", "action", "run")
    assert list(kept) == [("copy", "guaranteed_approval", "replaced", written.run)]


def test_an_answer_that_is_no_mail_is_replaced(monkeypatch):
    reader, step = parts()
    monkeypatch.setattr(email, "plan", lambda turn: [Say("I would rather talk about the weather.")])
    written = compose(reader=reader, step=step, now=NOON)
    assert (written.source, written.verdict["reason"]) == ("template", "model_misbehaved")


@pytest.mark.parametrize("error", [AgentTimeout(), ExternalApiError(provider="openai", code="model_api_500")])
def test_a_model_that_fails_is_replaced_and_noted(monkeypatch, error):
    reader, step = parts()

    def fail(*args, **options):
        raise error

    monkeypatch.setattr(agent, "run_typed_sync", fail)
    written = compose(reader=reader, step=step, now=NOON)
    assert (written.source, written.verdict) == ("template", {"reason": error.code, "rules": []})
    assert ErrorRecord.objects.get(where="campaigns.compose").code == error.code


def test_with_the_ai_switched_off_no_model_is_asked():
    reader, step = parts()
    Switch.objects.create(name="ai", scope="all", on=False, reason="test", changed_at=NOON)
    written = compose(reader=reader, step=step, now=NOON)
    assert (written.source, written.verdict["reason"], written.run) == ("template", "switched_off", None)
    assert not AgentRun.objects.exists()


def test_the_agent_is_on_the_operations_rooms_list():
    (card,) = [card for card in registry.cards() if card.name == agent.NAME]
    assert (card.alias, card.app) == ("email-writer", "campaigns")


def test_the_hand_written_mails_fit_the_shape_that_agents_must_keep():
    for locale in texts.LOCALES:
        for number in (1, 2, 3):
            copy = texts.fallback_copy(locale=locale, number=number, vehicle={})
            draft = EmailDraft(
                subject=copy.subject,
                preheader=copy.preheader,
                paragraphs=list(copy.paragraphs),
                call_to_action=copy.call_to_action,
            )
            assert agent._faults(draft, locale) == []
