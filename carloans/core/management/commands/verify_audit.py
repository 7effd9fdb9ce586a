"""Prove the audit trail: recompute every seal and report what was changed, removed, moved or slipped in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import audit, verification
from carloans.core.models import AuditEntry, AuditSeal


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one line per finding")
        parser.add_argument("--anchor", type=Path, help="A log, or lines of '<number> <root>', kept elsewhere")
        parser.add_argument("--expect", metavar="NUMBER:ROOT", action="append", default=[], help="One such seal")
        parser.add_argument("--strict", action="store_true", help="Also entries that are dated long before their seal")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for finding in verification.findings(anchors=_anchors(options), strict=options["strict"]):
            broken += 1
            line = json.dumps(finding.as_dict()) if options["format"] == "json" else str(finding)
            (self.stdout if options["format"] == "json" else self.stderr).write(line)
        if broken:
            raise CommandError(f"The audit trail is broken in {broken} places.")
        self._whole(options["format"])

    def _whole(self, form: str) -> None:
        state = audit.state()
        counts = {
            "seals": AuditSeal.objects.count(),
            "waiting": AuditEntry.objects.filter(sealed__isnull=True).count(),
        }
        if form == "json":
            self.stdout.write(json.dumps({"whole": True, **counts, "number": state.number, "root": state.root}))
            return
        words = "The audit trail is whole: {seals} seals, {waiting} entries not sealed yet.".format(**counts)
        newest = f" Newest root: {state.number}:{state.root}" if state.number else ""
        self.stdout.write(words + newest)


def _anchors(options: dict[str, Any]) -> Iterator[tuple[int, str]]:
    for noted in options["expect"]:
        number, _, root = noted.partition(":")
        if not number.isdecimal():
            raise CommandError("--expect takes NUMBER:ROOT, as the log and the audit page show it.")
        yield int(number), root
    if path := options["anchor"]:
        try:
            with path.open() as lines:
                yield from verification.read_anchors(lines)
        except OSError as error:
            raise CommandError(f"The anchor cannot be read: {error.strerror}.") from error
