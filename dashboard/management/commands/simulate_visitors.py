"""Let synthetic visitors live through the whole funnel on a virtual clock; print the funnel and what was checked.

On a database of its own, never on the one that is configured: real services, tasks and agents, providers simulated over
HTTP. The same seed makes the same funnel. Exit status 1 when an invariant does not hold.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cathy.engine.provider import model_label
from dashboard.funnel import providers, report, stage
from dashboard.funnel.figures import funnel_of
from dashboard.funnel.invariants import check_all
from dashboard.funnel.town import simulate


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, required=True, help="how many visitors")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same funnel")
        parser.add_argument("--days", type=float, default=3, help="within how many days they arrive")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write funnel and invariants there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["count"] < 1 or options["days"] <= 0:
            raise CommandError("There must be at least one visitor, and some time to arrive in.")
        if not stage.is_on_stage():
            sys.exit(stage.play())
        self._simulate(options["count"], options["seed"], options["days"], options["json"])

    def _simulate(self, count: int, seed: int, days: float, target: Path | None) -> None:
        # Faults are part of the play and are counted from rows; their log lines would bury the report.
        logging.disable(logging.ERROR)
        started = time.perf_counter()
        with providers.serving() as running:
            town = simulate(count=count, seed=seed, days=days, providers=running)
        results, seconds = check_all(town), time.perf_counter() - started
        funnel = funnel_of(town)
        for line in report.lines(funnel, results, count=count, seed=seed, days=days, seconds=seconds):
            self.stdout.write(line)
        if target:
            facts = {"count": count, "seed": seed, "days": days, "seconds": round(seconds, 1), "model": model_label()}
            target.write_text(json.dumps(report.as_json(funnel, results, **facts), indent=2) + "\n")
        if not all(one.holds for one in results):
            sys.exit(1)
