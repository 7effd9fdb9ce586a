"""Quick replies come from the server, by rule, and Cathy understands each of them."""

from __future__ import annotations

import pytest

from cathy.simulation.understanding import understand
from chat import frames, selectors, services, suggestions
from chat.services import carding
from chat.services.store import load
from chat.tests.factories import make_conversation, press, say

MEANS = {
    "continue": "ask_process",
    "process": "ask_process",
    "check": "ask_soft_pull",
    "score": "ask_soft_pull",
    "data": "privacy_worry",
    "next": "ask_process",
    "person": "wants_human",
}


def newest(conversation):
    _, views = selectors.news(conversation.pk, after=0)
    return views[-1]


def show(conversation, card, now):
    return carding.present_card(conversation=load(conversation.pk), card=card, text="Here it is.", now=now)


def consent(locale="en"):
    return services.credit_consent(locale=locale, company="Car Loans")


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("key", suggestions.keys())
def test_cathy_understands_every_suggestion(key, locale):
    assert understand(suggestions.text(key, locale)).intents[0] == MEANS[key]


@pytest.mark.django_db
def test_the_greeting_carries_three_in_the_conversations_language(now):
    english, spanish = (newest(make_conversation(now=now, lang=lang)) for lang in ("en", "es"))
    assert english.suggestions[0] == "How does this work?"
    assert spanish.suggestions[2] == "Quiero hablar con una persona"
    assert frames.message(english)["suggestions"] == list(english.suggestions)


@pytest.mark.django_db
def test_only_the_newest_message_of_cathy_carries_them(now):
    conversation = make_conversation(now=now)
    show(conversation, consent(), now)
    _, (greeting, card) = selectors.news(conversation.pk, after=0)
    assert greeting.suggestions == ()
    assert card.suggestions == ("Does it affect my credit score?", "I'd like to talk to a person")
    say(conversation.pk, "hello", now=now)
    assert [view.suggestions for view in selectors.news(conversation.pk, after=0)[1]] == [(), (), ()]


@pytest.mark.django_db
def test_an_answered_card_and_a_conversation_with_a_person_carry_none(now):
    conversation = make_conversation(now=now)
    card = show(conversation, consent(), now)
    assert newest(conversation).suggestions
    press(conversation.pk, card.pk, "decline", now=now)
    assert newest(conversation).suggestions == ()
    other = make_conversation(now=now)
    services.hand_off(conversation_id=other.pk, reason="asked", now=now)
    assert newest(other).suggestions == ()
