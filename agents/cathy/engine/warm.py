"""Paying the costs of the first run before the first customer comes."""

from __future__ import annotations

from carloans.core.privacy.redaction import redact
from cathy.engine.guards import house_guards
from cathy.simulation.contract import MODULES, get_brain


def warm_up() -> None:
    """Import the brains and let every guardrail read its word lists. Call it once when a web process starts."""
    guards = house_guards()
    guards.inspect("Hello, can you help me with my application?", None)
    for locale in ("en", "es"):
        guards.check_sentence("", "I can help you with that.", locale=locale, context=None)
    redact("Hello, can you help me with my application?")
    for alias in MODULES:
        get_brain(alias)
