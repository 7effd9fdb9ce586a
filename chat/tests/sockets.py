"""A customer's tab in tests: the real application behind Channels' communicator, and a scripted Cathy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from cathy.engine.provider import stand_in
from cathy.simulation.contract import Brain, Say, Turn
from cathy.simulation.model import SimulatedModel
from chat import protocol
from chat.routing import websocket_urlpatterns
from chat.tests.factories import ORIGIN, make_site

application = URLRouter(websocket_urlpatterns)
Frame = dict[str, Any]


class Tab:
    """One socket. Frames that nobody asked for yet are kept in `seen`."""

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket = socket
        self.seen: list[Frame] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(frame))

    async def next(self, seconds: float = 3) -> Frame:
        raw = await self.socket.receive_from(timeout=seconds)
        protocol.promised(raw)
        frame: Frame = json.loads(raw)
        self.seen.append(frame)
        return frame

    async def until(self, seconds: float = 5, **wanted: Any) -> Frame:
        """The next frame with these values."""
        async with asyncio.timeout(seconds):
            while True:
                frame = await self.next(seconds)
                if all(frame.get(name) == value for name, value in wanted.items()):
                    return frame

    async def say(self, text: str, **frame: Any) -> str:
        message = {"type": "message", "id": str(uuid4()), "text": text, **frame}
        await self.send(**message)
        return str(message["id"])

    async def close_code(self, seconds: float = 3) -> int:
        output = await self.socket.receive_output(seconds)
        while output["type"] != "websocket.close":
            output = await self.socket.receive_output(seconds)
        return int(output["code"])

    def messages(self) -> list[Frame]:
        ready = [frame for frame in self.seen if frame["type"] == "ready"]
        first = [message for frame in ready for message in frame["messages"]]
        return first + [frame for frame in self.seen if frame["type"] == "message"]


@asynccontextmanager
async def connected(
    site: str = "demo", origin: str = ORIGIN, headers: list[tuple[bytes, bytes]] | None = None
) -> AsyncIterator[Tab]:
    """A socket before its first frame."""
    named = [(b"origin", origin.encode()), (b"host", b"testserver"), *(headers or [])]
    socket = WebsocketCommunicator(application, f"/ws/chat/?site={site}", headers=named)
    await socket.connect()
    try:
        yield Tab(socket)
    finally:
        await socket.disconnect()


@asynccontextmanager
async def chatting(**hello: Any) -> AsyncIterator[tuple[Tab, Frame]]:
    """A tab that has said hello, and what it was told."""
    await sync_to_async(make_site)()
    async with connected() as tab:
        await tab.send(type="hello", **hello)
        yield tab, await tab.until(type="ready")


@contextmanager
def cathy_says(plan: Brain | str) -> Iterator[None]:
    """A model that follows a plan; the engine, the gate and the tools around it are the real ones."""
    text = plan if isinstance(plan, str) else ""

    def speak(turn: Turn) -> list[Any]:
        return [Say(text)]

    brain = speak if text else plan
    with stand_in("chat-main", SimulatedModel("chat-main", brain)):  # type: ignore[arg-type]
        yield
