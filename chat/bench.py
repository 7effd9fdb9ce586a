"""How long a customer waits for Cathy's first word, over a real socket, beside a bare Channels echo.

`python manage.py shell -c "from chat.bench import measure; print(measure())"`

Both servers are daphne in a process of their own; the client runs on the same machine. The chat has every durable
write, the guardrails and the simulated model; the echo has nothing. Without DATABASE_URL the rows go to a directory of
their own that is removed; with it they stay in that database, on a site called "bench".
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

SITE = "bench"
#: Fewer than the burst limit, so that no conversation is held back.
MESSAGES_EACH = 4
WARM_UP = 3
QUESTION = "How does the soft credit check work?"


def prepare() -> None:
    """Make the site that the bench talks to; runs in the server's environment, after the migrations."""
    from visitors import services

    services.ensure_site(key=SITE, name="Bench", company_name="Car Loans", origins=[], is_demo=True)


def measure(conversations: int = 50) -> dict[str, Any]:
    """Milliseconds from sending a message to the acknowledgement, the first checked text and the whole reply.

    Raises RuntimeError when a server does not start or the chat answers with an error.
    """
    with tempfile.TemporaryDirectory() as data_dir:
        environment = {**os.environ, "DATA_DIR": data_dir, "OPENAI_API_KEY": "", "LOG_LEVEL": "ERROR"}
        _run("manage.py", "migrate", "-v0", environment=environment)
        _run("-c", _PREPARE, environment=environment)
        with _daphne("carloans.asgi:application", environment) as port:
            chat = asyncio.run(_talk(port, conversations))
        with _daphne("chat.bench_echo:application", environment) as port:
            echo = asyncio.run(_echo(port, conversations * MESSAGES_EACH))
    return {
        "clients": 1,
        "messages": conversations * MESSAGES_EACH,
        "mode": "simulated",
        "database": "configured" if os.environ.get("DATABASE_URL") else "sqlite",
        "ack_ms": _summary(chat["ack"]),
        "first_text_ms": _summary(chat["first_text"]),
        "reply_ms": _summary(chat["reply"]),
        "bare_channels_echo_ms": _summary(echo),
        "target_first_text_p50_ms": 50,
    }


_PREPARE = "import django; django.setup(); from chat.bench import prepare; prepare()"
_ROOT = Path(__file__).resolve().parent.parent


def _environment(environment: dict[str, str]) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "carloans.settings", **environment, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'agents'}"}


def _run(*command: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, *command], env=_environment(environment), cwd=_ROOT, check=True)  # noqa: S603


@contextmanager
def _daphne(application: str, environment: dict[str, str]) -> Iterator[int]:
    """A daphne of its own on a free port, ready to answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), application]
    server = subprocess.Popen(  # noqa: S603
        command, env={**_environment(environment), "PORT": str(port)}, cwd=_ROOT, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def _dial(port: int) -> connect:
    return connect(f"ws://127.0.0.1:{port}/ws/chat/?site={SITE}", compression=None)


async def _talk(port: int, conversations: int) -> dict[str, list[float]]:
    waited: dict[str, list[float]] = {"ack": [], "first_text": [], "reply": []}
    for number in range(WARM_UP + conversations):
        async with _dial(port) as wire:
            await wire.send(json.dumps({"type": "hello"}))
            await _until(wire, "ready")
            for _ in range(MESSAGES_EACH):
                times = await _ask(wire)
                if number >= WARM_UP:
                    for name, value in times.items():
                        waited[name].append(value)
    return waited


async def _ask(wire: ClientConnection) -> dict[str, float]:
    started = time.perf_counter()
    await wire.send(json.dumps({"type": "message", "id": str(uuid4()), "text": QUESTION}))
    times: dict[str, float] = {}
    while True:
        frame = json.loads(await wire.recv())
        waited = (time.perf_counter() - started) * 1000
        if frame["type"] == "error" or frame.get("owner") == "queue":
            raise RuntimeError(f"The chat answered with {frame['type']} {frame.get('code', '')}.")
        if frame["type"] == "ack":
            times["ack"] = waited
        elif frame["type"] == "delta":
            times.setdefault("first_text", waited)
        elif frame["type"] == "message" and frame["role"] == "cathy":
            times["reply"] = waited
        elif frame["type"] == "typing" and not frame["on"]:
            return times


async def _until(wire: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await wire.recv())
        if frame["type"] == kind:
            return frame


async def _echo(port: int, messages: int) -> list[float]:
    waited = []
    async with _dial(port) as wire:
        for _ in range(messages):
            started = time.perf_counter()
            await wire.send(json.dumps({"type": "message", "id": str(uuid4()), "text": QUESTION}))
            await wire.recv()
            waited.append((time.perf_counter() - started) * 1000)
    return waited


def _summary(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}
