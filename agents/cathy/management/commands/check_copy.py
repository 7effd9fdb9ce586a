"""Filter: does a text say what Cathy must not say? One JSON line in, one out."""

from __future__ import annotations

import sys
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from carloans.core.jsonl import run_filter, text_of
from cathy.guardrails import claims
from cathy.guardrails.opinion.judge import load

CHANNELS = ("chat", "email")


class Command(BaseCommand):
    """`{"id","text","context"?,"channel"?}` → `{"id","allowed","violations":[{"rule","excerpt"}]}`."""

    help = "Read JSON lines with a text and say for each which claim rules it breaks."

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until the input ends; exit status 1 if a line was bad. RuntimeError without the models."""
        load()
        if status := run_filter(judge, target=cast(TextIO, self.stdout)):
            sys.exit(status)


def judge(record: dict[str, Any]) -> dict[str, Any]:
    """Answer one line. Raises ValueError for a text, context or channel of the wrong kind."""
    channel = record.get("channel") or "chat"
    if channel not in CHANNELS:
        raise ValueError(f"channel must be one of {', '.join(CHANNELS)}")
    found = claims.check(text_of(record), channel=channel, context=context_of(record))
    violations = [{"rule": violation.rule, "excerpt": violation.excerpt} for violation in found]
    return {"allowed": not violations, "violations": violations}


def context_of(record: dict[str, Any]) -> str | None:
    """The line before, None when there is none. Raises ValueError when it is not text."""
    context = record.get("context")
    if context is not None and not isinstance(context, str):
        raise ValueError("the field 'context' must be text")
    return context
