"""Remove what no class of retention needs any more, and report it by rule."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from carloans.core import retention
from carloans.core.clock import utc_now


class Command(BaseCommand):
    help = "Apply the rules of retention; prints what was due, purged and held back, by rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be purged.")

    def handle(self, *args: Any, **options: Any) -> None:
        run = retention.purge(now=utc_now(), dry_run=options["dry_run"])
        for line in run.lines:
            self.stdout.write("{rule}: keeps {keeps}, {does}; due {due}, purged {purged}, held {held}".format(**line))
            for reason, count in sorted(line["reasons"].items()):
                self.stdout.write(f"  held {count}: {reason}")
        would = "would be purged" if run.dry_run else "purged"
        self.stdout.write(f"due: {run.due}  {would}: {run.purged}  held: {run.held}")
