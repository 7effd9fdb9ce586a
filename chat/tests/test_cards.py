"""A press on a card acts once; typed words never agree to anything."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import cards, services
from chat.errors import BadAction, BadFields, CardSettled, ContactNeeded, StaleText, UnknownCard
from chat.models import Conversation, Message
from chat.services import carding
from chat.services.store import load
from chat.tests.factories import dealers_named, make_conversation, make_site, press, say
from credit import selectors as credit
from visitors import selectors as visitors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dealers():
    with dealers_named("Lakeside Motors", "Hill Cars"):
        yield


def show(conversation, content, now):
    return carding.present_card(conversation=load(conversation.pk), card=content, text="", now=now)


def contact_card(conversation, now):
    content = services.contact_form(visitor_id=conversation.visitor_id, company="Car Loans", locale="en")
    return show(conversation, content, now)


def consent_card(conversation, now):
    return show(conversation, services.credit_consent(locale="en", company="Car Loans"), now)


def contact(conversation):
    return visitors.visitor_contact(visitor_id=conversation.visitor_id)


def consents(conversation):
    return visitors.consents_for(visitor_id=conversation.visitor_id)


def test_the_contact_form_names_the_dealers_and_leaves_the_box_empty(now):
    card = contact_card(make_conversation(now=now), now)
    box = card.card["fields"][-1]
    assert "Lakeside Motors and Hill Cars" in box["label"]
    assert "checked" not in box
    assert box["required"] is False


def test_without_a_dealer_to_name_there_is_no_box(now):
    with dealers_named():
        card = contact_card(make_conversation(now=now), now)
    assert [one["name"] for one in card.card["fields"]] == ["phone", "email"]


def test_a_sent_form_saves_the_contact_in_its_normal_form(now):
    conversation = make_conversation(now=now)
    card = contact_card(conversation, now)
    press(conversation.pk, card.pk, "submit", fields={"phone": "(555) 123-4567", "email": "Jo@Example.org"}, now=now)
    assert (contact(conversation).phone, contact(conversation).email) == ("+15551234567", "jo@example.org")
    assert consents(conversation) == []


def test_the_ticked_box_is_recorded_with_the_text_that_was_shown(now):
    conversation = make_conversation(now=now)
    card = contact_card(conversation, now)
    fields = {"phone": "555-123-4567", "dealer_contact": True}
    press(conversation.pk, card.pk, "submit", fields=fields, now=now + timedelta(seconds=5))
    [consent] = consents(conversation)
    assert consent.kind == "dealer_contact"
    assert consent.text_sha256 == card.card["fields"][-1]["sha256"]
    assert consent.scope == {"buyers": ["lakeside", "hill"]}
    assert consent.conversation_id == conversation.pk
    assert (consent.shown_at, consent.given_at) == (now, now + timedelta(seconds=5))


@pytest.mark.parametrize(
    ("fields", "wrong", "code"),
    [
        ({"phone": "123"}, "phone", "too_short"),
        ({"phone": "call me"}, "phone", "not_a_number"),
        ({}, "phone", "required"),
        ({"phone": "555-123-4567", "email": "invalid-email-format"}, "email", "syntax"),
        ({"phone": "555-123-4567", "email": "x@mailinator.com"}, "email", "disposable"),
        ({"phone": "555-123-4567", "dealer_contact": "yes"}, "dealer_contact", "bad_type"),
    ],
)
def test_a_wrong_field_is_explained_and_the_card_stays_open(now, fields, wrong, code):
    conversation = make_conversation(now=now)
    card = contact_card(conversation, now)
    with pytest.raises(BadFields) as caught:
        press(conversation.pk, card.pk, "submit", fields=fields, now=now)
    assert caught.value.fields[wrong]["code"] == code
    assert caught.value.fields[wrong]["message"]
    card.refresh_from_db()
    assert card.card_state == Message.CardState.OPEN
    assert contact(conversation).phone == ""


def test_fictional_numbers_are_for_simulated_customers_alone(now):
    site = make_site("live", is_demo=False)
    conversation = make_conversation(now=now, site=site)
    with pytest.raises(BadFields):
        press(conversation.pk, contact_card(conversation, now).pk, "submit", fields={"phone": "555-123-4567"}, now=now)


def test_the_same_press_acts_once(now):
    conversation, same = make_conversation(now=now), uuid4()
    card = contact_card(conversation, now)
    for _ in range(2):
        press(conversation.pk, card.pk, "decline", press_id=same, now=now)
    assert conversation.messages.filter(seq__gt=card.seq).count() == 1


def test_another_press_on_a_settled_card_is_refused(now):
    conversation = make_conversation(now=now)
    card = contact_card(conversation, now)
    press(conversation.pk, card.pk, "decline", now=now)
    with pytest.raises(CardSettled):
        press(conversation.pk, card.pk, "submit", fields={"phone": "555-123-4567"}, now=now)


def test_a_newer_card_of_a_kind_replaces_the_older(now):
    conversation = make_conversation(now=now)
    old, _ = contact_card(conversation, now), contact_card(conversation, now)
    with pytest.raises(CardSettled):
        press(conversation.pk, old.pk, "decline", now=now)


def test_cards_of_others_and_buttons_that_are_not_there_are_refused(now):
    mine, other = make_conversation(now=now), make_conversation(now=now)
    card = contact_card(other, now)
    with pytest.raises(UnknownCard):
        press(mine.pk, card.pk, "decline", now=now)
    with pytest.raises(BadAction):
        press(other.pk, card.pk, "agree", now=now)


def with_phone(now):
    conversation = make_conversation(now=now)
    press(conversation.pk, contact_card(conversation, now).pk, "submit", fields={"phone": "555-123-4567"}, now=now)
    return conversation


def test_agreeing_starts_one_check_under_the_shown_text(now):
    conversation = with_phone(now)
    card = consent_card(conversation, now)
    press(conversation.pk, card.pk, "agree", now=now)
    conversation.refresh_from_db()
    outcome = credit.outcome_for(conversation.pending_check)
    assert (outcome.visitor_id, outcome.conversation_id) == (conversation.visitor_id, conversation.pk)
    assert "soft credit check" in conversation.messages.last().text


def test_agreeing_needs_a_phone_number_first(now):
    conversation = make_conversation(now=now)
    card = consent_card(conversation, now)
    with pytest.raises(ContactNeeded):
        press(conversation.pk, card.pk, "agree", now=now)
    card.refresh_from_db()
    assert card.card_state == Message.CardState.OPEN


def test_declining_starts_nothing(now):
    conversation = with_phone(now)
    press(conversation.pk, consent_card(conversation, now).pk, "decline", now=now)
    conversation.refresh_from_db()
    assert conversation.pending_check is None
    assert consents(conversation) == []


def test_an_outdated_text_is_replaced_and_agrees_to_nothing(now):
    conversation = with_phone(now)
    content = services.credit_consent(locale="en", company="Car Loans")
    content["consent"]["sha256"] = "0" * 64
    card = show(conversation, content, now)
    with pytest.raises(StaleText):
        press(conversation.pk, card.pk, "agree", now=now)
    conversation.refresh_from_db()
    fresh = conversation.messages.get(card__kind="credit_consent", card_state="open")
    assert fresh.card["consent"]["sha256"] == credit.consent_text(locale="en").sha256
    assert conversation.pending_check is None


def test_a_page_that_shows_another_text_is_refused(now):
    conversation = with_phone(now)
    card = consent_card(conversation, now)
    with pytest.raises(StaleText):
        press(conversation.pk, card.pk, "agree", fields={"version": "other"}, now=now)


@pytest.mark.parametrize("words", ["yes", "I agree", "I AGREE", "acepto", "sí"])
def test_a_typed_yes_agrees_to_nothing(now, words):
    conversation = with_phone(now)
    card = consent_card(conversation, now)
    say(conversation.pk, words, now=now)
    card.refresh_from_db()
    conversation.refresh_from_db()
    assert card.card_state == Message.CardState.OPEN
    assert conversation.pending_check is None
    assert consents(conversation) == []


def test_the_agreement_follows_the_form_when_the_check_was_asked_for(now):
    conversation = make_conversation(now=now)
    services.want_check(conversation_id=conversation.pk)
    press(conversation.pk, contact_card(conversation, now).pk, "submit", fields={"phone": "555-123-4567"}, now=now)
    assert conversation.messages.last().card["kind"] == "credit_consent"


def test_the_agreement_stands_whole_on_the_card(now):
    card = consent_card(make_conversation(now=now), now).card
    text = credit.consent_text(locale="en")
    assert "\n\n".join(card["consent"]["paragraphs"]) == text.body
    assert [one["action"] for one in card["actions"]] == ["agree", "decline"]


def test_a_callback_goes_to_a_person_with_the_chosen_time(now):
    conversation = make_conversation(now=now)
    card = show(conversation, cards.callback(locale="en"), now)
    with pytest.raises(BadFields):
        press(conversation.pk, card.pk, "submit", fields={"when": "midnight"}, now=now)
    press(conversation.pk, card.pk, "submit", fields={"when": "morning"}, now=now)
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.note) == ("queue", "callback_wanted: morning")


def test_spanish_cards_hash_the_spanish_text(now):
    conversation = make_conversation(now=now, lang="es")
    content = services.credit_consent(locale="es", company="Car Loans")
    press_card = show(conversation, content, now)
    assert content["consent"]["sha256"] == credit.consent_text(locale="es").sha256
    assert press_card.card["actions"][0]["label"] == "Acepto"
    assert Conversation.objects.get(pk=conversation.pk).locale == "es"


def test_a_number_on_file_is_shown_masked_and_may_stay(now):
    conversation = with_phone(now)
    card = contact_card(conversation, now)
    phone = card.card["fields"][0]
    assert (phone["required"], "4567" in phone["help"], "555" in phone["help"]) == (False, True, False)
    press(conversation.pk, card.pk, "submit", fields={"phone": "", "dealer_contact": True}, now=now)
    assert contact(conversation).phone == "+15551234567"
    assert [consent.kind for consent in consents(conversation)] == ["dealer_contact"]


@pytest.mark.parametrize("name", ["Car Loans", "Prairie Lending"])
def test_the_agreement_names_the_sites_own_company(now, name):
    conversation = make_conversation(now=now, site=make_site("other", company_name=name))
    press(conversation.pk, contact_card(conversation, now).pk, "submit", fields={"phone": "555-123-4567"}, now=now)
    card = show(conversation, services.credit_consent(locale="en", company=name), now)
    assert name in card.card["consent"]["paragraphs"][0]
    press(conversation.pk, card.pk, "agree", now=now)
    assert Conversation.objects.get(pk=conversation.pk).pending_check
