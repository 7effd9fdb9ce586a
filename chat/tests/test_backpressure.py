"""What the server holds against a client that does not read, or sends more than anybody could handle."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import sys
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from chat.bench import servers
from chat.tests import drill
from chat.tests.sockets import eventually

#: The kernel's number of a connection that is no more (include/net/tcp_states.h).
TCP_CLOSE = 7
pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture
async def flood(tmp_path):
    port = servers.free_port()
    command = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "chat.tests.flood:application"]
    process = drill.Process([sys.executable, *command], servers.environment(str(tmp_path)), port)
    process.start()
    await process.answers()
    yield process
    process.kill()


def deaf_client(port: int) -> socket.socket:
    """A client that says one thing and then never reads."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    wire.sendall(
        f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in wire.recv(1000)
    wire.sendall(b"\x81\x84\x00\x00\x00\x00more")
    return wire


def was_reset(wire: socket.socket) -> bool:
    """Whether the server has given it up. Asked of the system: to read would be to listen after all."""
    return wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_CLOSE


async def test_a_client_that_does_not_read_does_not_cost_memory(flood):
    before = flood.memory_kb()
    deaf = [await asyncio.to_thread(deaf_client, flood.port) for _ in range(8)]
    most = before

    async def are_given_up() -> bool:
        nonlocal most
        most = max(most, flood.memory_kb())
        return all(was_reset(wire) for wire in deaf)

    await eventually(are_given_up)
    # 8 x 16 MiB would be 128 MiB; each may keep 2 MiB until it is given up.
    assert most - before < 40 * 1024
    for wire in deaf:
        wire.close()


async def test_a_client_that_reads_gets_everything(flood):
    async with connect(f"ws://127.0.0.1:{flood.port}/", compression=None, max_size=None) as wire:
        await wire.send("some")
        got = 0
        while got < 1024 * 1024:
            got += len(await asyncio.wait_for(wire.recv(), 120))
        await wire.send("echo")
        assert await asyncio.wait_for(wire.recv(), 120) == "echo"


async def test_a_message_beyond_the_servers_limit_closes_1009(flood):
    async with connect(f"ws://127.0.0.1:{flood.port}/", compression=None) as wire:
        with suppress(ConnectionClosed):
            await wire.send("x" * 70_000)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(wire.recv(), 120)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
