"""The wire is cut at any byte, in both directions: after the return both sides hold the same, each message once."""

from __future__ import annotations

import asyncio
import os
import random

import pytest

from chat.bench import servers
from chat.tests import drill

pytestmark = [pytest.mark.enable_socket]
#: What one visit carries: the handshake, hello and ready, a question and its reply.
LONGEST = {"up": 700, "down": 4200}


@pytest.fixture
async def house(tmp_path):
    """A web process on SQLite, whatever this run's services are."""
    made = servers.environment(str(tmp_path)) | {"DATABASE_URL": "", "REDIS_URL": "", "ENV_FILE": ""}
    await asyncio.to_thread(servers.prepare, made)
    web = drill.web(made)
    web.start()
    await web.answers()
    yield web
    web.kill()


async def visit(web: drill.Process, way: str, at: int, chance: random.Random) -> int:
    """One customer whose first connections break after so many bytes, and who asks two questions."""
    async with drill.Wire(web.port) as wire:
        wire.cuts = [(way, at + step) for step in (0, 7, 1)]
        address = f"ws://127.0.0.1:{wire.port}/ws/chat/?site=bench"
        async with drill.Customer(lambda: address, chance) as customer:
            for text in ("How does the soft credit check work?", "And how long does it take?"):
                await customer.say(text)
                await customer.until(customer.is_answered, 90)
            await asyncio.to_thread(drill.compare, web.port, customer, 2)
            return wire.cut_count


async def cut_everywhere(web: drill.Process, places: list[tuple[str, int]], at_once: int) -> int:
    chance = random.Random(7)
    turnstile = asyncio.Semaphore(at_once)

    async def one(way: str, at: int) -> int:
        async with turnstile:
            return await visit(web, way, at, chance)

    return sum(await asyncio.gather(*(one(way, at) for way, at in places)))


@pytest.mark.slow
async def test_a_cut_at_some_bytes_loses_and_doubles_nothing(house):
    chance = random.Random(int(os.environ.get("DRILL_SEED", "20261128")))
    places = [(way, chance.randrange(longest)) for way, longest in LONGEST.items() for _ in range(8)]
    assert await cut_everywhere(house, places, at_once=8) >= 16


@pytest.mark.soak
async def test_a_cut_at_every_byte_loses_and_doubles_nothing(house):
    places = [(way, at) for way, longest in LONGEST.items() for at in range(0, longest, 3)]
    assert await cut_everywhere(house, places, at_once=16) >= len(places)
