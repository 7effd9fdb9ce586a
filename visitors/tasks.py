"""Background work: find who left, have it judged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from carloans.core.clock import utc_now
from visitors import agent, selectors, services


@shared_task(name="visitors.sweep_abandonment")
def sweep_abandonment(**kwargs: Any) -> None:
    """Mark idle applications as abandoned and have every unjudged abandonment judged, also one that was lost."""
    now = utc_now()
    for application_id in selectors.due_for_abandonment(now=now):
        services.mark_abandoned(application_id=application_id, now=now)
    for application_id in selectors.abandoned_without_assessment(now=now):
        judge_abandonment.delay(application_id=str(application_id))


@shared_task(name="visitors.judge_abandonment")
def judge_abandonment(*, application_id: str, **kwargs: Any) -> None:
    """Judge one abandonment; of many workers with the same task one does it."""
    now, wanted = utc_now(), UUID(application_id)
    if not services.claim_judgement(application_id=wanted, now=now):
        return
    verdict = agent.judge(application_id=wanted, now=now)
    services.record_assessment(
        application_id=wanted,
        **verdict.judgement.model_dump(),
        source=verdict.source,
        run_id=verdict.run_id,
        now=now,
    )


SCHEDULE = {
    "visitors.sweep_abandonment": {"task": "visitors.sweep_abandonment", "schedule": settings.SWEEP_SECONDS},
}
