"""Turns as the engine would hand them to a brain."""

from __future__ import annotations

import json
from typing import Any

from cathy.simulation.contract import Call, Say, ToolSpec, Turn

CHAT_TOOLS = (
    "ask_for_contact", "offer_credit_check", "save_phone", "save_email", "save_name", "hand_off_to_person",
    "request_callback", "show_privacy", "stop_contact", "resume_application", "set_language", "note_not_understood",
)  # fmt: skip
AGREEMENT = "The agreement will stand below your reply. Ask the customer to read it and press a button if they agree."


def facts(**changes: Any) -> dict[str, Any]:
    """Facts of a customer who stopped at step 3 and left an e-mail address."""
    return {
        "company": "Sunny Auto Loans",
        "locale": "en",
        "contact": {"phone": False, "email": True, "name": True},
        "application": {"step_reached": 3, "status": "returned", "vehicle": None},
        "credit": "none",
        "dealer_contact_agreed": False,
        "open_cards": [],
        "misunderstandings": 0,
        **changes,
    }


def chat_turn(
    text: str,
    *,
    before: tuple[str, ...] = (),
    known: dict[str, Any] | None = None,
    results: tuple[tuple[str, str], ...] = (),
    tools: tuple[str, ...] = CHAT_TOOLS,
) -> Turn:
    """A chat turn; `before` are Cathy's earlier lines."""
    items: list[dict[str, Any]] = []
    for line in before:
        items += [{"role": "user", "content": "…"}, {"role": "assistant", "content": line}]
    items.append({"role": "user", "content": text})
    return Turn("", known or facts(), items, text, list(results), [ToolSpec(name) for name in tools], None)


def batch_turn(
    document: dict[str, Any], *, results: tuple[tuple[str, str], ...] = (), tools: tuple[str, ...] = ()
) -> Turn:
    """A turn of a batch agent, with its JSON document."""
    text = json.dumps(document)
    specs = [ToolSpec(name) for name in tools]
    return Turn("", {}, [{"role": "user", "content": text}], text, list(results), specs, {"type": "object"})


def calls(plan: list[Say | Call]) -> list[str]:
    """Names of the tools that a plan calls."""
    return [step.name for step in plan if isinstance(step, Call)]


def said(plan: list[Say | Call]) -> str:
    """What a plan says."""
    return " ".join(step.text for step in plan if isinstance(step, Say))


def answer(plan: list[Say | Call]) -> dict[str, Any]:
    """The structured answer of a plan."""
    value: dict[str, Any] = json.loads(said(plan))
    return value
