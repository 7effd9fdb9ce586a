"""The summary at a hand-off: the rule's at once, a configured model's in its place if its words hold."""

from __future__ import annotations

import pytest

from cathy.engine.testing import answer, failing, scripted
from cathy.models import AgentRun
from chat import services, tasks
from chat.models import HandOff
from chat.tests.factories import make_conversation, say
from visitors import services as visitor_services

pytestmark = pytest.mark.django_db
GOOD = "The customer asked for a person because of a letter. No application is on file."


@pytest.fixture
def live(settings):
    """A real model is configured; a script answers in its place."""
    settings.BRIEF_BY_MODEL = True


def called(now):
    conversation = make_conversation(now=now)
    visitor_services.upsert_contact(visitor_id=conversation.visitor_id, phone="(512) 867-5309", now=now)
    say(conversation.pk, "A person please, at 512-867-5309", now=now)
    services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    return conversation


def brief(conversation):
    return HandOff.objects.get(conversation=conversation)


def test_the_models_summary_takes_the_place_of_the_rules(now, live):
    conversation = called(now)
    with scripted("chat-brief", answer(summary=GOOD)) as model:
        assert tasks.write_brief(conversation_id=str(conversation.pk))
    assert (brief(conversation).summary, brief(conversation).source) == (GOOD, "model")
    asked = str([(call.system_instructions, call.input) for call in model.calls])
    assert "[PHONE_1]" in asked
    assert "867-5309" not in asked
    assert AgentRun.objects.get(agent="HandoffBriefing").conversation == conversation.pk


@pytest.mark.parametrize("words", ["The customer has a complaint.", "The customer seems to be in distress."])
def test_a_colleague_may_be_told_of_the_customer(now, live, words):
    """A sentence that no customer may read of another: here it is what the summary is for."""
    conversation = called(now)
    with scripted("chat-brief", answer(summary=words)):
        assert tasks.write_brief(conversation_id=str(conversation.pk))
    assert brief(conversation).summary == words


@pytest.mark.parametrize(
    "words",
    ["The customer is guaranteed to be approved.", "Ring them at 512-867-5309.", "   "],
    ids=["breaks a rule", "holds personal data", "nothing"],
)
def test_words_that_do_not_hold_leave_the_rules_summary(now, live, words):
    conversation = called(now)
    with scripted("chat-brief", answer(summary=words)):
        assert not tasks.write_brief(conversation_id=str(conversation.pk))
    assert brief(conversation).source == "rule"
    assert brief(conversation).summary.startswith("Asked for a person.")


def test_a_model_that_fails_leaves_the_rules_summary(now, live):
    conversation = called(now)
    with scripted("chat-brief", failing("external_api")):
        assert not tasks.write_brief(conversation_id=str(conversation.pk))
    assert brief(conversation).source == "rule"


def test_a_stay_that_is_over_is_summed_up_no_more(now, live):
    conversation = called(now)
    services.close(conversation_id=conversation.pk, now=now)
    with scripted("chat-brief"):
        assert not tasks.write_brief(conversation_id=str(conversation.pk))


def test_without_a_real_model_nothing_is_asked(now):
    conversation = called(now)
    with scripted("chat-brief"):
        assert not tasks.write_brief(conversation_id=str(conversation.pk))
