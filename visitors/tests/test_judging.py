"""What may be made of an abandonment: the rule, and the bounds of any answer."""

from __future__ import annotations

from typing import Any

import pytest

from visitors.judging import Judgement, bounded, open_channels, rule_judgement


def facts(*, step: int = 4, errors: Any = None, consents: Any = ("marketing_email",), **more: bool) -> dict[str, Any]:
    has = {"email": True, "phone": False, "name": True, "gpc": False, "bot": False, **more}
    return {
        "application": {"step_reached": step, "steps_seen": [1], "minutes_since_last_event": 60, "saved": True,
                        "errors": errors or {}},
        "contact": {key: has[key] for key in ("email", "phone", "name")},
        "consents": list(consents),
        "signals": {"gpc": has["gpc"], "bot": has["bot"], "returned_before": False},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({}, ["email", "chat"]),
        ({"consents": ()}, ["chat"]),
        ({"gpc": True}, ["chat"]),
        ({"bot": True}, []),
        ({"email": False}, ["chat"]),
        ({"phone": True}, ["email", "chat"]),
        ({"phone": True, "consents": ("dealer_contact",)}, ["chat", "phone"]),
    ],
)
def test_channels_follow_contact_consent_and_signals(given: dict[str, Any], channels: list[str]) -> None:
    assert open_channels(facts(**given)) == channels


def test_an_answer_cannot_open_a_closed_channel_or_invent_an_identity() -> None:
    answer = Judgement(
        identity="known",
        channels=["email", "phone", "chat"],
        stop_reason="unknown",
        priority="high",
        next_step="email",
        explanation="",
    )
    held = bounded(answer, facts(email=False, consents=()))
    assert (held.identity, held.channels, held.next_step) == ("anonymous", ["chat"], "none")


def test_the_rule_points_at_the_step_with_the_errors() -> None:
    assert rule_judgement(facts(errors={"2": 3, "4": 1})).stop_reason == "income_question"
    assert rule_judgement(facts()).stop_reason == "interrupted"


def test_nobody_to_reach_is_no_priority() -> None:
    assert rule_judgement(facts(bot=True)).priority == "low"
