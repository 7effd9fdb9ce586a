"""Publishing what happened: a row in the caller's transaction; on commit the browsers' processes are nudged."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from carloans.core import tail
from carloans.core.models import FeedEvent

logger = logging.getLogger(__name__)


def publish(
    *,
    kind: str,
    room: str,
    summary: str,
    now: datetime,
    visitor: UUID | None = None,
    application: UUID | None = None,
    conversation: UUID | None = None,
    lead: UUID | None = None,
    data: dict[str, Any] | None = None,
    severity: str = "info",
    listed: bool = True,
) -> FeedEvent:
    """Record that something happened, without personal data, and let the screens know once it is committed."""
    event = FeedEvent.objects.create(
        kind=kind,
        room=room,
        summary=summary[:200],
        visitor=visitor,
        application=application,
        conversation=conversation,
        lead=lead,
        data=data or {},
        severity=severity,
        listed=listed,
        at=now,
    )
    transaction.on_commit(nudge)
    return event


def nudge() -> None:
    """Wake the tails. A lost nudge only delays: the tail asks the database on its own interval."""
    tail.wake()
    if not settings.REDIS_URL:
        return
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(tail.GROUP, {"type": "news"})
    except Exception:
        logger.warning("The channel layer did not take a nudge; the tail will find the news.")


def recent(*, limit: int = 40) -> list[FeedEvent]:
    """The newest listed events, newest first."""
    return list(FeedEvent.objects.filter(listed=True).order_by("-id")[:limit])


def about(*, limit: int = 200, **refs: UUID | None) -> list[FeedEvent]:
    """Listed events about any of `visitor`, `application`, `conversation`, `lead`, oldest first."""
    wanted = Q()
    for name, value in refs.items():
        wanted |= Q(**{name: value}) if value else Q()
    if not wanted:
        return []
    return list(FeedEvent.objects.filter(wanted, listed=True).order_by("-id")[:limit])[::-1]
