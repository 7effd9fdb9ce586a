"""The brains of the four batch agents."""

from __future__ import annotations

from dataclasses import fields
from itertools import product

import pytest

from cathy.guardrails import claims
from cathy.simulation.brains import credit, email, leads, visitor
from cathy.simulation.brains.email_words import WORDS
from cathy.tests.simulation.scenes import answer, batch_turn, calls

REASONS = sorted(WORDS["en"].reasons)


def abandonment(**changes):
    return {
        "application": {"step_reached": 4, "minutes_since_last_event": 61, "saved": True, "errors": {}},
        "contact": {"email": True, "phone": True, "name": True},
        "consents": ["marketing_email"],
        "signals": {"gpc": False, "bot": False, "returned_before": False},
        **changes,
    }


def judged(**changes):
    return answer(visitor.plan(batch_turn(abandonment(**changes))))


@pytest.mark.parametrize(
    ("contact", "identity"),
    [
        ({"email": True, "name": True}, "known"),
        ({"email": True}, "probable"),
        ({"phone": True}, "probable"),
        ({}, "anonymous"),
    ],
)
def test_identity_follows_from_the_contact(contact, identity: str) -> None:
    assert judged(contact=contact)["identity"] == identity


def test_a_late_step_with_an_open_channel_is_a_high_priority() -> None:
    found = judged()
    assert (found["channels"], found["priority"], found["next_step"]) == (["email", "chat"], "high", "email")


@pytest.mark.parametrize("signals", [{"gpc": True}, {"bot": True}])
def test_a_privacy_signal_or_a_bot_gets_no_mail(signals) -> None:
    found = judged(signals=signals)
    assert "email" not in found["channels"]
    assert found["next_step"] != "email"


def test_without_consent_there_is_no_mail() -> None:
    assert "email" not in judged(consents=[])["channels"]


def test_errors_tell_why_they_stopped() -> None:
    application = {"step_reached": 3, "saved": False, "errors": {"2": 4, "3": 1}}
    assert judged(application=application)["stop_reason"] == "income_question"


@pytest.mark.parametrize("document", [{}, {"application": None}, {"application": {"step_reached": "x"}}])
def test_thin_facts_are_judged_all_the_same(document) -> None:
    assert answer(visitor.plan(batch_turn(document)))["identity"] == "anonymous"


@pytest.mark.parametrize(("locale", "number", "reason"), list(product(["en", "es"], [1, 2, 3], REASONS)))
def test_every_mail_is_allowed_and_keeps_its_placeholders(locale: str, number: int, reason: str) -> None:
    document = {"locale": locale, "message_number": number, "stop_reason": reason, "step_reached": 2, "vehicle": None}
    draft = answer(email.plan(batch_turn(document)))
    texts = [draft["subject"], draft["preheader"], draft["call_to_action"], *draft["paragraphs"]]
    assert [claims.check(text, channel="email") for text in texts] == [[]] * len(texts)
    assert 2 <= len(draft["paragraphs"]) <= 4
    assert len(draft["subject"]) <= 70
    assert "<" not in "".join(texts)


def test_every_word_of_the_mails_is_allowed() -> None:
    for words in WORDS.values():
        for field in fields(words):
            for text in _texts(getattr(words, field.name)):
                assert claims.check(text.replace("<vehicle>", "2019 Honda Civic"), channel="email") == []


def _texts(value):
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [text for part in parts for text in _texts(part)]


@pytest.mark.parametrize(("language", "named"), [("en", "for the 2021 Kia Soul"), ("es", "para el Kia Soul 2021")])
def test_the_car_is_named_where_it_is_known(language: str, named: str) -> None:
    cars = {"year": 2021, "make": "Kia", "model": "Soul"}
    facts = {"message_number": 1, "vehicle": cars, "language": language, "locale": language}
    drafts = [email.plan(batch_turn(facts | {"step_reached": step})) for step in range(1, 6)]
    assert any(named in str(answer(draft)) for draft in drafts)


def test_mails_vary() -> None:
    documents = [{"message_number": 1, "stop_reason": reason, "step_reached": 3} for reason in REASONS]
    assert len({str(answer(email.plan(batch_turn(document)))) for document in documents}) == len(REASONS)


def test_the_clerk_looks_for_consent_first() -> None:
    tools = ("check_consent", "start_soft_pull")
    assert calls(credit.plan(batch_turn({"check": "x"}, tools=tools))) == ["check_consent"]


@pytest.mark.parametrize("output", ['{"consent": false}', "no", "", "[]", '{"consent": "yes"}'])
def test_without_consent_nothing_is_pulled(output: str) -> None:
    plan = credit.plan(batch_turn({"check": "x"}, results=(("check_consent", output),)))
    assert calls(plan) == []
    assert answer(plan) == {"phrase": "try_later", "next_step": "none"}


@pytest.mark.parametrize(
    ("status", "outcome", "phrase", "step"),
    [
        ("pulled", "prequalified", "prequalified", "dealer"),
        ("pulled", "needs_person", "needs_person", "person"),
        ("no_hit", "needs_person", "no_file", "person"),
        ("frozen", "needs_person", "file_locked", "person"),
        ("identity_unconfirmed", "needs_person", "identity_unconfirmed", "person"),
        ("error", "unavailable", "try_later", "retry"),
    ],
)
def test_the_phrase_follows_the_outcome(status: str, outcome: str, phrase: str, step: str) -> None:
    results = (
        ("check_consent", '{"consent": true}'),
        ("start_soft_pull", f'{{"status": "{status}", "outcome": "{outcome}"}}'),
    )
    assert answer(credit.plan(batch_turn({"check": "x"}, results=results))) == {"phrase": phrase, "next_step": step}


def test_a_tool_that_failed_is_a_retry() -> None:
    results = (("check_consent", '{"consent": true}'), ("start_soft_pull", "That did not work."))
    assert answer(credit.plan(batch_turn({"check": "x"}, results=results)))["next_step"] == "retry"


LEAD = {
    "vehicle": {"year": 2020, "make": "Honda", "model": "Civic"},
    "step": 5,
    "returned_via_email": True,
    "chat_turns": 4,
    "credit": "prequalified",
    "contact": {"email": True, "phone": True},
    "employment_known": True,
    "income_known": False,
    "preferred_contact": "phone",
}


def test_the_packager_submits_once_then_sums_up() -> None:
    assert calls(leads.plan(batch_turn(LEAD, tools=("submit_lead",)))) == ["submit_lead"]
    plan = leads.plan(batch_turn(LEAD, tools=("submit_lead",), results=(("submit_lead", "{}"),)))
    assert calls(plan) == []
    found = answer(plan)
    assert "2020 Honda Civic" in found["summary"]
    assert found["priority"] == "high"
    assert found["missing"] == ["income"]
    assert len(found["highlights"]) <= 5


def test_a_thin_lead_is_said_to_be_one() -> None:
    found = answer(leads.plan(batch_turn({})))
    assert found["priority"] == "low"
    assert set(found["missing"]) == {"vehicle", "phone", "email", "employment", "income"}


@pytest.mark.parametrize("document", [LEAD, {}, {**LEAD, "vehicle": None}, {**LEAD, "step": 2}])
def test_the_dealer_reads_nothing_that_may_not_be_said(document) -> None:
    found = answer(leads.plan(batch_turn(document)))
    assert [claims.check(text, channel="email") for text in (found["summary"], *found["highlights"])] == [
        [] for _ in (found["summary"], *found["highlights"])
    ]
