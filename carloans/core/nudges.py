"""Waking the tails: those of this process at once, those of others through the channel layer.

The one who has just committed does not wait for Redis: a thread of its own passes nudges on, and nudges that come while
one is on its way become one. A lost nudge only delays: each tail asks the database on its own interval.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading

from channels.layers import get_channel_layer
from django.conf import settings

from carloans.core import tail

logger = logging.getLogger(__name__)

#: A channel layer that takes longer is given up for this time.
PATIENCE_SECONDS = 2.0


class _Messenger:
    """A thread with an event loop, because the layer's connections live in the loop that opened them."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._wanted = asyncio.Event()
        threading.Thread(target=self._loop.run_until_complete, args=[self._work()], daemon=True, name="nudges").start()

    def send(self) -> None:
        self._loop.call_soon_threadsafe(self._wanted.set)

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await get_channel_layer().group_send(tail.GROUP, {"type": "news"})
            except Exception as error:
                logger.warning("The channel layer did not take a nudge (%s).", type(error).__name__)


_messengers: list[_Messenger] = []
_lock = threading.Lock()


def _messenger() -> _Messenger:
    """This process's own: a thread does not survive a fork."""
    with _lock:
        if not _messengers or _messengers[0].pid != os.getpid():
            _messengers[:] = [_Messenger()]
        return _messengers[0]


def send() -> None:
    """Say that there is news in the database; safe from any thread, returns at once."""
    tail.wake()
    if settings.REDIS_URL:
        _messenger().send()
