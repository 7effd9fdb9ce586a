"""`import_applications FILE`: abandoned applications from a CSV of the lender's platform."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from visitors import selectors, services
from visitors.selectors import SiteInfo

#: Headers that platforms write, beside our own names.
ALIASES = {
    "id": "external_id", "record_id": "external_id", "application_id": "external_id", "email_address": "email",
    "e_mail": "email", "phone_number": "phone", "mobile": "phone", "zip_code": "zip", "postal_code": "zip",
    "state_region": "state", "year": "vehicle_year", "make": "vehicle_make", "model": "vehicle_model",
    "title": "job_title", "abandonment_step": "step", "last_activity": "last_event_at",
}  # fmt: skip
CONSENT = {
    "marketing_consent_version": "text_version",
    "marketing_consent_sha256": "text_sha256",
    "marketing_consent_at": "given_at",
}
LIMIT_BYTES = 100 * 1024 * 1024


class Command(BaseCommand):
    """Safe to repeat: an `external_id` that is known is updated. Refused rows are reported and the others imported."""

    help = "Import abandoned applications from a CSV file (UTF-8, one header line)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--site", default="demo", help="Key of the site that the applications belong to.")

    def handle(self, *args: Any, **options: Any) -> None:
        site, now = self._site(options["site"]), utc_now()
        counts: Counter[str] = Counter()
        for line, row in self._rows(options["file"]):
            counts[self._take(line, row, site, now)] += 1
        names = ("created", "updated", "unchanged", "refused")
        self.stdout.write("  ".join(f"{name}: {counts[name]}" for name in names))

    def _site(self, key: str) -> SiteInfo:
        try:
            return selectors.site_by_key(key=key)
        except CarLoansError as error:
            raise CommandError(str(error.message)) from error

    def _rows(self, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
        """Numbered rows with our column names. Raises CommandError for a file that cannot be read."""
        try:
            if path.stat().st_size > LIMIT_BYTES:
                raise CommandError("The file is larger than 100 MB; please split it.")
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                if not reader.fieldnames:
                    raise CommandError("The file has no header line.")
                for row in reader:
                    yield reader.line_num, _named(row)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"The file cannot be read: {type(error).__name__}.") from error

    def _take(self, line: int, row: dict[str, str], site: SiteInfo, now: datetime) -> str:
        """Import one row; a refusal names the line, the field and the reason, never the value."""
        try:
            one = services.read_import(_shaped(row), allow_test_numbers=site.is_demo, now=now)
            imported = services.import_application(site=site, one=one, now=now)
        except CarLoansError as error:
            field = error.extra.get("field") or "row"
            self.stdout.write(f"line {line}: refused: {error.code} ({field}): {error.message}")
            return "refused"
        return imported.outcome


def _named(row: dict[Any, Any]) -> dict[str, str]:
    """Columns by our names: "First Name" is first_name. A cell beyond the header is kept as an unknown column."""
    named: dict[str, str] = {}
    for header, value in row.items():
        plain = "_".join(str(header or "extra_cells").strip().lower().replace("/", " ").replace("-", " ").split())
        named[ALIASES.get(plain, plain)] = value if isinstance(value, str) else " ".join(value or [])
    return named


def _shaped(row: dict[str, str]) -> dict[str, Any]:
    """The consent's columns put into one object; empty cells left out."""
    said = {name: value.strip() for name, value in row.items() if value and value.strip()}
    consent = {key: said.pop(column) for column, key in CONSENT.items() if column in said}
    return {**said, **({"marketing_consent": consent} if consent else {})}
