"""One party answers at a time."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from carloans.core.models import AuditEntry
from chat import services
from chat.errors import Taken
from chat.models import Conversation, Message
from chat.tests.factories import make_conversation, press, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    return get_user_model().objects.create_user(username="ann", first_name="Ann")


@pytest.fixture
def bob(db):
    return get_user_model().objects.create_user(username="bob", first_name="Bob")


def claim(conversation, user, now):
    services.claim(conversation_id=conversation.pk, staff_id=user.pk, staff_name=user.first_name, now=now)


def answer(conversation, user, text, now, client_id=None):
    return services.staff_reply(
        conversation_id=conversation.pk, staff_id=user.pk, client_id=client_id or uuid4(), text=text, now=now
    )


def owner(conversation):
    return Conversation.objects.get(pk=conversation.pk).owner


def test_a_claim_makes_one_person_the_only_writer(now, ann, bob):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    with pytest.raises(Taken):
        claim(conversation, bob, now)
    with pytest.raises(Taken):
        answer(conversation, bob, "Hi", now)
    assert answer(conversation, ann, "Hi, Ann here", now) == 3


def test_cathy_has_no_turn_while_a_person_owns_it(now, ann):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    received = say(conversation.pk, "Hello?", now=now)
    assert not received.wake
    assert services.begin_turn(conversation_id=conversation.pk, now=now) is None


def test_after_the_return_cathy_is_not_asked_what_the_person_answered(now, ann):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    say(conversation.pk, "For the person", now=now)
    services.return_to_ai(conversation_id=conversation.pk, staff_id=ann.pk, now=now)
    assert services.begin_turn(conversation_id=conversation.pk, now=now) is None
    say(conversation.pk, "For Cathy", now=now)
    turn = services.begin_turn(conversation_id=conversation.pk, now=now)
    assert turn.text == "For Cathy"
    assert "For the person" in [item["content"] for item in turn.bridge]


def test_a_staff_reply_is_stored_once_and_tokenised(now, ann):
    conversation, same = make_conversation(now=now), uuid4()
    claim(conversation, ann, now)
    first = answer(conversation, ann, "Ring 212-555-0123", now, same)
    assert answer(conversation, ann, "Ring 212-555-0123", now, same) == first
    assert conversation.messages.get(seq=first).text == "Ring [PHONE_1]"


def test_a_hand_off_happens_once(now):
    conversation = make_conversation(now=now)
    assert services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    assert not services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    assert conversation.messages.filter(card__kind="handoff").count() == 1


def test_the_customer_may_go_on_with_cathy_while_waiting(now):
    conversation = make_conversation(now=now)
    services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    card = conversation.messages.get(card__kind="handoff")
    press(conversation.pk, card.pk, "decline", now=now)
    assert owner(conversation) == "ai"


def test_the_way_back_to_cathy_closes_when_a_person_takes_over(now, ann):
    conversation = make_conversation(now=now)
    services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    claim(conversation, ann, now)
    card = conversation.messages.get(card__kind="handoff")
    assert card.card_state == Message.CardState.REPLACED
    assert owner(conversation) == "human"


def test_only_the_owner_gives_it_back(now, ann, bob):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    with pytest.raises(Taken):
        services.return_to_ai(conversation_id=conversation.pk, staff_id=bob.pk, now=now)


def test_closing_twice_closes_once(now):
    conversation = make_conversation(now=now)
    assert services.close(conversation_id=conversation.pk, now=now)
    assert not services.close(conversation_id=conversation.pk, now=now)


def test_claims_are_audited(now, ann):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    entry = AuditEntry.objects.get(action="conversation_claimed")
    assert (entry.actor, entry.subject) == (f"staff:{ann.pk}", f"conversation:{conversation.pk}")
