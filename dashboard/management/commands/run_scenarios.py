"""Play the end-to-end scenarios against the running code, every provider simulated over its real interface.

Against the program that runs already with this configuration; without one, a stack of its own is started and removed.
Exit status 0 only if every step's assertions hold.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.scenarios import edges, happy, stack
from dashboard.scenarios.report import Report, summarise
from dashboard.scenarios.world import World

SCENARIOS: dict[str, Callable[[World], Report]] = {happy.NAME: happy.run, edges.NAME: edges.run}
#: Set in the child process that plays against a stack of our own.
BASE_VARIABLE = "CARLOANS_SCENARIO_BASE"


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {'; '.join(SCENARIOS)}")
        parser.add_argument("--repeat", type=int, default=1, help="how often to play them all")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(SCENARIOS)
        if unknown := [name for name in names if name not in SCENARIOS]:
            raise CommandError(f"Unknown: {', '.join(unknown)}. There are: {'; '.join(SCENARIOS)}.")
        base = os.environ.get(BASE_VARIABLE) or stack.running_stack()
        if not base:
            sys.exit(self._with_own_stack())
        self._play(base, names * max(options["repeat"], 1), options["json"])

    def _with_own_stack(self) -> int:
        """Start a fresh stack and play in a child process that shares its configuration."""
        commands = [
            f"{sys.executable} -m daphne -v 0 --bind 127.0.0.1 --port {{PORT}} carloans.asgi:application",
            f"{sys.executable} -m celery --quiet --app carloans worker --pool threads --concurrency 4 --beat"
            " --loglevel ERROR --without-gossip --without-mingle --without-heartbeat",
        ]
        with stack.own_environment() as environment:
            for preparation in (["migrate", "--verbosity", "0"], ["seed_demo"]):
                if stack.manage(environment, *preparation, quiet=True):
                    raise CommandError(f"{preparation[0]} failed on a fresh database.")
            base = environment["PUBLIC_URL"]
            with stack.processes(environment, [line.format(**environment) for line in commands]):
                stack.wait_until_ready(base)
                return stack.manage({**environment, BASE_VARIABLE: base}, *sys.argv[1:])

    def _play(self, base: str, names: list[str], target: Path | None) -> None:
        reports = []
        for name in names:
            report = SCENARIOS[name](World.make(base))
            reports.append(report)
            self._show(report)
        result = summarise(reports)
        if target:
            target.write_text(json.dumps(result, indent=2) + "\n")
        summary = result["summary"]
        database = "PostgreSQL" if "postgres" in settings.DATABASES["default"]["ENGINE"] else "SQLite"
        self.stdout.write(
            f"{summary['passed']}/{summary['steps']} steps passed on {database}, {summary['faults']} faults"
            f" (fault rate {100 * summary['fault_rate']:.0f} %), {summary['refusals']} refusals of bad input"
        )
        self.stdout.write(f"latency in ms: {json.dumps(result['latency_ms'])}")
        if summary["faults"]:
            sys.exit(1)

    def _show(self, report: Report) -> None:
        passed = sum(step.passed for step in report.steps)
        self.stdout.write(f"{report.name}: {passed}/{len(report.steps)}")
        for number, step in enumerate(report.steps, 1):
            mark = "ok  " if step.passed else "FAIL"
            self.stdout.write(f"  {mark} {number}. {step.name} ({step.ms:.0f} ms): {step.observed or step.error}")
        self.stdout.flush()
