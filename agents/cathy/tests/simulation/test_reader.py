"""The recogniser's learned reader: that it is whole, keeps its limits, and is never silently left out."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from django.core.checks import run_checks

from cathy.simulation.understanding import model_file, reader, understand
from cathy.simulation.understanding.weighing import Chances, ranked

CHECK = "May I show you the card for the soft credit check?"
SURE, HARDLY = log(0.99), log(0.0001)


def test_the_model_is_there() -> None:
    assert [found for found in run_checks() if found.id == "cathy.E002"] == []


@pytest.mark.parametrize(("name", "file"), [("WEIGHTS", "turns.npz"), ("ENCODER", "turns.onnx")])
def test_nothing_starts_without_them(name: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, name, tmp_path / file)
    found = [message for message in run_checks() if message.id == "cathy.E002"]
    assert len(found) == 1
    assert file in found[0].msg


@pytest.mark.parametrize("name", ["WEIGHTS", "ENCODER"])
def test_a_damaged_model_is_an_error_and_no_reading(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(getattr(model_file, name).read_bytes()[:5000])
    monkeypatch.setattr(model_file, name, damaged)
    with pytest.raises(RuntimeError, match="no turn is read"):
        reader.load.__wrapped__()


def test_the_reader_never_hears_a_consent() -> None:
    heard = {"consent_yes": 0.99}
    assert "consent_yes" not in ranked({}, Chances({"consent_yes": SURE, "other": HARDLY}, heard), {})
    assert "consent_yes" not in ranked(
        {"consent_no": 8.0}, Chances({"consent_yes": SURE, "consent_no": HARDLY}, heard), {}
    )


def test_a_yes_that_the_rules_heard_stands() -> None:
    assert ranked({"consent_yes": 8.0}, Chances({"consent_yes": HARDLY, "consent_no": SURE}), {}) == ["consent_yes"]


def test_no_contact_is_given_where_there_is_none() -> None:
    chances = Chances({"give_phone": SURE, "other": log(0.005)}, {"give_phone": 0.99})
    assert ranked({}, chances, {}) == ["other"]


@pytest.mark.parametrize("intent", ["stop_contact", "wants_human", "ask_if_bot"])
def test_what_must_not_be_missed_is_named_beside_the_best(intent: str) -> None:
    best = {"ask_rate": SURE, intent: HARDLY}
    assert ranked({"ask_rate": 8.0}, Chances(best, {intent: 0.9}), {}) == ["ask_rate", intent]
    assert ranked({"ask_rate": 8.0, intent: 7.0}, Chances(best, {intent: 0.001}), {}) == ["ask_rate"]


def test_a_doubtful_stop_does_not_go_first() -> None:
    best = {"stop_contact": log(0.4), "other": log(0.2)}
    assert ranked({}, Chances(best, {"stop_contact": 0.2}), {})[0] == "other"


def test_another_wish_is_named_beside_the_best_one() -> None:
    chances = Chances({"ask_rate": SURE, "trade_in": HARDLY}, {"ask_rate": 0.99, "trade_in": 0.9})
    assert ranked({}, chances, {}) == ["ask_rate", "trade_in"]


@pytest.mark.parametrize(
    "text", ["I would like a dealer to contact me.", "please contact me", "text me when it's ready"]
)
def test_a_wish_to_be_contacted_is_no_stop(text: str) -> None:
    assert "stop_contact" not in understand(text).intents


@pytest.mark.parametrize("text", ["question", "Question 1", "test", "I have a question"])
def test_a_question_that_speaks_of_people_lends_no_words(text: str) -> None:
    asked = "I'm Cathy, an AI assistant, not a person. How can I help? If you'd rather talk to a person, just say so."
    assert not {"wants_human", "declines_human"} & set(understand(text, asked).intents)


def test_who_lets_a_dealer_call_does_not_call_for_our_people() -> None:
    found = understand("Yes, they can call me.", "May a dealer near you give you a call about this?")
    assert found.intents == ["consent_yes"]


def test_a_refusal_of_people_is_no_call_for_one() -> None:
    found = understand("I don't want to speak to a salesman, just answer here", "Shall I have someone call?")
    assert found.best == "declines_human"
    assert "wants_human" not in found.intents


@pytest.mark.parametrize("text", ["asdkj qwpoe zmxn", "blorp wibble snarf", "grblfx snorp quuxly"])
@pytest.mark.parametrize("asked", [None, "Would you like to talk to a person, or is there something else?"])
def test_what_holds_no_known_word_means_nothing(text: str, asked: str | None) -> None:
    assert understand(text, asked).intents == ["other"]


def test_letters_and_digits_are_no_ok() -> None:
    assert "consent_yes" not in understand("k7k7k7").intents


@pytest.mark.parametrize("text", ["k", "ok", "alright"])
def test_ok_to_no_question_is_no_consent(text: str) -> None:
    assert "consent_yes" not in understand(text).intents


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Mind if I send you a reminder?", "nope, don't mind at all", "yes"),
        ("Mind if I send you a reminder?", "I do mind, actually", "no"),
        ("Do you mind if a dealer calls?", "yes", "unclear"),
        ("Do you mind if a dealer calls?", "no", "unclear"),
        ("May I text you?", "uh yeah, you can text me", "yes"),
        ("May I text you?", "uh uh", "no"),
        ("May I text you?", "yeah right", "unclear"),
        ("May we call you?", "of course, send it over", "yes"),
        ("¿Está de acuerdo con que le mandemos mensajes de texto?", "sí, estoy de acuerdo", "yes"),
        ("¿Podemos recordarle su cita por mensaje?", "sí, por favor, háganlo", "yes"),
        ("May a specialist call you today?", "sure hun", "yes"),
    ],
)
def test_yes_and_no_mean_what_the_question_makes_of_them(question: str, text: str, answer: str) -> None:
    assert understand(text, question).answer == answer


@pytest.mark.parametrize(
    "question",
    ["Are you still looking for a car?", "Do you have a job?", "Would you like to continue your application?"],
)
def test_a_yes_to_a_question_that_asks_no_leave_is_no_consent(question: str) -> None:
    assert "consent_yes" not in understand("yes", question).intents


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("508 5550 132", "+15085550132"),
        ("area code 615 then 555 0173", "+16155550173"),
        ("two five six, triple five, oh one triple... no, oh one one one", "+12565550111"),
        ("555-0146, area code 726", "+17265550146"),
        ("cinco cero tres, dos ochenta y uno, cuarenta y siete, noventa y nueve", "+15032814799"),
        ("618-555-0156 no wait 0157 not 0156", "+16185550157"),
        ("i wrote 253 555 0190 but it should be a 6, so 0196 at the end", "+12535550196"),
        ("915 555 0112, sorry, it ends in 0113", "+19155550113"),
    ],
)
def test_a_dictated_number_is_put_together(text: str, phone: str) -> None:
    assert understand(text, "What's the best number to reach you?").slots["phone"] == phone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("hoopdreams32 at yahoo", "hoopdreams32@yahoo.com"),
        ("t as in tom, underscore, wilkes at outlook dot com", "t_wilkes@outlook.com"),
        ("mama bear three four five all one word at hotmail dot com", "mamabear345@hotmail.com"),
        ("deshawn23 @ icloud . com", "deshawn23@icloud.com"),
        ("gmail, username fishingfool61", "fishingfool61@gmail.com"),
        ("r a u l, luego 77, arroba outlook punto com", "raul77@outlook.com"),
        ("no its d-e-a-n-k at comcast dot net", "deank@comcast.net"),
        ("my last name first, burke, then a dot, then tim, at msn dot com", "burke.tim@msn.com"),
        ("creo que ana_r@hotmail.es pero el bueno es anarivas@gmail.com", "anarivas@gmail.com"),
    ],
)
def test_a_dictated_address_is_put_together(text: str, email: str) -> None:
    assert understand(text, "What's a good email for you?").slots["email"] == email


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dana pruitt 616.555.0143", "Dana Pruitt"),
        ("theo lindq but everybody says teddy", "Theo Lindq"),
        ("mine is Phil", "Phil"),
    ],
)
def test_a_name_ends_where_something_else_begins(text: str, name: str) -> None:
    assert understand(text, "And your name?").slots["name"] == name


def test_an_address_is_no_introduction() -> None:
    assert "name" not in understand("Its Brenda.Kowal@Hotmail.com", "What's your email?").slots


def test_a_yes_to_who_it_is_is_no_consent() -> None:
    assert "consent_yes" not in understand("yes this is him", "Is it ok if we text this number?").intents


def test_in_is_no_yes_in_the_middle_of_something_else() -> None:
    assert "consent_yes" not in understand("im in an open 13 right now").intents
    assert understand("i'm in!", CHECK).best == "consent_yes"
