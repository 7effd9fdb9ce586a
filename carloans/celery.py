"""The Celery application. Each app exports its periodic sweeps as `SCHEDULE` in its `tasks` module."""

from __future__ import annotations

import os
import warnings
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")

#: Bottom to top, as imports run; every one may have a `tasks` module.
ROOMS = ("carloans.core", "cathy", "visitors", "campaigns", "credit", "chat", "leads", "dashboard")

# A container's only user may be root; the notice fills a newcomer's first screen.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("carloans")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(list(ROOMS))


def collect_schedule() -> dict[str, Any]:
    """Every room's sweeps under unique names. Raises ValueError when two rooms claim one name."""
    schedule: dict[str, Any] = {}
    for room in ROOMS:
        if find_spec(f"{room}.tasks") is None:
            continue
        entries = getattr(import_module(f"{room}.tasks"), "SCHEDULE", {})
        if taken := schedule.keys() & entries.keys():
            raise ValueError(f"Two rooms schedule {sorted(taken)}.")
        schedule |= {name: _perishable(entry) for name, entry in entries.items()}
    return schedule


def _perishable(entry: dict[str, Any]) -> dict[str, Any]:
    """A sweep that waited longer than its interval is dropped: the next one does its work, and none queue up."""
    every = entry["schedule"]
    seconds = every.total_seconds() if isinstance(every, timedelta) else float(every)
    return {**entry, "schedule": seconds, "options": {"expires": max(seconds, 2.0), **entry.get("options", {})}}


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def add_schedule(sender: Celery, **kwargs: Any) -> None:
    """Hand the sweeps to beat once every task is registered."""
    sender.conf.beat_schedule = collect_schedule()
