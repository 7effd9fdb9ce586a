"""One consent as a self-contained document: what was read, what was done, and its place in the audit trail."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import audit
from carloans.core.clock import utc_now
from visitors import consent_documents
from visitors.errors import UnknownConsent


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=UUID, help="The consent's id")
        parser.add_argument("--format", choices=["json", "html"], default="json")
        parser.add_argument("--output", type=Path, help="A file that only its owner can read")

    def handle(self, *args: Any, **options: Any) -> None:
        now, form = utc_now(), options["format"]
        try:
            found = consent_documents.document(consent_id=options["id"], now=now)
        except UnknownConsent as error:
            raise CommandError(str(error.message)) from error
        audit.record(
            action="consent.exported", actor="system", subject=f"consent:{options['id']}", now=now,
            facts={"format": form, "via": "command"},
        )  # fmt: skip
        text = consent_documents.as_html(found) if form == "html" else json.dumps(found, indent=2, ensure_ascii=False)
        self._put(text, options["output"])

    def _put(self, text: str, path: Path | None) -> None:
        if path is None:
            self.stdout.write(text)
            return
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
