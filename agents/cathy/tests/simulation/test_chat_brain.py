"""Cathy in conversation: what she does, what she says, and what she never says."""

from __future__ import annotations

import pytest

from cathy.guardrails import claims
from cathy.simulation.brains import chat, chat_words_en, chat_words_es
from cathy.simulation.contract import Call
from cathy.tests import corpora
from cathy.tests.simulation.scenes import AGREEMENT, calls, chat_turn, facts, said

LANGUAGES = {"en": chat_words_en, "es": chat_words_es}
ALL_LINES = [
    (f"{lang}:{topic}", line)
    for lang, words in LANGUAGES.items()
    for table in (words.ANSWERS, words.FOLLOW_UPS, words.CARDS)
    for topic, lines in table.items()
    for line in lines
]


def reply(text: str, **scene) -> str:
    """What Cathy says in the end, her tools having answered "Done"."""
    plan = chat.plan(chat_turn(text, **scene))
    if done := calls(plan):
        outputs = tuple((name, AGREEMENT if name == "offer_credit_check" else "Done") for name in done)
        plan = chat.plan(chat_turn(text, results=outputs, **scene))
    return said(plan)


@pytest.mark.parametrize(("where", "line"), ALL_LINES, ids=[where for where, _ in ALL_LINES])
def test_every_line_passes_the_claim_linter(where: str, line: str) -> None:
    assert claims.check(line.format(company="Sunny Auto Loans", step=3)) == []


def test_both_languages_speak_to_the_same_topics() -> None:
    for table in ("ANSWERS", "FOLLOW_UPS", "CARDS"):
        assert getattr(chat_words_en, table).keys() == getattr(chat_words_es, table).keys()


@pytest.mark.parametrize("row", corpora.rows("turns"), ids=lambda row: row["text"][:30])
def test_every_turn_gets_a_short_allowed_reply(row) -> None:
    before = (row["context"],) if "context" in row else ()
    text = reply(row["text"], before=before)
    assert 2 <= len(text.split()) <= 75
    assert claims.check(text, context=row["text"]) == []


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("I want to talk to a real person", "hand_off_to_person"),
        ("this is ridiculous, I'm furious", "hand_off_to_person"),
        ("I'll file a complaint with the CFPB", "hand_off_to_person"),
        ("I want to kill myself", "hand_off_to_person"),
        ("I am 15 years old", "hand_off_to_person"),
        ("wrong number", "hand_off_to_person"),
        ("stop messaging me", "stop_contact"),
        ("ya no me escriban", "stop_contact"),
        ("delete all my data", "show_privacy"),
        ("my number is [PHONE_1]", "save_phone"),
        ("[EMAIL_1]", "save_email"),
        ("where did I leave off?", "resume_application"),
        ("can we do this in Spanish", "set_language"),
        ("hola, quiero saber cuánto tarda", "set_language"),
        ("qwrtz plmk", "note_not_understood"),
        ("I want to see if I prequalify", "offer_credit_check"),
    ],
)
def test_the_right_tool_is_called(text: str, tool: str) -> None:
    assert tool in calls(chat.plan(chat_turn(text)))


def test_a_saved_number_keeps_its_placeholder() -> None:
    plan = chat.plan(chat_turn("call [PHONE_2] please"))
    assert Call("save_phone", {"placeholder": "[PHONE_2]"}) in plan


def test_a_tool_that_is_not_on_offer_is_not_called() -> None:
    plan = chat.plan(chat_turn("I want a person", tools=()))
    assert calls(plan) == []
    assert said(plan)


def test_a_yes_to_the_check_shows_the_card_and_agrees_to_nothing() -> None:
    offer = "It's a soft inquiry. Would you like to see if you prequalify?"
    assert calls(chat.plan(chat_turn("yes", before=(offer,)))) == ["offer_credit_check"]
    assert "button" in reply("yes", before=(offer,))


@pytest.mark.parametrize("text", ["no", "maybe", "yes but only if it's free", "what is it?", "not now"])
def test_without_a_plain_yes_no_card_is_shown(text: str) -> None:
    assert "offer_credit_check" not in calls(
        chat.plan(chat_turn(text, before=("Would you like to see if you prequalify?",)))
    )


def test_after_a_stop_nothing_is_offered() -> None:
    assert "?" not in reply("please stop texting me")


@pytest.mark.parametrize("text", ["are you a bot", "r u human?", "¿eres un robot?"])
def test_she_says_that_she_is_an_ai(text: str) -> None:
    first = reply(text).split(".")[0].lower()
    assert "ai assistant" in first or "inteligencia artificial" in first or "asistente de ia" in first


def test_the_greeting_says_so_too() -> None:
    assert "AI assistant of Sunny Auto Loans" in reply("hello")


def test_two_misunderstandings_bring_a_person() -> None:
    plan = chat.plan(chat_turn("qwrtz plmk", known=facts(misunderstandings=1)))
    assert calls(plan) == ["hand_off_to_person"]


def test_she_does_not_repeat_her_last_answer() -> None:
    first = reply("what's the rate")
    assert reply("what's the rate", before=(first,)) != first


def test_the_same_turn_gives_the_same_plan() -> None:
    turn = chat_turn("how does this work?")
    assert chat.plan(turn) == chat.plan(turn)


def test_she_answers_two_questions_at_once() -> None:
    text = reply("do I need a down payment and can I trade in my truck?")
    assert "down payment" in text
    assert "trade-in" in text


def test_she_stays_in_spanish() -> None:
    assert "prestamista" in reply("¿cuánto pagaría al mes?", known=facts(locale="es"))


def test_a_failed_tool_is_told() -> None:
    turn = chat_turn("my number is [PHONE_1]", results=(("save_phone", "error: that number is not valid"),))
    assert "didn't work" in said(chat.plan(turn))


OFFER = "That's saved. Shall I show you the contact form?"


def test_a_goodbye_is_no_yes_to_the_last_offer() -> None:
    assert calls(chat.plan(chat_turn("okay, see you then, adios", before=(OFFER,)))) == []


def test_nobody_is_told_of_an_application_that_is_not_there() -> None:
    scene = {"known": facts(application=None), "results": (("resume_application", "No application is saved yet."),)}
    assert "saved, and" not in (text := said(chat.plan(chat_turn("Let me finish my application", **scene))))
    assert "don't see" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("could you run a soft credit check for me", True),
        ("Haga la consulta de crédito, por favor", True),
        ("do you run a soft credit check on everybody?", False),
        ("please do not run a soft credit check", False),
    ],
)
def test_the_agreement_is_shown_to_who_asks_for_the_check(text: str, shown: bool) -> None:
    known = facts(contact={"phone": True, "email": True, "name": True})
    assert ("offer_credit_check" in calls(chat.plan(chat_turn(text, known=known)))) is shown


def test_a_typing_slip_does_not_hide_a_wish() -> None:
    assert "ask_for_contact" in calls(chat.plan(chat_turn("i want to leave my cnotact details")))


def test_who_corrects_an_address_is_no_stranger() -> None:
    assert calls(chat.plan(chat_turn("sorry, wrong address, it's [EMAIL_2]"))) == ["save_email"]


def test_a_complaint_reaches_people_as_one() -> None:
    [call] = [step for step in chat.plan(chat_turn("I want to file a complaint")) if isinstance(step, Call)]
    assert call.args == {"reason": "complaint"}
