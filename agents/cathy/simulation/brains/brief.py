"""HandoffBriefing's words for the colleague who takes over: why, what stands open, how to reach the customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cathy.simulation.contract import Say, Turn

from .reading import answer, document, is_spanish, section

_WHY = {
    "asked": "The customer asked for a person.",
    "complaint": "The customer has a complaint.",
    "upset": "The customer is upset.",
    "distress": "The customer seems to be in distress.",
    "legal": "The customer spoke of legal steps.",
    "privacy": "The customer wants something done about their data.",
    "credit_needs_person": "The credit check needs a person.",
    "not_understood": "Cathy did not understand what the customer wants.",
    "not_understood_twice": "Cathy twice did not understand what the customer wants.",
}
_OTHERWISE = "Cathy could not help the customer."
_NONE = "There is no application yet."
#: By whether a phone number and whether an e-mail address is on file.
_REACH = {
    (True, True): "A phone number and an e-mail address are on file.",
    (True, False): "A phone number is on file.",
    (False, True): "An e-mail address is on file.",
    (False, False): "No phone number or e-mail address is on file.",
}
_REACH_IN_SPANISH = {
    (True, True): "They write in Spanish; a phone number and an e-mail address are on file.",
    (True, False): "They write in Spanish; a phone number is on file.",
    (False, True): "They write in Spanish; an e-mail address is on file.",
    (False, False): "They write in Spanish; no phone number or e-mail address is on file.",
}


def plan(turn: Turn) -> list[Say]:
    """Three short sentences from the facts alone."""
    return answer({"summary": " ".join(_sentences(document(turn)))})


def _sentences(facts: dict[str, Any]) -> Iterator[str]:
    application, contact = section(facts, "application"), section(facts, "contact")
    yield _WHY.get(str(facts.get("reason")), _OTHERWISE)
    yield f"Their application stands at step {application['step_reached']} of 5." if application else _NONE
    words = _REACH_IN_SPANISH if is_spanish(facts) else _REACH
    yield words[bool(contact.get("phone")), bool(contact.get("email"))]
