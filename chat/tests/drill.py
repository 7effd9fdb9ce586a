"""What the drills share: a wire that is cut at will, a customer who comes back, and processes that can be killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from chat.bench import servers

Frame = dict[str, Any]
LOST = (OSError, WebSocketException, EOFError, TimeoutError)


class Wire:
    """A TCP proxy. `cut_after` names how many bytes its next connection carries in one direction before it breaks."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.port = 0
        self.away = False
        self.cuts: list[tuple[str, int]] = []
        self.cut_count = 0
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Break every connection now."""
        for pair in list(self._pairs):
            self._break(pair)

    def cut_some(self, chance: random.Random) -> None:
        """Break about a third of them."""
        for pair in list(self._pairs):
            if chance.random() < 0.34:
                self._break(pair)

    def _break(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self._pairs.discard(pair)
        for writer in pair:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        self._pairs.add(pair)
        way, most = self.cuts.pop() if self.cuts else ("", 0)
        await asyncio.gather(
            self._pump(reader, far_writer, pair, most if way == "up" else None),
            self._pump(far_reader, writer, pair, most if way == "down" else None),
        )

    async def _pump(self, reader: Any, writer: Any, pair: Any, most: int | None) -> None:
        carried = 0
        with suppress(*LOST, asyncio.CancelledError):
            while data := await reader.read(65536):
                if most is not None and carried + len(data) > most:
                    writer.write(data[: most - carried])
                    await writer.drain()
                    self.cut_count += 1
                    break
                carried += len(data)
                writer.write(data)
                await writer.drain()
        self._break(pair)


class Customer:
    """A browser as the widget is one: resends what was not acknowledged, comes back with what it holds."""

    def __init__(self, dial: Callable[[], str], chance: random.Random) -> None:
        self._dial, self._chance = dial, chance
        self.ticket = ""
        self.conversation = ""
        self.messages: dict[int, Frame] = {}
        self.unacknowledged: dict[str, str] = {}
        self.owner = ""
        #: The number of the newest message that was acknowledged; its own frame comes a moment later.
        self.asked = 0
        self.typing = False
        self.doubles = 0
        self.faults: list[Frame] = []
        self.codes: list[int] = []
        self._wire: Any = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Customer:
        self._task = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *args: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def after(self) -> int:
        """The last number that is held without a gap."""
        number = 0
        while number + 1 in self.messages:
            number += 1
        return number

    async def say(self, text: str) -> None:
        frame_id = str(uuid4())
        self.unacknowledged[frame_id] = text
        await self._send(frame_id)

    async def until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not done():
                self._news.clear()
                await self._news.wait()

    def is_answered(self) -> bool:
        """All that was said is stored, and somebody answered or will."""
        if self.unacknowledged or not self.messages:
            return False
        replied = max((seq for seq, one in self.messages.items() if one["role"] == "cathy"), default=0)
        return self.owner != "ai" or (replied > self.asked and not self.typing)

    async def _send(self, frame_id: str) -> None:
        if self._wire is not None and self.ticket:
            text = self.unacknowledged[frame_id]
            with suppress(*LOST):
                await self._wire.send(json.dumps({"type": "message", "id": frame_id, "text": text}))

    async def _live(self) -> None:
        while True:
            with suppress(*LOST):
                await self._once()
            self._wire, self.typing = None, False
            self._news.set()
            await asyncio.sleep(0.05 + 0.3 * self._chance.random())

    async def _once(self) -> None:
        async with connect(self._dial(), compression=None, open_timeout=10, ping_interval=None) as wire:
            seen: set[int] = set()
            hello: Frame = {"type": "hello", "after": self.after}
            await wire.send(json.dumps(hello | ({"ticket": self.ticket} if self.ticket else {})))
            try:
                async for raw in wire:
                    frame = json.loads(raw)
                    if frame["type"] == "ready":
                        self._wire = wire
                    self._note(frame, seen)
                    if frame["type"] == "ready":
                        for frame_id in list(self.unacknowledged):
                            await self._send(frame_id)
                    self._news.set()
            finally:
                self.codes.append(wire.close_code or 0)

    def _note(self, frame: Frame, seen: set[int]) -> None:
        kind = frame["type"]
        if kind == "ready":
            self.ticket, self.conversation, self.owner = frame["ticket"], frame["conversation"], frame["owner"]
            for message in frame["messages"]:
                self._keep(message, seen)
        elif kind == "message":
            self._keep(frame, seen)
        elif kind == "ack":
            self.unacknowledged.pop(frame["id"], None)
            self.asked = max(self.asked, frame["seq"])
        elif kind == "typing":
            self.typing = frame["on"]
        elif kind == "owner":
            self.owner = frame["owner"]
        elif kind == "error":
            self.faults.append(frame)

    def _keep(self, message: Frame, seen: set[int]) -> None:
        if message["seq"] in seen and not message.get("card"):
            self.doubles += 1
        seen.add(message["seq"])
        self.messages[message["seq"]] = message


def transcript(port: int, customer: Customer) -> list[Frame]:
    """The server's own, over plain HTTP."""
    address = f"http://127.0.0.1:{port}/api/v1/conversations/{customer.conversation}/messages?after=0"
    request = Request(address, headers={"Authorization": f"Ticket {customer.ticket}"})
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)["messages"]


def facts(message: Frame) -> tuple[Any, ...]:
    """What must be equal on both sides; how far a message was read changes without news."""
    return message["seq"], message["id"], message["role"], message["text"], (message.get("card") or {}).get("id")


def compare(port: int, customer: Customer, said: int) -> None:
    """The customer's transcript is the server's: each message once, every question there, and answered."""
    there = transcript(port, customer)
    assert [facts(one) for _, one in sorted(customer.messages.items())] == [facts(one) for one in there]
    assert [one["seq"] for one in there] == list(range(1, len(there) + 1))
    assert len({one["id"] for one in there}) == len(there)
    assert [one["role"] for one in there].count("customer") == said
    assert not customer.unacknowledged
    assert not customer.typing
    assert customer.doubles == 0


class Process:
    """One process of the house, killed and started again at will."""

    def __init__(self, command: list[str], made: dict[str, str], port: int = 0) -> None:
        self._command, self._made, self.port = command, made, port
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._running = subprocess.Popen(
            self._command, env=self._made | ({"PORT": str(self.port)} if self.port else {}), cwd=servers.ROOT,
            stdout=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip

    def kill(self) -> None:
        if self._running:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait(60)

    @property
    def runs(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def memory_kb(self) -> int:
        assert self._running is not None
        return int(Path(f"/proc/{self._running.pid}/statm").read_text().split()[1]) * 4

    async def answers(self, seconds: float = 240) -> None:
        """Wait until it does; three processes that start at once on a busy machine take their time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            assert self._running is not None
            assert self._running.poll() is None, "the process ended"
            await asyncio.sleep(0.1)
        raise AssertionError("the process does not answer")


def web(made: dict[str, str]) -> Process:
    port = servers.free_port()
    command = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "carloans.asgi:application"]
    return Process([sys.executable, *command], made, port)


def worker(made: dict[str, str]) -> Process:
    command = ["-m", "celery", "--quiet", "--app", "carloans", "worker", "--pool", "threads", "--concurrency", "4"]
    more = ["--beat", "--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    schedule = ["--schedule", f"{made['DATA_DIR']}/beat"]
    return Process([sys.executable, *command, *more, *schedule], made)


def redis(directory: Path) -> Process:
    """A Redis of its own, for killing: never the machine's."""
    found = shutil.which("redis-server")
    assert found, "install redis-server"
    port = servers.free_port()
    command = [found, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    return Process(command, dict(os.environ), port)


async def every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    """Again and again, until cancelled."""
    while True:
        await asyncio.sleep(seconds)
        await act()
