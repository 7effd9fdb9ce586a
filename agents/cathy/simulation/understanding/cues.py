"""The cues of each intent, read from `cues.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cathy.guardrails.claims.lexicon import GROUPS

_FILE = Path(__file__).parent / "cues.toml"
#: intents that come from slots and answers, not from cues
WITHOUT_CUES = ("give_name", "give_phone", "give_email")


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that speak for an intent with a weight, and phrases that rule them out."""

    weight: float
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


def load_cues() -> dict[str, tuple[Cue, ...]]:
    """Return the cues by intent. Raises FileNotFoundError or tomllib.TOMLDecodeError for a broken file."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    GROUPS.update(data["groups"])
    cues = {
        intent: tuple(Cue(row["weight"], tuple(row["phrases"]), tuple(row.get("unless", ()))) for row in rows)
        for intent, rows in data["cues"].items()
    }
    return cues | {intent: () for intent in WITHOUT_CUES}


CUES = load_cues()
