"""The load on a chat socket or an echo: `python -m chat.bench.talking PLAN`."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from chat.bench import driving

#: Fewer than the burst limit within its window, so that no conversation is held back.
MESSAGES, WINDOW = 4, 2.1
QUESTIONS = (
    "How does the soft credit check work?",
    "I was looking at a used truck, can you help me go on?",
    "What do I need to finish my application?",
    "My credit is not great. Is it still worth trying?",
    "How long does it take until I hear from a dealer?",
    "Is this going to hurt my score?",
    "Can I trade in my old car?",
    "Hi there, I am back",
)


class Chat:
    """One customer who asks, and reads the whole reply; a new one comes when the burst limit is near."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: ClientConnection | None = None
        self._sent: list[float] = []

    async def open(self) -> None:
        if self._wire:
            await self._wire.close()
        address = f"ws://127.0.0.1:{self._port}/ws/chat/?site=bench"
        self._wire = await connect(address, compression=None, open_timeout=60, ping_interval=None)
        await self._wire.send('{"type":"hello"}')
        while (await self._next())["type"] != "ready":
            pass
        self._sent = []

    async def _next(self) -> dict[str, Any]:
        assert self._wire is not None  # noqa: S101  opened before it is asked
        frame: dict[str, Any] = json.loads(await self._wire.recv())
        return frame

    async def ask(self) -> dict[str, float]:
        self._sent = [moment for moment in self._sent if moment > time.perf_counter() - WINDOW]
        if len(self._sent) >= MESSAGES:
            await self.open()
        assert self._wire is not None  # noqa: S101  opened before it is asked
        question = random.choice(QUESTIONS)  # noqa: S311  no secret
        sent = time.perf_counter()
        self._sent.append(sent)
        await self._wire.send(json.dumps({"type": "message", "id": str(uuid4()), "text": question}))
        moments = {"sent": sent}
        while True:
            frame = await self._next()
            self._note(frame, moments)
            if frame["type"] == "typing" and not frame["on"]:
                return moments

    def _note(self, frame: dict[str, Any], moments: dict[str, float]) -> None:
        kind = frame["type"]
        if kind == "error" or (kind == "owner" and frame["owner"] == "queue"):
            raise RuntimeError(f"The chat answered with {kind} {frame.get('code', '')}.")
        if kind == "ack":
            moments["ack"] = time.perf_counter()
        elif kind == "delta":
            moments.setdefault("first_text", time.perf_counter())
        elif kind == "message" and frame["role"] == "cathy":
            moments["reply"] = time.perf_counter()


class Echo:
    """One client of an echo."""

    def __init__(self, port: int, path: str) -> None:
        self._address = f"ws://127.0.0.1:{port}{path}"
        self._wire: ClientConnection | None = None

    async def open(self) -> None:
        self._wire = await connect(self._address, compression=None, open_timeout=60, ping_interval=None)

    async def ask(self) -> dict[str, float]:
        assert self._wire is not None  # noqa: S101  opened before it is asked
        sent = time.perf_counter()
        await self._wire.send(json.dumps({"type": "message", "id": str(uuid4()), "text": QUESTIONS[0]}))
        await self._wire.recv()
        return {"sent": sent, "echo": time.perf_counter()}


def make(number: int, plan: dict[str, Any]) -> driving.Client:
    """The client with this number: sockets are spread over the web processes as a proxy would."""
    port = plan["ports"][number % len(plan["ports"])]
    return Chat(port) if plan["kind"] == "chat" else Echo(port, plan["path"])


if __name__ == "__main__":
    driving.main(make)
