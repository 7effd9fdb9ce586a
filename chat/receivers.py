"""What this room does about news: it enqueues a task. Behind each stands a sweep of `chat.tasks`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from credit.signals import credit_decided
from visitors.signals import visitor_erased


def connect() -> None:
    """Called once when the app is ready."""
    credit_decided.connect(on_credit_decided, dispatch_uid="chat.show_result")
    visitor_erased.connect(on_visitor_erased, dispatch_uid="chat.forget_visitor")


def on_credit_decided(sender: object, *, check_id: UUID, **kwargs: Any) -> None:
    from chat.tasks import present_result

    present_result.delay(check_id=str(check_id))


def on_visitor_erased(sender: object, *, visitor_id: UUID, **kwargs: Any) -> None:
    from chat.tasks import forget_visitor

    forget_visitor.delay(visitor_id=str(visitor_id))
