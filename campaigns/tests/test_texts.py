"""Every hand-written word of a mail obeys the rules that the agent's words are held to."""

from __future__ import annotations

from dataclasses import astuple, fields

import pytest

from campaigns import texts
from campaigns.rendering import unknown_placeholders
from campaigns.services.drafting import broken_rules
from cathy.guardrails import claims

VEHICLE = {"year": 2021, "make": "Honda", "model": "Civic"}


@pytest.mark.parametrize("locale", texts.LOCALES)
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("vehicle", [VEHICLE, {}])
def test_the_fall_back_mails_break_no_rule(locale, number, vehicle):
    assert broken_rules(texts.fallback_copy(locale=locale, number=number, vehicle=vehicle), locale=locale) == []


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_the_mail_with_a_requested_link_breaks_no_rule(locale):
    assert broken_rules(texts.fresh_link_copy(locale=locale), locale=locale) == []


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_the_frame_around_every_mail_breaks_no_rule(locale):
    for words in (*astuple(texts.FRAMES[locale]), *astuple(texts.OPT_OUT_PAGES[locale])):
        assert claims.check(words, channel="email", lang=locale) == []
        assert unknown_placeholders(words) == set()


def test_a_broken_rule_would_be_found():
    bad = texts.Copy("You are pre-approved", "", ("Approval is guaranteed.", "{last_name}, hurry"), "Go")
    rules = broken_rules(bad, locale="en")
    assert "guaranteed_approval" in rules
    assert "unknown_placeholder" in rules


def test_both_languages_have_every_text():
    for texts_of_both in (texts.FRAMES, texts.OPT_OUT_PAGES, texts.JOURNEY, texts.FRESH_LINK):
        assert set(texts_of_both) == set(texts.LOCALES)
    assert len(texts.JOURNEY["en"]) == len(texts.JOURNEY["es"])
    for field in fields(texts.Frame):
        assert getattr(texts.FRAMES["en"], field.name) != getattr(texts.FRAMES["es"], field.name)


def test_a_known_vehicle_is_named_and_an_unknown_one_is_not():
    assert "the 2021 Honda Civic" in " ".join(texts.fallback_copy(locale="en", number=1, vehicle=VEHICLE).paragraphs)
    assert "el Honda Civic 2021" in " ".join(texts.fallback_copy(locale="es", number=1, vehicle=VEHICLE).paragraphs)
    half_known = texts.fallback_copy(locale="en", number=1, vehicle={"year": 2021, "make": "", "model": ""})
    assert "your car" in " ".join(half_known.paragraphs)


@pytest.mark.parametrize(
    ("locale", "lang"), [("es-MX", "es"), ("es_US", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_locale_finds_its_language(locale, lang):
    assert texts.language(locale) == lang
