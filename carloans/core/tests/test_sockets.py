"""What the server holds against a socket, as far as no client is needed; `chat.tests.test_daphne` has the rest."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from carloans.core.sockets import GuardedSocket


def test_what_is_sent_to_a_client_that_has_gone_is_no_error() -> None:
    socket = GuardedSocket()
    for state in (GuardedSocket.STATE_CLOSING, GuardedSocket.STATE_CLOSED):
        socket.state = state
        socket.serverSend("late")


async def test_frames_that_nobody_will_handle_go_with_their_consumer() -> None:
    socket, frames = GuardedSocket(), asyncio.Queue[Any]()
    consumer = asyncio.ensure_future(asyncio.Event().wait())
    socket.server = SimpleNamespace(
        connections={socket: {"application_instance": consumer}}, log_action=lambda *said: None
    )
    socket.request, socket.client_addr = SimpleNamespace(path="/ws/chat/"), None
    socket.applicationCreateWorked(frames)
    for _ in range(3):
        socket.onMessage(b"x" * 1000, False)
    assert frames.qsize() == 4
    consumer.cancel()
    await asyncio.wait([consumer])
    assert frames.empty()
