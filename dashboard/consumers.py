"""The operations room's socket: the feed as it happens. The pages fetch their figures anew when news comes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from carloans.core import tail

NOT_SIGNED_IN = 4401
MOST_WAITING = 1000


class OpsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Staff only. Sends {"type": "event", …} for every listed feed event."""

    pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        user = self.scope.get("user")
        await self.accept()
        if user is None or not user.is_active or not user.is_staff:
            await self.close(NOT_SIGNED_IN)
            return
        self.queue: tail.Queue = asyncio.Queue()
        await tail.subscribe("ops", self.queue)
        self.pump = asyncio.create_task(self._pump())

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

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """The page only asks whether the line is alive."""
        await self.send_json({"type": "pong"})

    async def disconnect(self, code: int) -> None:
        if self.pump:
            tail.unsubscribe("ops", self.queue)
            self.pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.pump
