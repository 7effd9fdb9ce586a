"""An application that sends and sends, as a long transcript to a client that does not read; for daphne."""

from __future__ import annotations

from typing import Any

from carloans.core import sockets

sockets.install()
sockets.UNREAD_SECONDS = 1.0  # type: ignore[misc]
sockets.MOST_UNREAD = 2 * 1024 * 1024  # type: ignore[misc]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Accepts, and answers "echo" with itself, "some" with 1 MiB and "more" with 16 MiB, in pieces."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event["text"] == "echo":
            await send({"type": "websocket.send", "text": "echo"})
            continue
        for _ in range(64 if event["text"] == "some" else 1024):
            await send({"type": "websocket.send", "text": "x" * 16_384})
