"""Telling waiting customers of their place while the queue moves.

One line for each event loop: it listens while rooms are open here whose customer waits or has waited, hears of every
conversation that changes its owner anywhere, and then reads the queue once for all of them. However fast people are
called, it looks at most once in `PLACE_EVERY_SECONDS`. A listener says nothing of a place that it has told already.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID
from weakref import WeakKeyDictionary

from asgiref.sync import ThreadSensitiveContext

from carloans.core import tail
from carloans.core.clock import utc_now
from cathy.engine import db
from chat import limits, staffing
from chat.staffing import Place

log = logging.getLogger(__name__)
_TOPIC = "room:chat"
#: Tells one conversation's listeners here of their place.
Tell = Callable[[Place], Awaitable[None]]


class Line:
    """Those who wait in this process. Use `watch` and `leave` of this module."""

    def __init__(self) -> None:
        self.waiting: dict[UUID, Tell] = {}
        self._queue: tail.Queue = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def watch(self, conversation_id: UUID, tell: Tell) -> None:
        self.waiting[conversation_id] = tell
        await tail.subscribe(_TOPIC, self._queue)
        if not self.waiting:
            # They have gone while we came to listen.
            tail.unsubscribe(_TOPIC, self._queue)
        elif self._task is None:
            # Of a context of its own: it outlives the socket that happened to start it.
            self._task = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())

    def leave(self, conversation_id: UUID) -> None:
        if self.waiting.pop(conversation_id, None) is None or self.waiting:
            return
        tail.unsubscribe(_TOPIC, self._queue)
        if self._task:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        async with ThreadSensitiveContext():
            while True:
                await self._moved()
                try:
                    await self._tell()
                except Exception as error:
                    log.error("Places in the queue could not be told: %s", type(error).__name__)
                await asyncio.sleep(limits.PLACE_EVERY_SECONDS)

    async def _moved(self) -> None:
        """Return when a conversation has changed its owner; what else came in the meantime is dealt with, too."""
        moved = False
        while not moved or not self._queue.empty():
            event = await self._queue.get()
            moved = moved or event["kind"] == "chat.owner"

    async def _tell(self) -> None:
        places = await db(staffing.places_of)(conversation_ids=set(self.waiting), now=utc_now())
        for conversation_id, place in places.items():
            if tell := self.waiting.get(conversation_id):
                await tell(place)


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()


async def watch(conversation_id: UUID, tell: Tell) -> None:
    """Have `tell` called when the queue has moved, until `leave`; on return no move that is committed from now on is
    missed."""
    await _lines.setdefault(asyncio.get_running_loop(), Line()).watch(conversation_id, tell)


def leave(conversation_id: UUID) -> None:
    """Nobody here listens to this conversation any more; nothing when nobody waited in it."""
    if line := _lines.get(asyncio.get_running_loop()):
        line.leave(conversation_id)
