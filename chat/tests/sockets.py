"""A customer's tab in tests: the real application behind Channels' communicator, and a scripted Cathy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
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
#: What should come is waited for on the busiest machine; a test that needs so long has failed.
PATIENCE_S = 60.0


class Socket(WebsocketCommunicator):
    """The library's own waits are of a second, which a busy machine does not always keep."""

    async def connect(self, seconds: float = PATIENCE_S) -> tuple[bool, int | None]:
        connected, code = await super().connect(seconds)
        return connected, code

    async def receive_output(self, seconds: float = PATIENCE_S) -> dict[str, Any]:
        output: dict[str, Any] = await super().receive_output(seconds)
        return output

    async def receive_from(self, seconds: float = PATIENCE_S) -> Any:
        return await super().receive_from(seconds)

    async def receive_json_from(self, seconds: float = PATIENCE_S) -> Any:
        return await super().receive_json_from(seconds)

    async def disconnect(self, code: int = 1000, seconds: float = PATIENCE_S) -> None:
        await super().disconnect(code, seconds)


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110  most of it is in the database, which tells nobody
            await asyncio.sleep(0.01)


class Tab:
    """One socket. Frames that nobody asked for yet are kept in `seen`."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.seen: list[Frame] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(frame))

    async def next(self) -> Frame:
        raw = await self.socket.receive_from()
        protocol.promised(raw)
        frame: Frame = json.loads(raw)
        self.seen.append(frame)
        return frame

    async def until(self, **wanted: Any) -> Frame:
        """The next frame with these values."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.next()
                if all(frame.get(name) == value for name, value in wanted.items()):
                    return frame

    async def say(self, text: str, **frame: Any) -> str:
        message = {"type": "message", "id": str(uuid4()), "text": text, **frame}
        await self.send(**message)
        return str(message["id"])

    async def close_code(self) -> int:
        output = await self.socket.receive_output()
        while output["type"] != "websocket.close":
            output = await self.socket.receive_output()
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
    socket = Socket(application, f"/ws/chat/?site={site}", headers=named)
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


class Halting(SimulatedModel):
    """Says its first sentence, and the rest when it is told to: no turn ends before the test has done its part."""

    def __init__(self, text: str) -> None:
        super().__init__("chat-main", lambda turn: [Say(text)])
        self.go = asyncio.Event()

    async def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        async for event in super().stream_response(*args, **kwargs):
            yield event
            if getattr(event, "delta", "").rstrip().endswith("."):
                await self.go.wait()


@contextmanager
def cathy_halts(text: str) -> Iterator[Halting]:
    model = Halting(text)
    with stand_in("chat-main", model):
        yield model


@contextmanager
def cathy_says(plan: Brain | str) -> Iterator[None]:
    """A model that follows a plan; the engine, the gate and the tools around it are the real ones."""
    text = plan if isinstance(plan, str) else ""

    def speak(turn: Turn) -> list[Any]:
        return [Say(text)]

    brain = speak if text else plan
    with stand_in("chat-main", SimulatedModel("chat-main", brain)):  # type: ignore[arg-type]
        yield
