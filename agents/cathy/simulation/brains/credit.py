"""CreditCheck's clerk: sees that permission exists, has the check done, picks the phrase for the outcome."""

from __future__ import annotations

import json

from cathy.simulation.contract import Call, Say, Turn

from .reading import answer

_PHRASE_FOR_STATUS = {
    "no_hit": "no_file",
    "thin_file": "no_file",
    "frozen": "file_locked",
    "locked": "file_locked",
    "identity_unconfirmed": "identity_unconfirmed",
}


def plan(turn: Turn) -> list[Say | Call]:
    """Call check_consent, then start_soft_pull, then name the phrase and the next step."""
    results = dict(turn.tool_results)
    if "check_consent" not in results:
        return [Call("check_consent")]
    if not _consented(results["check_consent"]):
        return [*answer({"phrase": "try_later", "next_step": "none"})]
    if "start_soft_pull" not in results:
        return [Call("start_soft_pull")]
    return [*answer(_verdict(results["start_soft_pull"]))]


def _object(output: str) -> dict[str, object]:
    try:
        value = json.loads(output)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _consented(output: str) -> bool:
    return _object(output).get("consent") is True


def _verdict(output: str) -> dict[str, str]:
    found = _object(output)
    outcome = str(found.get("outcome", ""))
    if outcome == "prequalified":
        return {"phrase": "prequalified", "next_step": "dealer"}
    if outcome == "needs_person":
        return {"phrase": _PHRASE_FOR_STATUS.get(str(found.get("status")), "needs_person"), "next_step": "person"}
    return {"phrase": "try_later", "next_step": "retry"}
