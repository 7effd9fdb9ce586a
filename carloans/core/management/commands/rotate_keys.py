"""Move every encrypted value to the first key of FIELD_ENCRYPTION_KEYS, while everything goes on running."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import rotation
from carloans.core.clock import utc_now
from carloans.core.encryption import keyring

#: Seconds between two lines of progress.
_EVERY = 2.0


class Command(BaseCommand):
    help = __doc__ or ""
    #: It works on rows alone: what is wrong elsewhere must not keep an old key in use.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count the values under each key")
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="Rows per transaction, 1 to 5000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["batch"] <= 5000:
            raise CommandError("--batch must be a whole number from 1 to 5000.")
        current, *others = keyring().ids()
        self.stdout.write(f"current key {current}; also read: {', '.join(others) or 'none'}")
        if not options["dry_run"]:
            self._rotate(options["batch"])
        self._report()
        self._verdict(current, others)

    def _rotate(self, batch: int) -> None:
        self._told = time.monotonic()
        outcome = rotation.rotate(now=utc_now(), batch=batch, tell=self._tell)
        self.stdout.write(f"{outcome.moved} rows moved")
        for reason, rows in outcome.unreadable.items():
            self.stderr.write(f"{rows} rows cannot be read: {reason}")

    def _tell(self, table: str, moved: int) -> None:
        if time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.stdout.write(f"… {moved} rows, now in {table}")
            self.stdout.flush()

    def _report(self) -> None:
        for one in rotation.standings():
            self.stdout.write(f"{one.table}.{one.column}: {one.values} under {one.key}")

    def _verdict(self, current: str, others: list[str]) -> None:
        """Exit status 1 while anything is left."""
        if left := rotation.left():
            raise CommandError(
                f"{left} rows still have values under another key than {current}: keep every key, see that all"
                " processes run with the current one in front, and run rotate_keys again."
            )
        removable = f"The other keys may be removed from FIELD_ENCRYPTION_KEYS: {', '.join(others)}." if others else ""
        self.stdout.write(f"Every value is under key {current}. {removable}".rstrip())
