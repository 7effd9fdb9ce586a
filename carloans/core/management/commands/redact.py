"""`redact`: JSON lines {"id","text"} in; the text without personal data, and where it stood, out."""

import sys
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand

from carloans.core.jsonl import run_filter, text_of
from carloans.core.privacy.redaction import redact


class Command(BaseCommand):
    """Filter; see the public contract for types and offsets."""

    help = "Redact personal data from JSON lines on standard input."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if status := run_filter(redact_record, target=cast(TextIO, self.stdout)):
            sys.exit(status)


def redact_record(record: dict[str, Any]) -> dict[str, Any]:
    """One answer. An optional list "known_names" holds the names that the system would know. Raises ValueError."""
    names = record.get("known_names", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("the field 'known_names' must be a list of text")
    redacted = redact(text_of(record), known_names=names)
    return {"text": redacted.text, "spans": [span._asdict() for span in redacted.spans]}
