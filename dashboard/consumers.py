"""The operations room's socket: the feed as it happens. The pages fetch their figures anew when news comes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from carloans.core import tail
from carloans.core.clock import utc_now
from dashboard import access
from dashboard.following import KINDS, Following

NOT_SIGNED_IN = 4401
MOST_WAITING = 1000
#: How often an open socket asks whether its session still holds.
ASK_AGAIN_SECONDS = 5.0


class OpsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Staff who may see the room. Sends {"type": "event", …} for every listed feed event, while the session holds, and
    {"type": "chat", …} for what a page of the inbox follows."""

    pump: asyncio.Task[None] | None = None
    watch: asyncio.Task[None] | None = None
    chat_pump: asyncio.Task[None] | None = None
    following: Following
    user: Any = None

    async def connect(self) -> None:
        if not await self._may_listen():
            # Only a line that was accepted can say why it closes.
            await self.accept()
            await self.close(NOT_SIGNED_IN)
            return
        self.queue: tail.Queue = asyncio.Queue()
        await tail.subscribe("ops", self.queue)
        await self.accept()
        self.chat_queue: tail.Queue = asyncio.Queue()
        works = await self._may_work()
        self.following = Following(self.chat_queue, staff_id=self.user.pk, works=works)
        self.watch = asyncio.create_task(self._watch())
        self.chat_pump = asyncio.create_task(self._pump_chat())
        self.pump = asyncio.create_task(self._pump())

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _may_listen(self) -> bool:
        """Asked of the database, because a session ends elsewhere: in another browser, by an administrator, by age."""
        self.user = access.socket_user(self.scope, now=utc_now())
        return self.user is not None and self.user.has_perm("dashboard.view_room")

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _may_work(self) -> bool:
        return bool(self.user.has_perm("dashboard.work_conversations"))

    async def _watch(self) -> None:
        await asyncio.sleep(ASK_AGAIN_SECONDS)
        while await self._may_listen():  # noqa: ASYNC110  the news is in the database, not in this process
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        await self.close(NOT_SIGNED_IN)

    async def _pump(self) -> None:
        """Forward events; a reader that is too slow to keep up is told to reload instead of filling the memory."""
        while True:
            event = await self.queue.get()
            if self.queue.qsize() > MOST_WAITING:
                while not self.queue.empty():
                    self.queue.get_nowait()
                await self.send_json({"type": "reload"})
                continue
            await self.send_json({"type": "event", **event})

    async def _pump_chat(self) -> None:
        """Forward the news of what the page follows; too many at once become one word: look at everything."""
        while True:
            event = await self.chat_queue.get()
            if self.chat_queue.qsize() > MOST_WAITING:
                while not self.chat_queue.empty():
                    self.chat_queue.get_nowait()
                await self.send_json({"type": "reload"})
            elif event["kind"] in KINDS:
                told = {name: event[name] for name in ("id", "kind", "conversation", "data", "at")}
                await self.send_json({"type": "chat", **told})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """What a page of the inbox follows and tells; any other word only asks whether the line is alive."""
        if self.pump is None or not isinstance(content, dict) or not await self.following.hear(content):
            await self.send_json({"type": "pong"})

    async def disconnect(self, code: int) -> None:
        if self.pump:
            tail.unsubscribe("ops", self.queue)
            await self.following.leave()
        for task in (self.pump, self.watch, self.chat_pump):
            if task:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
