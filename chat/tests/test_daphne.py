"""A real daphne, a real socket, a real kill: what was acknowledged is answered once, by whoever comes next."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).resolve().parents[2]
PREPARE = "import django; django.setup(); from chat.bench import prepare; prepare()"
pytestmark = pytest.mark.slow


class House:
    """A web process on a database of its own."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        keep = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = {
            **keep,
            "DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "carloans.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'agents'}",
            "PORT": str(self.port),
            "ENV_FILE": "",
        }
        self.web: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> None:
        subprocess.run([sys.executable, *command], env=self.environment, cwd=ROOT, check=True)

    def start(self) -> None:
        command = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(self.port), "carloans.asgi:application"]
        self.web = subprocess.Popen([sys.executable, *command], env=self.environment, cwd=ROOT)
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the web process did not start")

    def kill(self) -> None:
        assert self.web is not None
        self.web.send_signal(signal.SIGKILL)
        self.web.wait(60)

    def stop(self) -> None:
        if self.web and self.web.poll() is None:
            self.web.terminate()
            self.web.wait(60)

    def dial(self):
        return connect(f"ws://127.0.0.1:{self.port}/ws/chat/?site=bench", compression=None)


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.run("manage.py", "migrate", "-v0")
    made.run("-c", PREPARE)
    made.start()
    yield made
    made.stop()


async def until(wire, seconds: float = 120, **wanted):
    async with asyncio.timeout(seconds):
        while True:
            frame = json.loads(await wire.recv())
            if all(frame.get(name) == value for name, value in wanted.items()):
                return frame


@pytest.mark.enable_socket
async def test_a_killed_web_process_loses_no_question(house):
    async with house.dial() as wire:
        await wire.send('{"type":"hello"}')
        ready = await until(wire, type="ready")
        for number in range(3):
            message = {"type": "message", "id": str(uuid4()), "text": f"How does the soft check work, part {number}?"}
            await wire.send(json.dumps(message))
            await until(wire, type="ack", id=message["id"])
        house.kill()
    house.start()
    async with house.dial() as wire:
        await wire.send(json.dumps({"type": "hello", "ticket": ready["ticket"], "after": 0}))
        again = await until(wire, type="ready")
        messages = {one["seq"]: one for one in again["messages"]}
        assert [one["role"] for one in messages.values()].count("customer") == 3
        # The sweep of a worker would do this too; here the customer's own return must be enough.
        while max(one["seq"] for one in messages.values() if one["role"] == "cathy") < max(
            one["seq"] for one in messages.values() if one["role"] == "customer"
        ):
            await asyncio.sleep(1)
            frame = await answered(house, ready["ticket"])
            messages = {one["seq"]: one for one in frame["messages"]}
    numbers = sorted(messages)
    assert numbers == list(range(1, len(numbers) + 1))
    customers = [one["id"] for one in messages.values() if one["role"] == "customer"]
    assert len(customers) == len(set(customers)) == 3


async def answered(house, ticket: str):
    """The whole transcript, through a socket of its own; saying hello also wakes a question that waits."""
    async with house.dial() as wire:
        await wire.send(json.dumps({"type": "hello", "ticket": ticket, "after": 0}))
        return await until(wire, type="ready")


@pytest.mark.enable_socket
async def test_the_close_codes_reach_a_real_client(house):
    for first, code in (('{"type":"ping"}', 4400), ('{"type":"hello","ticket":"x"}', 4401)):
        async with house.dial() as wire:
            await wire.send(first)
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(wire.recv(), 120)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code


@pytest.mark.enable_socket
async def test_a_close_code_reaches_a_client_that_says_goodbye_at_the_same_moment(house):
    received = await asyncio.to_thread(crossing_goodbyes, house.port)
    assert (4400).to_bytes(2, "big") in received


def crossing_goodbyes(port: int) -> bytes:
    """A bad first frame; then a close of one's own before the server's is read. What was read in the end."""
    hello = (
        "GET /ws/chat/?site=bench HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    unmasked, text = bytes(4), b'{"type":"ping"}'
    with socket.create_connection(("127.0.0.1", port), timeout=120) as wire:
        wire.sendall(hello.encode())
        accepted = b""
        while b"\r\n\r\n" not in accepted:
            accepted += wire.recv(1)
        wire.sendall(bytes([0x81, 0x80 | len(text)]) + unmasked + text)
        # As soon as the server's close frame lies there unread.
        wire.recv(1, socket.MSG_PEEK)
        wire.sendall(bytes([0x88, 0x82]) + unmasked + (1000).to_bytes(2, "big"))
        time.sleep(0.5)
        received = b""
        while piece := wire.recv(4096):
            received += piece
        return received


@pytest.mark.enable_socket
def test_a_body_that_declares_no_length_is_cut_all_the_same(house):
    pieces = [b'{"site":"bench","lang":"en","pad":"', *[b"x" * 10_000] * 10, b'"}']
    for path, code in (("/api/v1/conversations", "too_long"), ("/api/v1/events", "too_large")):
        wire = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
        wire.request("POST", path, iter(pieces), {"Content-Type": "application/json"}, encode_chunked=True)
        answer = wire.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, code)
        wire.close()
