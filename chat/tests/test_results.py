"""The outcome of a check is shown once, in the allowed words, and a person is brought in where one is needed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import reading, services, tasks
from chat.models import Conversation, Message
from chat.tests.factories import dealers_named, make_conversation, press, say
from credit import selectors as credit
from credit.models import CreditCheck
from credit.outcomes import Outcome, Phrase, Status
from visitors import services as visitor_services

pytestmark = pytest.mark.django_db


def running_check(now):
    """A customer who has agreed; the bureau has not answered."""
    conversation = make_conversation(now=now)
    visitor_services.upsert_contact(visitor_id=conversation.visitor_id, phone="555-123-4567", now=now)
    turn_with_consent(conversation, now)
    card = conversation.messages.get(card__kind="credit_consent")
    press(conversation.pk, card.pk, "agree", now=now)
    conversation.refresh_from_db()
    return conversation


def turn_with_consent(conversation, now):
    say(conversation.pk, "Do I prequalify?", now=now)
    turn = services.begin_turn(conversation_id=conversation.pk, now=now)
    reply = services.Reply(
        text="Please read this.", run_id=uuid4(), cards=[services.credit_consent(locale="en", company="Car Loans")]
    )
    services.finish_turn(turn=turn, reply=reply, now=now)


def decide(conversation, outcome, phrase, status, now):
    """The row as the credit room leaves it after a pull; its own tests prove how it gets there."""
    rows = CreditCheck.objects.filter(pk=conversation.pending_check)
    rows.update(state="done", outcome=outcome, phrase=phrase, status=status, decided_at=now)


DENIALS = ("denied", "declined", "not qualify", "rejected", "unfortunately", "too low", "unlikely", "refused")


@pytest.mark.parametrize("phrase", [Phrase.NEEDS_PERSON, Phrase.NO_FILE, Phrase.FILE_LOCKED])
def test_a_check_that_needs_a_person_brings_one_and_denies_nothing(now, phrase):
    conversation = running_check(now)
    decide(conversation, Outcome.NEEDS_PERSON, phrase, Status.PULLED, now)
    assert services.present_result(check_id=conversation.pending_check, now=now)
    shown = list(conversation.messages.filter(seq__gt=4))
    words = " ".join(m.text + " " + " ".join((m.card or {}).get("body", [])) for m in shown).lower()
    assert not [word for word in DENIALS if word in words]
    assert Conversation.objects.get(pk=conversation.pk).owner == "queue"
    assert [m.card["kind"] for m in shown] == ["credit_result", "handoff"]


def test_a_prequalified_customer_stays_with_cathy(now):
    conversation = running_check(now)
    decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
    services.present_result(check_id=conversation.pending_check, now=now)
    card = conversation.messages.last().card
    assert (card["kind"], card["tone"]) == ("credit_result", "good")
    assert Conversation.objects.get(pk=conversation.pk).owner == "ai"


def test_an_outcome_is_shown_once(now):
    conversation = running_check(now)
    check = conversation.pending_check
    decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
    assert services.present_result(check_id=check, now=now)
    assert not services.present_result(check_id=check, now=now)
    assert conversation.messages.filter(card__kind="credit_result").count() == 1


def test_nothing_is_shown_before_there_is_an_outcome(now):
    conversation = running_check(now)
    assert credit.outcome_for(conversation.pending_check).decided is False
    assert not services.present_result(check_id=conversation.pending_check, now=now)


def test_the_sweep_shows_an_outcome_whose_news_was_lost(now):
    conversation = running_check(now)
    assert tasks.sweep_results() == 0
    decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
    assert tasks.sweep_results() == 1
    assert tasks.sweep_results() == 0


def test_the_spanish_customer_gets_spanish_words_or_the_same_sentence(now):
    conversation = running_check(now)
    Conversation.objects.filter(pk=conversation.pk).update(locale="es")
    decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
    services.present_result(check_id=conversation.pending_check, now=now)
    assert conversation.messages.last().card["title"] == "Su precalificación"


def test_the_model_is_never_shown_more_than_the_outcome(now):
    conversation = running_check(now)
    decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
    services.present_result(check_id=conversation.pending_check, now=now)
    say(conversation.pk, "And now?", now=now + timedelta(minutes=1))
    turn = services.begin_turn(conversation_id=conversation.pk, now=now)
    remembered = str(turn.bridge)
    assert "Good news: you prequalified." in remembered
    assert "score" not in remembered.replace("does not affect your credit score", "")


def test_latency_is_counted_from_rows(now):
    conversation = make_conversation(now=now)
    assert reading.reply_latency(since=now).count == 0
    for number, waited in enumerate([10, 20, 30, 400], start=2):
        Message.objects.create(
            conversation=conversation, seq=number, role="cathy", first_text_ms=waited, reply_ms=2 * waited, at=now
        )
    found = reading.reply_latency(since=now)
    assert (found.count, found.first_text_p50, found.first_text_p95, found.reply_p50) == (4, 20, 400, 40)


def test_erasing_a_visitor_erases_their_words(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, "Call 555-123-4567, secretly", now=now)
    visitor_services.erase_visitor(visitor_id=conversation.visitor_id, now=now)
    assert tasks.sweep_erased() == 1
    assert set(conversation.messages.values_list("text", flat=True)) == {""}
    assert tasks.sweep_erased() == 0


def test_a_prequalified_customer_is_asked_whether_a_dealer_may_call(now):
    with dealers_named("Lakeside Motors"):
        conversation = running_check(now)
        decide(conversation, Outcome.PREQUALIFIED, Phrase.PREQUALIFIED, Status.PULLED, now)
        services.present_result(check_id=conversation.pending_check, now=now)
    form = conversation.messages.last().card
    assert form["kind"] == "contact_form"
    assert "Lakeside Motors" in form["fields"][-1]["label"]
