"""Driving a server with many sockets and timing it. Standard library alone: other interpreters run it too.

Two ways: closed (each socket asks again as soon as it was answered, which finds the most that a server can do) and open
(questions come at a fixed rate whether or not the server keeps up, timed from when they were due).
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

WARM_UP_SECONDS = 2.0


class Client(Protocol):
    """One customer's connection."""

    async def open(self) -> None:
        """Connect, and be ready to ask."""

    async def ask(self) -> dict[str, float]:
        """Ask once; the moments (of `time.perf_counter`) at which each part of the answer came."""


class Result:
    """What came back."""

    def __init__(self) -> None:
        self.waits: dict[str, list[float]] = {}
        self.asked = self.answered = 0
        self.faults: dict[str, int] = {}

    async def once(self, client: Client, since: float | None = None) -> None:
        """Ask once and note it; `since` is when the question was due."""
        self.asked += 1
        since = since or time.perf_counter()
        try:
            moments = await asyncio.wait_for(client.ask(), 60)
        except Exception as error:
            self.faults[type(error).__name__] = self.faults.get(type(error).__name__, 0) + 1
            return
        self.answered += 1
        began = max(since, moments.pop("sent"))
        for name, moment in moments.items():
            self.waits.setdefault(name, []).append((moment - began) * 1000)


def summary(values: list[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    if len(values) < 2:
        return dict.fromkeys(("p50", "p95", "p99"), round(values[0], 2)) if values else {}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}


async def connect_all(clients: list[Client], at_once: int = 40) -> None:
    """Open every connection, a few at a time."""
    turnstile = asyncio.Semaphore(at_once)

    async def enter(client: Client) -> None:
        async with turnstile:
            await client.open()

    await asyncio.gather(*map(enter, clients))


async def closed(clients: list[Client], seconds: float, result: Result) -> None:
    """Every client asks again and again until the time is over."""
    ends = time.perf_counter() + seconds

    async def talk(client: Client) -> None:
        while time.perf_counter() < ends:
            await result.once(client)

    await asyncio.gather(*map(talk, clients))


async def paced(clients: list[Client], seconds: float, rate: float, result: Result) -> None:
    """`rate` questions a second, each through the client that has rested longest."""
    idle: asyncio.Queue[Client] = asyncio.Queue()
    for client in clients:
        idle.put_nowait(client)

    async def turn(due: float) -> None:
        client = await idle.get()
        await result.once(client, since=due)
        idle.put_nowait(client)

    began, running = time.perf_counter(), []
    for number in range(round(seconds * rate)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        running.append(asyncio.create_task(turn(due)))
    await asyncio.gather(*running)


async def drive(make: Callable[[int], Client], plan: dict[str, Any]) -> dict[str, Any]:
    """Carry out a plan: {"sockets", "seconds", "rate" (0: closed)}. Waits for a line of input once all is connected."""
    clients = [make(number) for number in range(plan["sockets"])]
    await connect_all(clients)
    print("connected", flush=True)  # noqa: T201  the one who started us reads it
    await asyncio.to_thread(sys.stdin.readline)
    await closed(clients[:20], WARM_UP_SECONDS, Result())
    print("measuring", flush=True)  # noqa: T201
    result = Result()
    began = time.perf_counter()
    if plan["rate"]:
        await paced(clients, plan["seconds"], plan["rate"], result)
    else:
        await closed(clients, plan["seconds"], result)
    took = time.perf_counter() - began
    return {
        "sockets": plan["sockets"],
        "asked": result.asked,
        "lost": result.asked - result.answered,
        "faults": result.faults,
        "turns_per_second": round(result.answered / took, 1),
        **{f"{name}_ms": summary(values) for name, values in result.waits.items()},
    }


def main(make: Callable[[int, dict[str, Any]], Client]) -> None:
    """Read a plan from the command line and print the figures as one line of JSON."""
    plan = json.loads(sys.argv[1])
    print(json.dumps(asyncio.run(drive(lambda number: make(number, plan), plan))), flush=True)  # noqa: T201
