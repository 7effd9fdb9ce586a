"""`evaluate_agents`: play the dialogue suites against whichever model is configured, and report."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from carloans.core.errors import CarLoansError
from cathy.engine import provider
from cathy.evaluation import BaseTask, Report, TaskResult, baseline, evaluate
from cathy.evaluation.report import BAR

_ONE_WRITER = (
    "This database has one writer: while a trial waits for the real model, a program that runs on it waits too."
)


@contextmanager
def _quiet() -> Iterator[None]:
    """What agents log of failures that a task provokes stands in the report."""
    loggers = [logging.getLogger(name) for name in ("cathy", "chat", "campaigns", "credit", "leads", "visitors")]
    levels = [one.level for one in loggers]
    try:
        for one in loggers:
            one.setLevel(logging.CRITICAL)
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)


class Command(BaseCommand):
    help = (
        "Play the evaluation tasks; exit status 1 when pass^K is below the bar, a rule was broken, a tool failed, or a "
        "task does worse than the baseline."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--suite", help="only this suite")
        parser.add_argument("--trials", type=int, default=4, help="how often each task is played (K)")
        parser.add_argument("--seed", type=int, default=1, help="which words the invented customers choose")
        parser.add_argument("--json", dest="file", type=Path, help="write the whole report there")
        parser.add_argument(
            "--prompt", dest="prompt_version", help="a version of the prompt, instead of the active one"
        )
        parser.add_argument("--accept", action="store_true", help="keep these results as the baseline of later runs")
        parser.add_argument("--task", action="append", default=[], dest="ids", help="only this task; may be repeated")
        parser.add_argument("--tag", action="append", default=[], dest="tags", help="only tasks with one of these tags")

    def handle(self, *args: Any, ids: list[str], tags: list[str], file: Path | None, **options: Any) -> None:
        if options["trials"] < 1:
            raise CommandError("--trials is at least 1.")
        self._prepare()

        def wanted(task: BaseTask) -> bool:
            return (not ids or task.id in ids) and (not tags or bool(set(tags) & set(task.tags)))

        with _quiet():
            report = self._evaluate(wanted, int(options["verbosity"]), options)
        if not report.tasks:
            raise CommandError("No task fits.")
        if file:
            file.write_text(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(report.table())
        if options["accept"]:
            baseline.write(report)
        self._judge(report)

    def _judge(self, report: Report) -> None:
        worse = baseline.regressions(report)
        for line in worse:
            self.stdout.write(f"worse than the baseline: {line}")
        if not report.good_enough():
            raise CommandError(f"Below the bar: pass^{report.trials} of {BAR}, no broken rule, no tool error.")
        if worse:
            raise CommandError(f"{len(worse)} tasks are worse than the baseline.")

    def _prepare(self) -> None:
        if provider.is_live() and connection.vendor == "sqlite":
            self.stderr.write(_ONE_WRITER)

    def _evaluate(self, wanted: Any, verbosity: int, options: dict[str, Any]) -> Report:
        def told(result: TaskResult) -> None:
            if verbosity > 1:
                self.stderr.write(f"{result.suite}/{result.id}: {result.passed} of {result.counted}")

        names = ("suite", "trials", "seed", "prompt_version")
        try:
            return evaluate(only=wanted, told=told, **{name: options[name] for name in names})
        except CarLoansError as error:
            raise CommandError(str(error.message)) from error
        except DatabaseError as error:
            raise CommandError("The database is not ready: run “manage.py migrate” first.") from error
