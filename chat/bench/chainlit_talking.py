"""The load on Chainlit, for Chainlit's own interpreter: `python chainlit_talking.py PLAN`."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import socketio

sys.path.insert(0, str(Path(__file__).resolve().parent))
import driving  # type: ignore[import-not-found]


class Copilot:
    """One browser of Chainlit's own kind."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._socket = socketio.AsyncClient(reconnection=False)
        self._answers: asyncio.Queue[float] = asyncio.Queue()
        self._socket.on("new_message", self._hear)

    async def _hear(self, message: dict[str, Any]) -> None:
        if message.get("type") == "assistant_message":
            self._answers.put_nowait(time.perf_counter())

    async def open(self) -> None:
        auth = {"sessionId": str(uuid.uuid4()), "clientType": "webapp"}
        await self._socket.connect(
            self._address, auth=auth, socketio_path="/ws/socket.io", transports=["websocket"], wait_timeout=60
        )
        await self._socket.emit("connection_successful")

    async def ask(self) -> dict[str, float]:
        sent = time.perf_counter()
        message = {
            "id": str(uuid.uuid4()), "threadId": "", "name": "user", "type": "user_message",
            "output": "How does the soft credit check work?", "createdAt": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})
        return {"sent": sent, "echo": await self._answers.get()}


if __name__ == "__main__":
    driving.main(lambda number, plan: Copilot(plan["ports"][0]))
