"""VisitorIdentifier's judgement: who left, how they may be reached, and why they probably stopped."""

from __future__ import annotations

from typing import Any

from cathy.simulation.contract import Call, Say, Turn

from .reading import answer, document, section

#: the step's own reason; a contact step that was reached but not saved is about giving contact data
_REASON_AT = {
    1: "vehicle_unsure",
    2: "income_question",
    3: "employer_question",
    4: "contact_question",
    5: "credit_worry",
}
_STEP_NAMES = {"vehicle": 1, "income": 2, "employer": 3, "contact": 4, "review": 5}
_JUST_LEFT_MINUTES = 2
_LATE_STEP = 3


def plan(turn: Turn) -> list[Say | Call]:
    """Judge one abandoned application from its facts."""
    facts = document(turn)
    identity = _identity(section(facts, "contact"))
    channels = _channels(facts)
    step = _step(section(facts, "application"))
    return [
        *answer(
            {
                "identity": identity,
                "channels": channels,
                "stop_reason": _stop_reason(facts, step),
                "priority": _priority(channels, step),
                "next_step": _next_step(facts, channels),
                "explanation": _explanation(identity, channels, step),
            }
        )
    ]


def _identity(contact: dict[str, Any]) -> str:
    if contact.get("email") and (contact.get("name") or contact.get("phone")):
        return "known"
    return "probable" if contact.get("email") or contact.get("phone") else "anonymous"


def _channels(facts: dict[str, Any]) -> list[str]:
    contact, signals = section(facts, "contact"), section(facts, "signals")
    consents = facts.get("consents") or []
    if signals.get("bot"):
        return []
    open_to = {
        "email": contact.get("email") and "marketing_email" in consents and not signals.get("gpc"),
        "phone": contact.get("phone") and "dealer_contact" in consents,
        "chat": True,
    }
    return [name for name, is_open in open_to.items() if is_open]


def _step(application: dict[str, Any]) -> int:
    try:
        return int(application.get("step_reached") or 1)
    except (TypeError, ValueError):
        return 1


def _stop_reason(facts: dict[str, Any], step: int) -> str:
    application = section(facts, "application")
    errors = section(application, "errors")
    if errors:
        worst = max(errors, key=lambda name: (_count(errors[name]), str(name)))
        return _REASON_AT.get(_number(worst), "form_length")
    if application.get("saved") and step < max(_REASON_AT):
        return "interrupted"
    return _REASON_AT.get(step, "unknown")


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _number(step: object) -> int:
    text = str(step)
    return int(text) if text.isdigit() else _STEP_NAMES.get(text, 0)


def _priority(channels: list[str], step: int) -> str:
    reachable = [name for name in channels if name != "chat"]
    if not reachable:
        return "low"
    return "high" if step >= _LATE_STEP else "normal"


def _next_step(facts: dict[str, Any], channels: list[str]) -> str:
    if "email" in channels:
        return "email"
    minutes = section(facts, "application").get("minutes_since_last_event")
    just_left = isinstance(minutes, int | float) and minutes < _JUST_LEFT_MINUTES
    return "wait" if channels and just_left else "none"


def _explanation(identity: str, channels: list[str], step: int) -> str:
    ways = " and ".join(channels) if channels else "no channel"
    return f"Stopped at step {step} of 5; contact is {identity}; open: {ways}."
