"""Measure the hot paths against a floor of the same run and print the figures as JSON."""

from __future__ import annotations

import json
import platform
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

#: Each module has `measure() -> dict`.
BENCHES = {
    "redaction": "carloans.core.bench.redaction",
    "audit": "carloans.core.bench.audit",
    "encryption": "carloans.core.bench.encryption",
    "engine": "cathy.bench",
    "chat": "chat.bench",
    "widget": "chat.bench_widget",
}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help=f"any of: {', '.join(BENCHES)}")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or [name for name, module in BENCHES.items() if find_spec(module)]
        figures: dict[str, Any] = {"machine": {"python": platform.python_version(), "system": platform.platform()}}
        for name in names:
            figures[name] = import_module(BENCHES[name]).measure()
        self.stdout.write(json.dumps(figures, indent=2))
