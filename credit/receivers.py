"""What this room does about news: it enqueues a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from credit.signals import credit_requested, notice_queued
from visitors.signals import application_submitted


def connect() -> None:
    """Called once when the app is ready."""
    credit_requested.connect(enqueue_check, dispatch_uid="credit.enqueue_check")
    application_submitted.connect(enqueue_application, dispatch_uid="credit.enqueue_application")
    notice_queued.connect(enqueue_notice, dispatch_uid="credit.enqueue_notice")


def enqueue_check(sender: object, *, check_id: UUID, **kwargs: Any) -> None:
    from credit.tasks import run_check

    run_check.delay(check_id=str(check_id))


def enqueue_application(sender: object, *, application_id: UUID, **kwargs: Any) -> None:
    from credit.tasks import note_application

    note_application.delay(application_id=str(application_id))


def enqueue_notice(sender: object, *, mail_id: UUID, **kwargs: Any) -> None:
    from credit.tasks import send_notice

    send_notice.delay(mail_id=str(mail_id))
