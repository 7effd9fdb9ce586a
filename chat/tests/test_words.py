"""What the chat says by itself passes the same linter as Cathy's words, in both languages."""

from __future__ import annotations

import pytest

from cathy.guardrails.claims import check
from chat import cards, wording

FILLED = {
    "company": "Car Loans",
    "where": "",
    "what": "a card number",
    "name": "Ann",
    "vehicle": "2021 Civic",
    "step": 3,
    "when": "tomorrow at 9:00 AM (CST)",
    "weekday": "Monday",
    "clock": "9:00 AM (CST)",
}


def texts():
    for key in wording.all_keys():
        for locale in ("en", "es"):
            yield f"{key}.{locale}", wording.say(key, locale, **FILLED)
    for number, pair in enumerate(cards.words()):
        for locale, text in zip(("en", "es"), pair, strict=True):
            yield f"card{number}.{locale}", text


@pytest.mark.parametrize(("name", "text"), list(texts()))
def test_every_text_passes_the_claim_linter(name, text):
    assert [violation.rule for violation in check(text)] == []


@pytest.mark.parametrize("key", wording.all_keys())
def test_every_text_is_in_both_languages(key):
    english, spanish = (wording.say(key, locale, **FILLED) for locale in ("en", "es"))
    assert english.strip()
    assert spanish.strip()
    assert english != spanish


@pytest.mark.parametrize("returning", [True, False])
@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_greeting_says_that_it_is_an_ai(returning, locale):
    text = wording.greeting(company="X", locale=locale, returning=returning, vehicle="2021 Honda Civic", step=3)
    assert ("asistente de IA" if locale == "es" else "an AI assistant") in text


def test_names_what_was_removed_once_each():
    text = wording.removed(["SSN", "BANK_ACCOUNT", "IBAN", "DOB"], "en")
    assert "a Social Security number, an account number and a date of birth" in text


def test_a_pressed_card_has_no_live_buttons():
    card = cards.payload("id", cards.handoff(locale="en"), state="settled", choice="decline")
    assert (card["actions"], card["choice"]) == ([], "decline")


def test_what_is_for_the_server_never_leaves_it():
    shown = cards.ShownText("v", "h", "text")
    content = cards.contact_form(locale="en", dealer_contact=shown, dealers="A and B", buyers=["a", "b"])
    assert not {"dealers", "buyers"} & set(cards.payload("id", content, state="open", choice=""))
