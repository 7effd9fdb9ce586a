"""Serve a simulated dealer alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloans.core import sandboxing
from carloans.core.wsgi import Fault
from leads.sandbox import FAULTS, BuyerSandbox


class Command(BaseCommand):
    help = "A real HTTP server that takes leads as a dealer would, with latency and faults on demand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8802)
        parser.add_argument("--slug", default="lakeside-motors", help="The buyer whose shared key it checks")
        parser.add_argument("--fault", default="", help=f"NAME or NAME:RATE; names: {', '.join(FAULTS)}")
        parser.add_argument("--latency-ms", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fault = Fault.parse(options["fault"], FAULTS)
        except ValueError as error:
            raise CommandError(str(error)) from error
        app = BuyerSandbox(slug=options["slug"], fault=fault, latency_ms=options["latency_ms"])
        self.stdout.write(f"Simulated buyer on http://127.0.0.1:{options['port']}/leads (Ctrl-C stops it)")
        self.stdout.flush()
        sandboxing.serve(app, options["port"])
