"""Put together what the cues say of a turn and what the learned readers say.

The cues explain and weigh more. The readers decide where they find nothing, little or a near-miss, with these limits:
a consent is heard by the rules alone, and contact data is given only where there is some.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

#: what a cue's weight adds to the readers' log-chance, and what "nothing found" adds
_WEIGHT, _NOTHING = 0.15, 0.3
#: below this log-chance the readers' own word does not go before a cue
_UNSURE = log(0.4)
#: what must not be missed is named when it is as likely there, goes first only from the second, and is dropped below
#: the third
MUST_NOT_MISS = ("stop_contact", "wants_human", "ask_if_bot")
_ENOUGH, _FIRST, HARDLY = 0.55, 0.6, 0.1
_BEHIND = 2.0
#: any other intent is named beside the best one from this log-chance to be the best on, or when it is as likely there
_ALSO, _THERE = log(0.35), 0.7
_LOWEST = log(1e-6)
#: what the best intent rules out
_OPPOSITES = {"declines_human": frozenset({"wants_human"}), "wants_human": frozenset({"declines_human"})}


@dataclass(frozen=True, slots=True)
class Chances:
    """What the readers say of each intent: the natural logarithm of the chance that it is the best one of all, and the
    chance that it is there, be it beside others. Empty when they were not asked."""

    best: Mapping[str, float] = field(default_factory=dict)
    there: Mapping[str, float] = field(default_factory=dict)


def ranked(weights: Mapping[str, float], chances: Chances, slots: Mapping[str, str]) -> list[str]:
    """Return the intents best first, never empty. `weights` are the cues' (best first).

    Where the cues hear a yes first, or the readers were not asked, their word stands.
    """
    by_cues = list(weights)
    if not chances.best or by_cues[:1] == ["consent_yes"]:
        return by_cues or ["other"]
    allowed = {intent: chance for intent, chance in chances.best.items() if _may_say(intent, slots)}
    tally = _tally(weights, chances, allowed)
    best = max(tally, key=lambda intent: tally[intent])
    if by_cues and best not in weights and chances.best.get(best, _LOWEST) < _UNSURE:
        best = by_cues[0]
    named = {intent for intent in by_cues if _stands(intent, chances)} | {best}
    named |= {intent for intent in allowed if _is_heard(intent, chances)}
    named -= ({"other"} | _OPPOSITES.get(best, frozenset())) - {best}
    return sorted(named, key=lambda intent: (intent != best, -tally[intent]))


def _tally(weights: Mapping[str, float], chances: Chances, allowed: Mapping[str, float]) -> dict[str, float]:
    tally = {intent: max(chance, _LOWEST) for intent, chance in allowed.items()}
    for intent, weight in weights.items():
        tally[intent] = max(chances.best.get(intent, _LOWEST), _LOWEST) + _WEIGHT * weight
    if not weights:
        tally["other"] = tally.get("other", _LOWEST) + _NOTHING
    for intent in MUST_NOT_MISS:
        if intent in tally and intent not in weights and chances.there.get(intent, 0) < _FIRST:
            tally[intent] -= _BEHIND
    return tally


def _may_say(intent: str, slots: Mapping[str, str]) -> bool:
    """The reader's own word never is a consent, nor contact data that nobody found."""
    return intent != "consent_yes" and (not intent.startswith("give_") or intent.removeprefix("give_") in slots)


def _stands(intent: str, chances: Chances) -> bool:
    return intent not in MUST_NOT_MISS or chances.there.get(intent, 0) >= HARDLY


def _is_heard(intent: str, chances: Chances) -> bool:
    there = chances.there.get(intent, 0)
    if intent in MUST_NOT_MISS:
        return there >= _ENOUGH
    return chances.best.get(intent, _LOWEST) >= _ALSO or there >= _THERE
