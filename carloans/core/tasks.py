"""Periodic work of the core: sealing the audit trail."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.conf import settings

from carloans.core import audit
from carloans.core.clock import utc_now
from carloans.core.models import Heartbeat


@shared_task(name="core.seal_audit")
def seal_audit(**kwargs: Any) -> None:
    """Seal what was written since the last seal, batch by batch."""
    while audit.seal(now=utc_now()) == audit.BATCH:
        continue


@shared_task(name="core.heartbeat")
def heartbeat(**kwargs: Any) -> None:
    """Show that the schedule reaches a worker."""
    Heartbeat.objects.update_or_create(process="worker", defaults={"at": utc_now()})


SCHEDULE = {
    "core.heartbeat": {"task": "core.heartbeat", "schedule": max(settings.SWEEP_SECONDS, 1.0)},
    "core.seal_audit": {"task": "core.seal_audit", "schedule": max(settings.SWEEP_SECONDS * 4, 10.0)},
}
