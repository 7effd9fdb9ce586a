"""LeadPackaging's words for the dealer: true, friendly, from the facts alone."""

from __future__ import annotations

from typing import Any

from cathy.simulation.contract import Call, Say, Turn

from .reading import answer, document, pick, section

_OPENINGS = (
    "Looking at {car} and glad to hear from a dealer.",
    "Interested in {car}, and took the time to complete the request.",
    "With {car} in mind, and happy to talk it over.",
)
_UNDECIDED = (
    "Open to suggestions about the vehicle and glad to hear from a dealer.",
    "No vehicle chosen yet, and happy about help to find one.",
)
_LAST_STEP = 5


def plan(turn: Turn) -> list[Say | Call]:
    """Submit through the service once, then sum the lead up."""
    if "submit_lead" in turn.tool_names and not any(name == "submit_lead" for name, _ in turn.tool_results):
        return [Call("submit_lead")]
    facts = document(turn)
    return [
        *answer(
            {
                "summary": _summary(facts),
                "highlights": _highlights(facts)[:5],
                "priority": _priority(facts),
                "missing": _missing(facts),
            }
        )
    ]


def _car(facts: dict[str, Any]) -> str:
    vehicle = facts.get("vehicle")
    if isinstance(vehicle, dict):
        words = [str(vehicle[key]) for key in ("year", "make", "model") if vehicle.get(key)]
        return " ".join(words)
    return vehicle.strip() if isinstance(vehicle, str) else ""


def _step(facts: dict[str, Any]) -> int:
    step = facts.get("step_reached", facts.get("step", 0))
    return step if isinstance(step, int) else 0


def _reach(facts: dict[str, Any]) -> list[str]:
    contact = section(facts, "contact")
    return [words for key, words in (("phone", "phone"), ("email", "e-mail")) if contact.get(key)]


def _summary(facts: dict[str, Any]) -> str:
    car = _car(facts)
    article = "an" if car[:1].lower() in "aeiou8" else "a"
    first = pick(_OPENINGS, car, facts).format(car=f"{article} {car}") if car else pick(_UNDECIDED, facts)
    return " ".join([first, *_progress(facts)])


def _progress(facts: dict[str, Any]) -> list[str]:
    out = []
    if step := _step(facts):
        done = "" if step >= _LAST_STEP else f" as far as step {step} of {_LAST_STEP}"
        out.append(f"The application is filled in{done}.")
    if reach := _reach(facts):
        out.append(f"Best reached by {' or '.join(reach)}.")
    return out


def _highlights(facts: dict[str, Any]) -> list[str]:
    notes = [
        (_car(facts), f"Vehicle of interest: {_car(facts)}"),
        (facts.get("returned_via_email"), "Came back through our e-mail"),
        (facts.get("chat_turns"), "Talked with us in the chat"),
        (facts.get("employment_known"), "Employment details are in the application"),
        (facts.get("income_known"), "Income details are in the application"),
        (facts.get("preferred_contact"), f"Prefers contact by {facts.get('preferred_contact')}"),
    ]
    return [words for known, words in notes if known]


def _priority(facts: dict[str, Any]) -> str:
    if not section(facts, "contact").get("phone"):
        return "low"
    return "high" if _car(facts) else "normal"


def _missing(facts: dict[str, Any]) -> list[str]:
    contact = section(facts, "contact")
    wanted = [
        ("vehicle", _car(facts)),
        ("phone", contact.get("phone")),
        ("email", contact.get("email")),
        ("employment", facts.get("employment_known")),
        ("income", facts.get("income_known")),
    ]
    return [name for name, known in wanted if not known]
