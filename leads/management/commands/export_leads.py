"""Export leads with contact data, for operators."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import audit
from carloans.core.clock import utc_now
from leads.export import FORMATS, Wanted, chunks, count
from leads.models import LEAD_LIFE


class Command(BaseCommand):
    help = "Stream leads as CSV (RFC 4180, formulas escaped), JSON or JSON lines, in constant memory."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument("--status", choices=LEAD_LIFE.states, default="")
        parser.add_argument("--since", default="", help="A date or time in ISO 8601; without an offset it is UTC")
        parser.add_argument(
            "--output", default="", help="A file, readable for its owner alone; without it standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Wanted(options["status"], read_since(options["since"]))
        audit.record(
            action="lead.exported",
            actor="system",
            subject="leads:all",
            now=utc_now(),
            facts={"format": options["format"], **wanted.facts(), "rows": count(wanted), "via": "command"},
        )
        with self._target(options["output"]) as target:
            for chunk in chunks(options["format"], wanted):
                target.write(chunk)

    @contextlib.contextmanager
    def _target(self, path: str) -> Iterator[TextIO]:
        if not path:
            self.stdout.ending = ""
            yield cast(TextIO, self.stdout)
            return
        try:
            handle = os.open(Path(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
        with open(handle, "w", encoding="utf-8", newline="") as target:
            yield target


def read_since(text: str) -> datetime | None:
    """A moment from a date or time in ISO 8601. Raises CommandError for anything else."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("--since must be a date or time in ISO 8601, such as 2026-11-23.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
