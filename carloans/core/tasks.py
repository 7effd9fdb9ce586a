"""Periodic work of the core: sealing the audit trail, finishing erasures, retention."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.conf import settings

from carloans.core import audit, retention, rights
from carloans.core.clock import utc_now
from carloans.core.models import Heartbeat


@shared_task(name="core.seal_audit")
def seal_audit(**kwargs: Any) -> None:
    """Seal what was written since the last seal, batch by batch."""
    audit.seal_all(now=utc_now())


@shared_task(name="core.seal_audit_late")
def seal_audit_late(**kwargs: Any) -> None:
    """The same over the whole trail, for entries of transactions that took very long."""
    audit.seal_all(now=utc_now(), late=True)


@shared_task(name="core.heartbeat")
def heartbeat(**kwargs: Any) -> None:
    """Show that the schedule reaches a worker."""
    Heartbeat.objects.update_or_create(process="worker", defaults={"at": utc_now()})


@shared_task(name="core.sweep_erasures")
def sweep_erasures(**kwargs: Any) -> int:
    """Erasures that a crash interrupted, that wait for a hold to end, or that are to be gone over once more."""
    return rights.finish_due(now=utc_now())


@shared_task(name="core.purge_expired")
def purge_expired(**kwargs: Any) -> None:
    """Remove what no class of retention needs any more."""
    retention.purge(now=utc_now())


SCHEDULE = {
    "core.purge_expired": {"task": "core.purge_expired", "schedule": 86_400.0},
    "core.sweep_erasures": {"task": "core.sweep_erasures", "schedule": max(60.0, settings.SWEEP_SECONDS)},
    "core.heartbeat": {"task": "core.heartbeat", "schedule": max(settings.SWEEP_SECONDS, 1.0)},
    "core.seal_audit_late": {"task": "core.seal_audit_late", "schedule": 3600.0},
    "core.seal_audit": {"task": "core.seal_audit", "schedule": max(settings.SWEEP_SECONDS * 4, 10.0)},
}
