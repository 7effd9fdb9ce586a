"""Filter: what a customer's turn means. One JSON line in, one out."""

from __future__ import annotations

import sys
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from carloans.core.jsonl import run_filter, text_of
from cathy.management.commands.check_copy import context_of
from cathy.simulation.understanding import understand

SLOTS = ("phone", "email", "name")


class Command(BaseCommand):
    """`{"id","text","context"?}` → `{"id","intents","slots","flagged","reason"?}`."""

    help = "Read JSON lines with customer turns and say for each what it means and whether the guardrails stop it."

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until the input ends; exit status 1 if a line was bad."""
        if status := run_filter(read, target=cast(TextIO, self.stdout)):
            sys.exit(status)


def read(record: dict[str, Any]) -> dict[str, Any]:
    """Answer one line. Raises ValueError for a text or context of the wrong kind."""
    found = understand(text_of(record), context_of(record))
    slots = {name: found.slots.get(name) for name in SLOTS}
    reply: dict[str, Any] = {"intents": found.intents, "slots": slots, "flagged": found.flagged}
    return {**reply, "reason": found.reason} if found.reason else reply
