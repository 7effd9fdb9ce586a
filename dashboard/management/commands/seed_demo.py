"""Put the demo's site, campaign and buyer in place; running it again changes nothing."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand

from carloans.celery import ROOMS
from carloans.core.clock import utc_now


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        for room in ROOMS:
            if find_spec(f"{room}.seeds"):
                import_module(f"{room}.seeds").seed(now)
        self.stdout.write("The demo is in place.")
