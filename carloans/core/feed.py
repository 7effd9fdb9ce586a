"""Publishing what happened: a row in the caller's transaction; on commit the browsers' processes are nudged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from carloans.core import nudges
from carloans.core.composed import Insert
from carloans.core.models import FeedEvent

_insert = Insert(FeedEvent)


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
    event = FeedEvent(
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
    _insert(event)
    transaction.on_commit(nudges.send)
    return event


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


def about_any(*, limit: int = 200, **refs: Collection[UUID]) -> list[FeedEvent]:
    """The newest listed events about any of several visitors, applications, conversations or leads, newest first."""
    wanted = Q()
    for name, values in refs.items():
        wanted |= Q(**{f"{name}__in": list(values)}) if values else Q()
    if not wanted:
        return []
    return list(FeedEvent.objects.filter(wanted, listed=True).order_by("-id")[:limit])
