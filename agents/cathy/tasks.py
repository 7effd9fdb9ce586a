"""The run log's sweep, because a run whose process was killed must not look busy for ever; and evaluations."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from carloans.core.clock import utc_now
from cathy import services


@shared_task(name="cathy.sweep_lost_runs")
def sweep_lost_runs() -> int:
    """Close runs that nobody will close any more."""
    return services.sweep_lost_runs(now=utc_now())


@shared_task(name="cathy.evaluate_prompt", acks_late=False, soft_time_limit=1700, time_limit=1800)
def evaluate_prompt(version_id: str, suite: str, actor: str, staff: str) -> str:
    """Play one suite with a version of the prompts and keep the result.

    Acknowledged at once: it may last longer than a broker waits before handing work to another, and a lost one is asked
    for again by a press.
    """
    from cathy.prompts import measuring

    kept = measuring.measure(version_id=UUID(version_id), suite=suite, actor=actor, staff=staff, now=utc_now())
    return str(kept.pk)


SCHEDULE = {"cathy-lost-runs": {"task": "cathy.sweep_lost_runs", "schedule": 30.0}}
