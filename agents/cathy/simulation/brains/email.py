"""EmailReengagement's drafts: by the reason they stopped, the number of the mail and the language."""

from __future__ import annotations

from typing import Any

from cathy.simulation.contract import Call, Say, Turn
from cathy.simulation.style import style_of, without

from .email_words import WORDS, Words
from .reading import answer, document, is_spanish, pick

_LAST_MESSAGE = 3


def plan(turn: Turn) -> list[Say | Call]:
    """Write one mail."""
    facts = document(turn)
    style = style_of(turn)
    words = WORDS["es" if is_spanish(facts) else "en"]
    number = _message_number(facts)
    vehicle = _vehicle(facts, words)
    texts = {
        "subject": pick(without(words.subjects[number], style), "subject", facts),
        "preheader": pick(without(words.preheaders[number], style), "preheader", facts),
        "paragraphs": _paragraphs(words, facts, number, style),
        "call_to_action": pick(without(words.buttons, style), "button", facts),
    }
    return [*answer(_filled(texts, vehicle))]


def _message_number(facts: dict[str, Any]) -> int:
    number = facts.get("message_number")
    return min(max(number, 1), _LAST_MESSAGE) if isinstance(number, int) else 1


def _vehicle(facts: dict[str, Any], words: Words) -> str:
    """ "the 2021 Kia Forte", of which nothing but what is known."""
    vehicle = facts.get("vehicle")
    known = [str(vehicle[key]) for key in words.car_parts if vehicle.get(key)] if isinstance(vehicle, dict) else []
    return f"{words.the} {' '.join(known)}" if known else words.your_car


def _paragraphs(words: Words, facts: dict[str, Any], number: int, style: dict[str, Any]) -> list[str]:
    reason = str(facts.get("stop_reason") or "unknown")
    about = words.reasons.get(reason, words.reasons["unknown"])
    return [
        pick(without(words.openings[number], style), "opening", facts),
        pick(without(about, style), "reason", facts),
        pick(without(words.closings[number], style), "closing", facts),
    ]


def _filled(texts: dict[str, Any], vehicle: str) -> dict[str, Any]:
    """Put the car in; the other placeholders are the mail's own and stay."""
    return {
        key: [part.replace("<vehicle>", vehicle) for part in value]
        if isinstance(value, list)
        else value.replace("<vehicle>", vehicle)
        for key, value in texts.items()
    }
