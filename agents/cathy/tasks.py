"""The run log's sweep: a run whose process was killed must not look busy for ever."""

from __future__ import annotations

from celery import shared_task

from carloans.core.clock import utc_now
from cathy import services


@shared_task(name="cathy.sweep_lost_runs")
def sweep_lost_runs() -> int:
    """Close runs that nobody will close any more."""
    return services.sweep_lost_runs(now=utc_now())


SCHEDULE = {"cathy-lost-runs": {"task": "cathy.sweep_lost_runs", "schedule": 30.0}}
