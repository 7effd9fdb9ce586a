"""The cues of each intent, read from `phrases/<intent>.toml`.

A cue has a weight, phrases in the pattern language of the claim linter, and phrases that rule it out. Weights: 9-10 a
plain request that must not be missed, 6-8 the topic of the turn, 3-5 a hint, 1-2 small talk that gives way to all else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cathy.guardrails.claims.lexicon import GROUPS

FOLDER = Path(__file__).parent / "phrases"
#: of two intents with the same weight the earlier one is better
ORDER = (
    "stop_contact", "wants_human", "declines_human", "ask_if_bot", "contact_preference", "not_interested",
    "not_now", "wrong_person", "confirms_identity", "who_is_this", "privacy_worry", "delete_data", "credit_worry",
    "bankruptcy", "ask_soft_pull", "ask_rate", "ask_payment", "trade_in", "no_money_down", "ask_process",
    "vehicle_interest", "asks_spanish", "angry", "off_topic", "thanks_bye", "greeting",
)  # fmt: skip
#: intents that come from slots alone
WITHOUT_CUES = ("give_name", "give_phone", "give_email")


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that speak for an intent with a weight, and phrases that rule them out."""

    weight: float
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


def load_cues() -> dict[str, tuple[Cue, ...]]:
    """Return the cues by intent. Raises FileNotFoundError or tomllib.TOMLDecodeError for a broken file."""
    GROUPS.update(tomllib.loads((FOLDER / "_words.toml").read_text("utf-8"))["groups"])
    return {intent: _cues_of(intent) for intent in ORDER} | dict.fromkeys(WITHOUT_CUES, ())


def _cues_of(intent: str) -> tuple[Cue, ...]:
    rows = tomllib.loads((FOLDER / f"{intent}.toml").read_text("utf-8"))["cue"]
    return tuple(Cue(row["weight"], tuple(row["phrases"]), tuple(row.get("unless", ()))) for row in rows)


CUES = load_cues()
