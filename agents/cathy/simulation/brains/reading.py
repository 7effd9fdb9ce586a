"""What the brains of batch agents share: the JSON document they are given, and a choice that does not jump about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2s
from typing import Any, TypeVar

from cathy.simulation.contract import Say, Turn

T = TypeVar("T")


def document(turn: Turn) -> dict[str, Any]:
    """Return the JSON object that a batch agent was sent; {} when there is none that can be read."""
    try:
        value = json.loads(turn.last_user)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def section(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside the facts; {} when it is absent or something else."""
    value = facts.get(name)
    return value if isinstance(value, dict) else {}


def answer(value: dict[str, Any]) -> list[Say]:
    """Return a structured answer."""
    return [Say(json.dumps(value, ensure_ascii=False))]


def pick(options: Sequence[T], *seed: object) -> T:
    """Choose one option by what the seed says: the same seed gives the same choice on every machine."""
    digest = blake2s("\x1f".join(map(str, seed)).encode(), digest_size=8).digest()
    return options[int.from_bytes(digest) % len(options)]


def is_spanish(facts: dict[str, Any]) -> bool:
    """Tell whether the facts ask for Spanish."""
    return str(facts.get("locale", "en")).lower().startswith("es")
