"""The tail: how a web process learns what other processes wrote.

One task per process asks the database, in one indexed query per interval, for events newer than those that it has
shown, and hands them to local subscribers. PostgreSQL may commit a lower id after a higher one: ids that were skipped
are asked for again for some seconds. With Redis a nudge makes it ask at once; without, `wake()` does for events of
the same process. One mechanism, both modes.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import time
from collections import defaultdict
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections
from django.db.models import Q

from carloans.core.models import FeedEvent

logger = logging.getLogger(__name__)

GROUP = "carloans.news"
LOOK_BACK_SECONDS = 10.0
PAGE = 500
#: Between two looks: under load one query then brings the news of many.
PAUSE_SECONDS = 0.04
#: A channel layer that broke is asked again after this time.
RETRY_SECONDS = 1.0
MOST_GAPS = 200

Queue = asyncio.Queue[dict[str, Any]]


def _topics(event: FeedEvent) -> list[str]:
    topics = ["ops"] if event.listed else []
    topics.append(f"room:{event.room}")
    return [*topics, *([f"conversation:{event.conversation}"] if event.conversation else [])]


def _as_dict(event: FeedEvent) -> dict[str, Any]:
    refs = {name: str(getattr(event, name) or "") for name in ("visitor", "application", "conversation", "lead")}
    return {
        "id": event.pk,
        "kind": event.kind,
        "room": event.room,
        "severity": event.severity,
        "summary": event.summary,
        "data": event.data,
        "at": event.at.isoformat(),
        **refs,
    }


class Tail:
    """One per event loop. Use `subscribe` and `unsubscribe` of this module."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.subscribers: dict[str, set[Queue]] = defaultdict(set)
        self.news = asyncio.Event()
        self.high = -1
        self.gaps: dict[int, float] = {}
        self.task: asyncio.Task[None] | None = None
        self.listener: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self.task and not self.task.done():
            return
        if self.high < 0:
            self.high = await sync_to_async(_newest_id)()
        # Of a context of their own: in that of the request which happened to start them, reading the database would
        # need that request's thread, which is gone when the request has been answered.
        self.task = self.loop.create_task(self._run(), context=contextvars.Context())
        if settings.REDIS_URL:
            self.listener = self.loop.create_task(self._listen(), context=contextvars.Context())

    async def _run(self) -> None:
        # A thread of its own: the looks must not queue behind the work of the sockets.
        async with ThreadSensitiveContext():
            while any(self.subscribers.values()):
                await self._look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), settings.TAIL_SECONDS)
                self.news.clear()
        if self.listener:
            self.listener.cancel()
        self.high, self.gaps = -1, {}

    async def _look(self) -> None:
        try:
            await self.poll()
        except Exception as error:
            logger.error("The tail could not read the feed (%s); it tries again.", type(error).__name__)
            await asyncio.sleep(1)
        await asyncio.sleep(PAUSE_SECONDS)

    async def poll(self) -> None:
        """Hand every event that was not shown yet to its subscribers, in order of id."""
        for event in await sync_to_async(_newer)(self.high, list(self.gaps)):
            self._note(event.pk)
            self._hand_out(event)
        horizon = time.monotonic() - LOOK_BACK_SECONDS
        self.gaps = {pk: since for pk, since in self.gaps.items() if since > horizon}

    def _note(self, pk: int) -> None:
        """Advance, and remember the ids that were jumped over: they may still be on their way to a commit."""
        if self.gaps.pop(pk, None) is not None:
            return
        skipped = range(max(self.high + 1, pk - MOST_GAPS), pk)
        self.gaps |= dict.fromkeys(skipped, time.monotonic())
        self.high = pk

    def _hand_out(self, event: FeedEvent) -> None:
        content = _as_dict(event)
        for topic in _topics(event):
            for queue in self.subscribers.get(topic, ()):
                queue.put_nowait(content)

    async def _listen(self) -> None:
        """Turn the channel layer's nudges into wake-ups; while it is away the interval remains."""
        while True:
            try:
                await self._hear()
            except Exception as error:
                logger.warning("The channel layer is out of reach (%s).", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        while True:
            await layer.receive(channel)
            self.news.set()


def _newest_id() -> int:
    close_old_connections()
    try:
        newest = FeedEvent.objects.order_by("-id").values_list("id", flat=True).first()
        return int(newest or 0)
    finally:
        close_old_connections()


#: In words of its own: the ORM would take longer to compose it than the database to answer, many times a second.
_NEWER = f"SELECT * FROM {FeedEvent._meta.db_table} WHERE id > %s ORDER BY id LIMIT %s"  # noqa: S608  our own table


def _newer(high: int, gaps: list[int]) -> list[FeedEvent]:
    close_old_connections()
    try:
        if not gaps:
            return list(FeedEvent.objects.raw(_NEWER, [high, PAGE]))
        return list(FeedEvent.objects.filter(Q(id__gt=high) | Q(id__in=gaps)).order_by("id")[:PAGE])
    finally:
        close_old_connections()


_tails: dict[asyncio.AbstractEventLoop, Tail] = {}


async def subscribe(topic: str, queue: Queue) -> None:
    """Put every later event of the topic ("ops", "room:<name>" or "conversation:<uuid>") on the queue, as a dict."""
    tail = _tails.setdefault(asyncio.get_running_loop(), Tail())
    tail.subscribers[topic].add(queue)
    await tail.start()


def unsubscribe(topic: str, queue: Queue) -> None:
    """Stop; the tail itself rests when nobody listens."""
    tail = _tails.get(asyncio.get_running_loop())
    if tail:
        tail.subscribers[topic].discard(queue)
        if not tail.subscribers[topic]:
            del tail.subscribers[topic]


def wake() -> None:
    """Make the tails of this process look at once; safe from any thread."""
    for loop, tail in list(_tails.items()):
        if loop.is_closed():
            _tails.pop(loop, None)
            continue
        loop.call_soon_threadsafe(tail.news.set)
