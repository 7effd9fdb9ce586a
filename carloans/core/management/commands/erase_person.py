"""Forget one person in every room, and say what stays and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from carloans.core import rights
from carloans.core.clock import utc_now
from carloans.core.management.person import add_selectors, person_from


class Command(BaseCommand):
    help = "Erase what is kept about a person; prints what was erased, what stays, why, and until when, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_selectors(parser)
        parser.add_argument("--reason", default="asked to be forgotten", help="Kept as proof; no personal data.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be erased.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        person = person_from(options, now=now)
        if options["dry_run"]:
            report = rights.plan(person, now=now)
        else:
            report = rights.erase(person, actor=options["actor"], reason=options["reason"], now=now)
        self.stdout.write(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
