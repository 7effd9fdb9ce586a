"""`manage.py mail_sandbox`: the simulated mail provider as a server of its own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.sandbox import FAULTS, Fault, account, parse_fault
from carloans.core.sandboxing import serve


class Command(BaseCommand):
    help = "Serve a simulated Mailgun on loopback. Faults: " + "; ".join(f"{n} ({t})" for n, t in FAULTS.items())

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8025)
        parser.add_argument("--fault", action="append", default=[], metavar="NAME[:rate]")
        parser.add_argument("--latency-ms", type=int, default=0)
        parser.add_argument("--stall-seconds", type=float, default=15.0)
        parser.add_argument("--webhook-url", default=f"http://127.0.0.1:{settings.PORT}/webhooks/mailgun/")

    def handle(self, *args: Any, **options: Any) -> None:
        sandbox = account(
            webhook_url=options["webhook_url"],
            faults=_faults(options["fault"]),
            latency_ms=options["latency_ms"],
            stall_seconds=options["stall_seconds"],
        )
        self.stdout.write(f"MAILGUN_API_URL=http://127.0.0.1:{options['port']}/v3")
        serve(sandbox, options["port"])


def _faults(wanted: list[str]) -> tuple[Fault, ...]:
    try:
        return tuple(parse_fault(text) for text in wanted)
    except ValueError as error:
        raise CommandError(str(error)) from error
