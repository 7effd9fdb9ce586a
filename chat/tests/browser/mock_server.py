"""A small server that speaks the chat socket of docs/chat-socket.md and does what a test tells it to.

It serves the widget under a strict content policy on a bare page of its own, keeps every frame that it gets, and lets a
test cut the line, hold back acknowledgements or push any frame. Run as a program it plays a short scripted talk, to
look at the widget without the rest of the system: `python -m chat.tests.browser.mock_server`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib.staticfiles import finders
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Frame = dict[str, Any]
QUIET = logging.getLogger("chat.mock_server")
QUIET.setLevel(logging.ERROR)
PAGES = Path(__file__).parent / "pages"
TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}
DISCLOSURE = {
    "en": "Cathy is an AI assistant, not a person. Ask for a person at any time.",
    "es": "Cathy es una asistente de IA, no una persona. Puede pedir una persona en cualquier momento.",
}


@dataclass
class MockChat:
    """One conversation, open to every ticket that it gave out."""

    on_message: Callable[[MockChat, Frame], Coroutine[Any, Any, None]] | None = None
    conversation: str = field(default_factory=lambda: str(uuid4()))
    messages: list[Frame] = field(default_factory=list)
    received: list[Frame] = field(default_factory=list)
    owner: str = "ai"
    mode: str = "simulated"
    #: Stored but not told; the line dies in between.
    hold_acks: bool = False
    #: Neither stored nor told.
    deaf: bool = False
    #: No socket can be opened.
    down: bool = False
    #: Close code for the next hello.
    refuse_hello: int = 0
    #: Error frame for the next message or press.
    refuse_next: Frame | None = None
    port: int = 0
    tickets: set[str] = field(default_factory=set)
    sockets: set[ServerConnection] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: Server | None = None

    # --- what a test says, from its own thread

    def start(self, port: int = 0) -> None:
        """Serve on a free port of the loopback until `stop`."""
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._run(self._open(port))

    def stop(self) -> None:
        assert self._server
        self._server.close()
        self._run(self._server.wait_closed())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def push(self, frame: Frame) -> None:
        """Send a frame to every open page."""
        self._run(self.broadcast(frame))

    def say(self, text: str, *, role: str = "cathy", name: str = "Cathy", **more: Any) -> Frame:
        """Store a message and send it to every open page."""
        frame = self.store(role=role, name=name, text=text, **more)
        self.push(frame)
        return frame

    def update(self, message: Frame) -> None:
        """Send a stored message again, as the server does after its card was pressed."""
        self.push(message)

    def drop(self, code: int = 1012) -> None:
        """Close every line."""
        self._run(self._drop(code))

    def frames(self, kind: str) -> list[Frame]:
        return [frame for frame in self.received if frame["type"] == kind]

    def wait_for(self, kind: str, count: int = 1, seconds: float = 30.0) -> list[Frame]:
        """The frames of this kind, as soon as there are `count` of them."""
        until = time.monotonic() + seconds
        while len(self.frames(kind)) < count:
            assert time.monotonic() < until, f"{len(self.frames(kind))} of {count} {kind} frames in {seconds} s"
            time.sleep(0.02)
        return self.frames(kind)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # --- the server, on its own thread

    def store(self, *, role: str, name: str, text: str, **more: Any) -> Frame:
        """The next message of the conversation."""
        frame = {"type": "message", "id": str(uuid4()), "seq": len(self.messages) + 1, "at": "2026-11-23T15:04:05Z"}
        frame |= {"role": role, "name": name, "text": text} | more
        self.messages.append(frame)
        return frame

    async def broadcast(self, frame: Frame) -> None:
        for socket in list(self.sockets):
            await socket.send(json.dumps(frame))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    async def _open(self, port: int) -> None:
        self._server = await serve(self._talk, "127.0.0.1", port, process_request=self._page, logger=QUIET)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def _drop(self, code: int) -> None:
        await asyncio.gather(*(socket.close(code) for socket in list(self.sockets)))

    async def _talk(self, socket: ServerConnection) -> None:
        try:
            if not await self._greet(socket):
                return
            async for raw in socket:
                await self._take(socket, json.loads(raw))
        except ConnectionClosed:
            pass
        finally:
            self.sockets.discard(socket)

    async def _greet(self, socket: ServerConnection) -> bool:
        hello = json.loads(await socket.recv())
        self.received.append(hello)
        if self.refuse_hello or ("ticket" in hello and hello["ticket"] not in self.tickets):
            await socket.close(self.refuse_hello or 4401)
            return False
        await socket.send(json.dumps(self._ready(hello)))
        self.sockets.add(socket)
        return True

    def _ready(self, hello: Frame) -> Frame:
        ticket = f"ticket-{len(self.tickets) + 1}"
        self.tickets.add(ticket)
        lang = hello.get("lang") or "en"
        missing = [message for message in self.messages if message["seq"] > hello["after"]]
        return {
            "type": "ready",
            "conversation": self.conversation,
            "visitor": hello.get("visitor") or "5f0c7a52-3f6b-4a63-9a8e-0d4f0e2d9b11",
            "ticket": ticket,
            "owner": self.owner,
            "ai_disclosure": DISCLOSURE["es" if lang.startswith("es") else "en"],
            "mode": self.mode,
            "lang": lang,
            "messages": missing,
            "seq": len(self.messages),
        }

    async def _take(self, socket: ServerConnection, frame: Frame) -> None:
        self.received.append(frame)
        if frame["type"] == "ping":
            await socket.send(json.dumps({"type": "pong"}))
        elif frame["type"] in {"message", "action"} and not self.deaf:
            await self._settle(socket, frame)

    async def _settle(self, socket: ServerConnection, frame: Frame) -> None:
        if self.refuse_next:
            refusal, self.refuse_next = self.refuse_next, None
            await socket.send(json.dumps({"type": "error", "id": frame["id"], **refusal}))
            return
        stored, is_new = self._stored(frame)
        if self.hold_acks:
            return
        await socket.send(json.dumps({"type": "ack", "id": frame["id"], "seq": stored["seq"]}))
        if is_new:
            await self.broadcast(stored)
        if self.on_message:
            await self.on_message(self, frame)

    def _stored(self, frame: Frame) -> tuple[Frame, bool]:
        """The message that this frame means: the same id is stored once."""
        if frame["type"] == "action":
            return next(m for m in self.messages if m.get("card", {}).get("id") == frame["card"]), False
        known = [message for message in self.messages if message["id"] == frame["id"]]
        if known:
            return known[0], False
        return self.store(role="customer", name="", text=frame["text"], id=frame["id"], status="delivered"), True

    def _page(self, _socket: ServerConnection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/ws/chat/":
            return self._answer(503, b"", "text/plain") if self.down else None
        file = _file(path)
        if file is None or not file.is_file():
            return self._answer(404, b"", "text/plain")
        return self._answer(200, file.read_bytes(), TYPES[file.suffix])

    def _answer(self, status: int, body: bytes, kind: str) -> Response:
        own, socket = self.origin, f"ws://127.0.0.1:{self.port}"
        policy = f"default-src 'none'; script-src 'self' {own}; style-src 'self'; connect-src 'self' {own} {socket}"
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body))}
        headers |= {"Content-Security-Policy": policy, "Access-Control-Allow-Origin": "*", "Connection": "close"}
        return Response(status, "", Headers(headers), body)


def _file(path: str) -> Path | None:
    """A file of the page, or of the widget as the program serves it."""
    if not path.startswith("/static/"):
        return PAGES / (path[1:] or "index.html")
    found = finders.find(path.removeprefix("/static/"))
    return Path(str(found)) if found else None


async def talk(chat: MockChat, frame: Frame) -> None:
    """A scripted answer, streamed sentence by sentence."""
    if frame["type"] != "message":
        return
    reply = "Of course. Your application is saved, so nothing is lost. Which step made you stop?"
    message = str(uuid4())
    await chat.broadcast({"type": "typing", "who": "cathy", "on": True})
    await asyncio.sleep(0.8)
    for sentence in reply.split(" "):
        await chat.broadcast({"type": "delta", "id": message, "text": sentence + " "})
        await asyncio.sleep(0.05)
    await chat.broadcast(chat.store(role="cathy", name="Cathy", text=reply, id=message))


if __name__ == "__main__":
    demo = MockChat(on_message=talk)
    demo.store(role="cathy", name="Cathy", text="Hi, I'm Cathy, an AI assistant. How can I help?")
    demo.start(port=8765)
    threading.Event().wait()
