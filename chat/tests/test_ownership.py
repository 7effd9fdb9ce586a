"""One party answers at a time."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from carloans.core.models import AuditEntry, FeedEvent
from chat import selectors, services, tasks
from chat.errors import BadOutcome, BadTag, Taken, WordsRefused
from chat.models import Conversation, HandOff, Message, StaffNote
from chat.tests.factories import make_conversation, press, say
from visitors import services as visitor_services

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


def test_a_staff_reply_that_names_the_customer_is_stored_without_the_name(now, ann):
    conversation = make_conversation(now=now)
    visitor_services.upsert_contact(visitor_id=conversation.visitor_id, first_name="Zelda", now=now)
    claim(conversation, ann, now)
    seq = answer(conversation, ann, "Thanks, Zelda!", now)
    assert conversation.messages.get(seq=seq).text == "Thanks, [NAME_1]!"
    assert selectors.news(conversation.pk, after=seq - 1)[1][0].text == "Thanks, Zelda!"


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


def queued(now, reason="asked"):
    conversation = make_conversation(now=now)
    services.hand_off(conversation_id=conversation.pk, reason=reason, now=now)
    return conversation


def row(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def test_a_call_for_a_person_leaves_a_conversation_with_the_person_who_has_it(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    card = conversation.messages.get(card__kind="handoff").pk
    assert not services.hand_off(conversation_id=conversation.pk, reason="credit_needs_person", now=now)
    assert (row(conversation).owner, row(conversation).staff_id) == ("human", ann.pk)
    assert conversation.messages.filter(card__kind="handoff").get().pk == card


def test_who_comes_second_is_told_who_was_first(now, ann, bob):
    conversation = queued(now)
    claim(conversation, ann, now)
    with pytest.raises(Taken) as refused:
        claim(conversation, bob, now)
    assert refused.value.message == "Ann has this conversation."
    with pytest.raises(Taken, match="Ann"):
        services.close_by_staff(conversation_id=conversation.pk, staff_id=bob.pk, outcome="solved", now=now)


def test_those_who_may_take_it_out_of_a_colleagues_hands(now, ann, bob):
    conversation = queued(now)
    with pytest.raises(Taken):
        services.take_over(conversation_id=conversation.pk, staff_id=bob.pk, staff_name="Bob", now=now)
    claim(conversation, ann, now)
    services.take_over(conversation_id=conversation.pk, staff_id=bob.pk, staff_name="Bob", now=now)
    assert row(conversation).staff_id == bob.pk
    with pytest.raises(Taken):
        answer(conversation, ann, "Hello", now)
    assert AuditEntry.objects.filter(action="conversation.taken_over", actor=f"staff:{bob.pk}").exists()


def test_what_was_known_at_the_call_is_kept_without_contact_data(now):
    conversation = make_conversation(now=now)
    visitor_services.upsert_contact(visitor_id=conversation.visitor_id, phone="(512) 867-5309", now=now)
    say(conversation.pk, "Call me at 512-867-5309 please", now=now)
    services.hand_off(conversation_id=conversation.pk, reason="asked", now=now)
    [brief] = HandOff.objects.all()
    assert brief.summary.startswith("Asked for a person. No application. On file: phone.")
    assert brief.facts["last_words"] == "Call me at [PHONE_1] please"
    assert "8675309" not in str(brief.facts) + brief.summary


def test_each_stay_with_people_is_recorded_to_its_end(now, ann):
    conversation, later = queued(now), now + timedelta(minutes=3)
    claim(conversation, ann, later)
    services.put_back(conversation_id=conversation.pk, staff_id=ann.pk, now=later)
    claim(conversation, ann, later)
    services.return_to_ai(conversation_id=conversation.pk, staff_id=ann.pk, now=later)
    claim(conversation, ann, later)
    services.close_by_staff(conversation_id=conversation.pk, staff_id=ann.pk, outcome="solved", now=later)
    stays = list(HandOff.objects.order_by("at", "claimed_at").values_list("reason", "ended"))
    assert sorted(stays) == [("asked", "left"), ("claimed", "closed"), ("put_back", "returned")]


def test_what_is_put_back_keeps_its_place(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now + timedelta(minutes=2))
    services.put_back(conversation_id=conversation.pk, staff_id=ann.pk, now=now + timedelta(minutes=9))
    assert (row(conversation).owner, row(conversation).queued_at) == ("queue", now)


def test_a_closed_conversation_is_cathys_again_with_the_next_word(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    services.close_by_staff(conversation_id=conversation.pk, staff_id=ann.pk, outcome="solved", now=now)
    assert row(conversation).outcome == "solved"
    assert say(conversation.pk, "One more thing", now=now).wake
    assert (row(conversation).owner, row(conversation).outcome, row(conversation).staff_id) == ("ai", "", None)


def test_where_a_person_still_owes_something_the_next_word_goes_to_people(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    services.close_by_staff(conversation_id=conversation.pk, staff_id=ann.pk, outcome="follow_up", now=now)
    assert not say(conversation.pk, "Any news?", now=now).wake
    again = row(conversation)
    assert (again.owner, again.note, again.closed_at, again.outcome) == ("queue", "follow_up", None, "")
    assert conversation.messages.order_by("-seq")[0].text.startswith("Thank you for writing again")


@pytest.mark.parametrize("outcome", ["", "done", "<b>"])
def test_a_conversation_ends_in_one_of_the_known_ways(now, ann, outcome):
    conversation = queued(now)
    with pytest.raises(BadOutcome):
        services.close_by_staff(conversation_id=conversation.pk, staff_id=ann.pk, outcome=outcome, now=now)


def test_a_reply_that_breaks_a_rule_is_refused_and_says_which(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    with pytest.raises(WordsRefused) as refused:
        answer(conversation, ann, "Don't worry, you are guaranteed to be approved.", now)
    assert refused.value.violations[0]["rule"] == "guaranteed_approval"
    assert not conversation.messages.filter(role="staff").exists()
    assert answer(conversation, ann, "I am a real person, my name is Ann.", now)


def test_a_reasoned_override_is_in_the_trail(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    text = "You are guaranteed to be approved."
    for reason in ("", "because"):
        with pytest.raises(WordsRefused):
            services.staff_reply(
                conversation_id=conversation.pk, staff_id=ann.pk, client_id=uuid4(), text=text, now=now, override=reason
            )
    seq = services.staff_reply(
        conversation_id=conversation.pk, staff_id=ann.pk, client_id=uuid4(), text=text, now=now, override="false_alarm"
    )
    entry = AuditEntry.objects.get(action="conversation.rule_overridden")
    assert entry.facts == {"seq": seq, "override": "false_alarm", "rules": ["guaranteed_approval"]}


def test_a_note_reaches_neither_the_customer_nor_the_model(now, ann):
    conversation = make_conversation(now=now)
    services.add_note(conversation_id=conversation.pk, staff_id=ann.pk, text="Ring 512-867-5309, is angry", now=now)
    note = StaffNote.objects.get()
    assert note.text == "Ring [PHONE_1], is angry"
    assert [view.text for view in selectors.news(conversation.pk, after=1)[1]] == []
    say(conversation.pk, "Hello", now=now)
    turn = services.begin_turn(conversation_id=conversation.pk, now=now)
    assert "angry" not in str(turn)


@pytest.mark.parametrize("name", ["", "a tag of more than thirty characters", "ann@gmail.com", "512-867-5309", "ñ"])
def test_a_tag_is_a_word_without_personal_data(now, ann, name):
    conversation = make_conversation(now=now)
    with pytest.raises(BadTag):
        services.add_tag(conversation_id=conversation.pk, staff_id=ann.pk, name=name, now=now)


# Waiting, and people who go away


def sweep(monkeypatch, now):
    monkeypatch.setattr("chat.tasks.utc_now", lambda: now)
    return tasks.sweep_staffing()


def test_who_waits_too_long_sets_off_one_alarm(now, monkeypatch):
    conversation = queued(now)
    assert sweep(monkeypatch, now + timedelta(seconds=299)) == 0
    assert sweep(monkeypatch, now + timedelta(seconds=301)) == 1
    assert sweep(monkeypatch, now + timedelta(seconds=600)) == 0
    event = FeedEvent.objects.get(kind="chat.waits_too_long")
    assert (event.conversation, event.severity, event.listed) == (conversation.pk, "error", True)


def test_a_person_who_does_not_answer_sets_it_off_too(now, ann, monkeypatch):
    conversation = queued(now)
    claim(conversation, ann, now)
    say(conversation.pk, "Hello?", now=now)
    services.sign_of_life(staff_id=ann.pk, now=now + timedelta(seconds=290))
    assert sweep(monkeypatch, now + timedelta(seconds=301)) == 1
    answer(conversation, ann, "Here I am", now + timedelta(seconds=302))
    assert row(conversation).alarmed_at is None
    assert sweep(monkeypatch, now + timedelta(seconds=303)) == 0


def test_what_a_person_left_alone_goes_back_into_the_queue(now, ann, bob, monkeypatch):
    conversation, other = queued(now), queued(now)
    claim(conversation, ann, now)
    claim(other, bob, now)
    later = now + timedelta(seconds=601)
    services.sign_of_life(staff_id=bob.pk, now=later)
    sweep(monkeypatch, later)
    left = row(conversation)
    assert (left.owner, left.staff_id, left.note, left.queued_at) == ("queue", None, "holder_away", now)
    assert row(other).owner == "human"
    assert AuditEntry.objects.filter(action="conversation.released").count() == 1


def test_a_holder_who_shows_up_in_the_last_moment_keeps_it(now, ann):
    conversation = queued(now)
    claim(conversation, ann, now)
    since = now + timedelta(seconds=1)
    services.sign_of_life(staff_id=ann.pk, now=since)
    assert not services.release_absent(conversation_id=conversation.pk, since=since, now=since)


def test_claims_are_audited(now, ann):
    conversation = make_conversation(now=now)
    claim(conversation, ann, now)
    entry = AuditEntry.objects.get(action="conversation.claimed")
    assert (entry.actor, entry.subject) == (f"staff:{ann.pk}", f"conversation:{conversation.pk}")
