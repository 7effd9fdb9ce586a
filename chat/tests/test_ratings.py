"""One question after the end: asked once, answered by a press, counted from rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat import reading, services
from chat.errors import BadFields, CardSettled
from chat.models import Message, Rating
from chat.tests.factories import make_conversation, press, say

pytestmark = pytest.mark.django_db


def closed(now, *, talked=True):
    conversation = make_conversation(now=now)
    if talked:
        say(conversation.pk, "thank you, bye", now=now)
    services.close(conversation_id=conversation.pk, now=now)
    return conversation


def question(conversation):
    return conversation.messages.filter(card__kind="rating").first()


def test_the_closing_message_asks_and_the_answer_is_a_row(now):
    conversation = closed(now)
    card = question(conversation)
    assert (card.role, card.card_state) == (Message.Role.SYSTEM, "open")
    press(conversation.pk, card.pk, "submit", fields={"score": "4"}, now=now)
    rating = Rating.objects.get()
    assert (rating.conversation_id, rating.card, rating.score) == (conversation.pk, card.pk, 4)
    conversation.refresh_from_db()
    assert conversation.owner == "closed"
    with pytest.raises(CardSettled):
        press(conversation.pk, card.pk, "submit", fields={"score": "1"}, now=now)


@pytest.mark.parametrize("fields", [{}, {"score": "6"}, {"score": "0"}, {"score": True}, {"score": "5", "more": "x"}])
def test_nothing_but_the_offered_scores_is_taken(now, fields):
    conversation = closed(now)
    with pytest.raises(BadFields):
        press(conversation.pk, question(conversation).pk, "submit", fields=fields, now=now)
    assert not Rating.objects.exists()
    assert question(conversation).card_state == "open"


def test_saying_no_is_fine_and_stores_nothing(now):
    conversation = closed(now)
    press(conversation.pk, question(conversation).pk, "decline", now=now)
    assert question(conversation).card_choice == "decline"
    assert not Rating.objects.exists()


def test_it_is_asked_once_and_only_somebody_who_talked(now):
    assert question(closed(now, talked=False)) is None
    conversation = closed(now)
    say(conversation.pk, "one more thing", now=now)
    services.close(conversation_id=conversation.pk, now=now)
    assert conversation.messages.filter(card__kind="rating").count() == 1


def test_the_figure_counts_answers_of_the_period(now):
    assert reading.satisfaction(since=now - timedelta(days=1)) == reading.Satisfaction(0, None)
    for score in ("5", "4", "4"):
        conversation = closed(now)
        press(conversation.pk, question(conversation).pk, "submit", fields={"score": score}, now=now)
    assert reading.satisfaction(since=now - timedelta(days=1)) == reading.Satisfaction(3, 4.33)
    assert reading.satisfaction(since=now + timedelta(seconds=1)).count == 0
