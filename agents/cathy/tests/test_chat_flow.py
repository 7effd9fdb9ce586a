"""The steps of the journey that the simulated Cathy must take: the forms and cards appear when they are wanted."""

from __future__ import annotations

from typing import Any

import pytest

from cathy.simulation.brains import chat
from cathy.simulation.contract import Call, Say, ToolSpec, Turn

TOOLS = (
    "ask_for_contact",
    "offer_credit_check",
    "save_phone",
    "hand_off_to_person",
    "note_not_understood",
    "stop_contact",
)


def plan(text: str, *, before: str = "How can I help?", **facts: Any) -> list[Say | Call]:
    items = [{"role": "assistant", "content": before}, {"role": "user", "content": text}]
    return chat.plan(
        Turn(
            system="",
            facts={"company": "Car Loans", "locale": "en", **facts},
            items=items,
            last_user=text,
            tool_results=[],
            tools=[ToolSpec(name, {}) for name in TOOLS],
            schema=None,
        )
    )


def called(steps: list[Say | Call]) -> list[str]:
    return [step.name for step in steps if isinstance(step, Call)]


@pytest.mark.parametrize(
    "text",
    [
        "My phone number is 123",
        "I want to leave my phone number",
        "I would like a dealer to contact me",
        "How can a dealer reach me?",
        "Quiero dejar mi número de teléfono",
    ],
)
def test_who_wants_to_be_reached_gets_the_contact_form(text):
    assert called(plan(text)) == ["ask_for_contact"]


@pytest.mark.parametrize(
    "text",
    [
        "I want to see if I prequalify",
        "Please go ahead with the soft credit check.",
        "Yes, please show me the card for the soft check",
        "I would like to see whether I could get the loan",
    ],
)
def test_who_wants_the_check_gets_its_card(text):
    assert called(plan(text, contact={"phone": True, "email": True}, credit="none")) == ["offer_credit_check"]


@pytest.mark.parametrize("text", ["yes please", "ok"])
def test_a_typed_yes_to_an_open_card_points_to_its_button(text):
    [said] = plan(text, before="Please read the card below.", open_cards=["credit_consent"])
    assert isinstance(said, Say)
    assert "card above" in said.text


@pytest.mark.parametrize("text", ["do not run a credit check", "why do you need my phone number?"])
def test_neither_a_refusal_nor_a_question_brings_a_form(text):
    assert called(plan(text)) == []
