"""Put together what the cues say of a turn and what the learned reader says.

The cues explain and weigh more. The reader decides where they find nothing, little or a near-miss, with these limits:
a consent is heard by the rules alone, and contact data is given only where there is some.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

#: what a cue's weight adds to the reader's log-chance, and what "nothing found" adds
_WEIGHT, _NOTHING = 0.3, 0.3
#: below this chance the reader's own word does not go before a cue
_UNSURE = log(0.4)
#: what must not be missed is named from this chance on, goes first only from the second, and is dropped below the third
_MUST_NOT_MISS = ("stop_contact", "wants_human", "ask_if_bot")
_ENOUGH, _FIRST, _HARDLY = log(0.35), log(0.5), log(0.03)
_BEHIND = 2.0
#: any other intent is named beside the best one from this chance on
_ALSO = log(0.35)
_LOWEST = log(1e-6)


def ranked(weights: Mapping[str, float], chances: Mapping[str, float], slots: Mapping[str, str]) -> list[str]:
    """Return the intents best first, never empty. `weights` are the cues' (best first), `chances` the reader's logs.

    Where the cues hear a yes first, or the reader was not asked, their word stands.
    """
    by_cues = list(weights)
    if not chances or by_cues[:1] == ["consent_yes"]:
        return by_cues or ["other"]
    allowed = {intent: chance for intent, chance in chances.items() if _may_say(intent, slots)}
    tally = _tally(weights, chances, allowed)
    best = max(tally, key=lambda intent: tally[intent])
    if by_cues and best not in weights and chances.get(best, _LOWEST) < _UNSURE:
        best = by_cues[0]
    named = {intent for intent in by_cues if _stands(intent, chances)} | {best}
    named |= {intent for intent, chance in allowed.items() if chance >= _least(intent)}
    named -= {"other"} - {best}
    return sorted(named, key=lambda intent: (intent != best, -tally[intent]))


def _tally(
    weights: Mapping[str, float], chances: Mapping[str, float], allowed: Mapping[str, float]
) -> dict[str, float]:
    tally = {intent: max(chance, _LOWEST) for intent, chance in allowed.items()}
    for intent, weight in weights.items():
        tally[intent] = max(chances.get(intent, _LOWEST), _LOWEST) + _WEIGHT * weight
    if not weights:
        tally["other"] = tally.get("other", _LOWEST) + _NOTHING
    for intent in _MUST_NOT_MISS:
        if intent in tally and intent not in weights and chances.get(intent, _LOWEST) < _FIRST:
            tally[intent] -= _BEHIND
    return tally


def _may_say(intent: str, slots: Mapping[str, str]) -> bool:
    """The reader's own word never is a consent, nor contact data that nobody found."""
    return intent != "consent_yes" and (not intent.startswith("give_") or intent.removeprefix("give_") in slots)


def _stands(intent: str, chances: Mapping[str, float]) -> bool:
    return intent not in _MUST_NOT_MISS or chances.get(intent, _LOWEST) >= _HARDLY


def _least(intent: str) -> float:
    return _ENOUGH if intent in _MUST_NOT_MISS else _ALSO
