"""What attacks, threats, distress and minors sound like, read from `attacks.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from .claims.lexicon import GROUPS

_DATA = tomllib.loads((Path(__file__).parent / "attacks.toml").read_text("utf-8"))
GROUPS.update(_DATA["groups"])

#: reason → phrases of an attack
INJECTION: dict[str, tuple[str, ...]] = {row["reason"]: tuple(row["phrases"]) for row in _DATA["injection"]}
CRISIS: tuple[str, ...] = tuple(_DATA["crisis"]["phrases"])
MINOR: tuple[str, ...] = tuple(_DATA["minor"]["phrases"])
THREAT: tuple[str, ...] = tuple(_DATA["threat"]["phrases"])
#: phrases that only sound like an attack
HARMLESS: tuple[str, ...] = tuple(_DATA["harmless"]["phrases"])
