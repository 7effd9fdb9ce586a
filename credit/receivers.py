"""What this room does about news: it enqueues a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from credit.signals import credit_requested


def connect() -> None:
    """Called once when the app is ready."""
    credit_requested.connect(enqueue_check, dispatch_uid="credit.enqueue_check")


def enqueue_check(sender: object, *, check_id: UUID, **kwargs: Any) -> None:
    from credit.tasks import run_check

    run_check.delay(check_id=str(check_id))
