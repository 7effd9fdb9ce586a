"""What this room does about news: it enqueues a task. Behind each stands a sweep of `chat.tasks`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings

from chat.signals import handed_off
from credit.signals import credit_decided
from visitors.signals import visitor_erased


def connect() -> None:
    """Called once when the app is ready."""
    credit_decided.connect(on_credit_decided, dispatch_uid="chat.show_result")
    visitor_erased.connect(on_visitor_erased, dispatch_uid="chat.forget_visitor")
    handed_off.connect(on_handed_off, dispatch_uid="chat.brief")


def on_credit_decided(sender: object, *, check_id: UUID, **kwargs: Any) -> None:
    from chat.tasks import present_result

    present_result.delay(check_id=str(check_id))


def on_handed_off(sender: object, *, conversation_id: UUID, **kwargs: Any) -> None:
    from chat.tasks import write_brief

    if settings.BRIEF_BY_MODEL:
        write_brief.delay(conversation_id=str(conversation_id))


def on_visitor_erased(sender: object, *, visitor_id: UUID, **kwargs: Any) -> None:
    from chat.tasks import forget_visitor

    forget_visitor.delay(visitor_id=str(visitor_id))
