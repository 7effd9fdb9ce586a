"""Serve the simulated credit service alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import sandboxing
from carloans.core.wsgi import Fault
from credit.sandbox import FAULTS, FlexPathSandbox


class Command(BaseCommand):
    help = "A real HTTP server that speaks FlexPath's protocol, with latency and faults on demand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8801)
        parser.add_argument("--fault", default="", help=f"NAME or NAME:RATE; names: {', '.join(FAULTS)}")
        parser.add_argument("--latency-ms", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fault = Fault.parse(options["fault"], FAULTS)
        except ValueError as error:
            raise CommandError(str(error)) from error
        app = FlexPathSandbox(fault=fault, latency_ms=options["latency_ms"])
        self.stdout.write(f"Simulated FlexPath on http://127.0.0.1:{options['port']} (Ctrl-C stops it)")
        self.stdout.flush()
        sandboxing.serve(app, options["port"])
