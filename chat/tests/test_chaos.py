"""Sockets, processes and Redis are cut while customers talk; nothing is lost, doubled, stuck or owned twice.

The small drill runs with the services; `make soak` (or `-m soak`) runs it at full size: CHAOS_CONVERSATIONS (1,000) and
CHAOS_CUTS (200).
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chat.bench import servers
from chat.tests import drill

pytestmark = [pytest.mark.enable_socket]
QUESTIONS = (
    "How does the soft credit check work?",
    "What do I need to finish my application?",
    "Can I trade in my old car?",
)


class House:
    """Two web processes and a worker on PostgreSQL and a Redis of their own, behind wires that can be cut."""

    def __init__(self, directory: Path, made: dict[str, str]) -> None:
        self.redis = drill.redis(directory)
        made["REDIS_URL"] = f"redis://127.0.0.1:{self.redis.port}/0"
        made["SWEEP_SECONDS"] = "1"
        self.made = made
        self.webs = [drill.web(made) for _ in range(2)]
        self.worker = drill.worker(made)
        self.wires = [drill.Wire(web.port) for web in self.webs]
        self.done: Counter[str] = Counter()

    async def __aenter__(self) -> House:
        try:
            await self._open()
        except BaseException:
            self._end()
            raise
        return self

    async def _open(self) -> None:
        for process in (self.redis, *self.webs, self.worker):
            process.start()
        for process in (self.redis, *self.webs):
            await process.answers()
        for wire in self.wires:
            await wire.__aenter__()

    async def __aexit__(self, *args: object) -> None:
        for wire in self.wires:
            await wire.__aexit__()
        self._end()

    def _end(self) -> None:
        for process in (*self.webs, self.worker, self.redis):
            process.kill()

    def dial(self, chance: random.Random) -> str:
        """As behind a proxy: each connection goes to whichever process."""
        return f"ws://127.0.0.1:{chance.choice(self.wires).port}/ws/chat/?site=bench"

    async def hurt(self, chance: random.Random) -> None:
        """One fault; the house mends itself."""
        kinds = [self.cut_sockets] * 10 + [self.go_away] * 4 + [self.kill_web, self.kill_worker, self.kill_redis]
        act = chance.choice(kinds)
        await act(chance)
        self.done[act.__name__] += 1

    async def cut_sockets(self, chance: random.Random) -> None:
        chance.choice(self.wires).cut_some(chance)

    async def go_away(self, chance: random.Random) -> None:
        wire = chance.choice(self.wires)
        wire.away = True
        wire.cut_all()
        await asyncio.sleep(chance.random())
        wire.away = False

    async def kill_web(self, chance: random.Random) -> None:
        await self._again(chance.choice(self.webs))

    async def kill_redis(self, chance: random.Random) -> None:
        await self._again(self.redis)

    async def _again(self, process: drill.Process) -> None:
        await asyncio.to_thread(process.kill)
        process.start()
        await process.answers()

    async def kill_worker(self, chance: random.Random) -> None:
        await asyncio.to_thread(self.worker.kill)
        self.worker.start()


async def talk(house: House, chance: random.Random, questions: int) -> None:
    """A customer asks; a second tab of theirs, perhaps at the other process, stays in step."""
    first, second = (drill.Customer(lambda: house.dial(chance), chance) for _ in range(2))
    async with first:
        await first.until(lambda: bool(first.ticket), 240)
        second.ticket = first.ticket
        async with second:
            for number in range(questions):
                await first.say(QUESTIONS[number % len(QUESTIONS)])
                await first.until(first.is_answered, 240)
            await second.until(lambda: second.after >= first.after, 240)
            port = await _standing(house)
            await asyncio.to_thread(drill.compare, port, first, questions)
            await asyncio.to_thread(drill.compare, port, second, questions)


async def _standing(house: House) -> int:
    """A web process that answers now."""
    while True:
        for web in house.webs:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", web.port)
            except OSError:
                continue
            writer.close()
            return web.port
        await asyncio.sleep(0.2)


async def run_chaos(house: House, *, conversations: int, cuts: int, at_once: int) -> None:
    chance = random.Random(int(os.environ.get("DRILL_SEED", "20261128")))
    turnstile = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with turnstile:
            await talk(house, chance, 2)

    talking = asyncio.gather(*(one() for _ in range(conversations)))
    for _ in range(cuts):
        await asyncio.sleep(0.2 + 0.6 * chance.random())
        await house.hurt(chance)
    began = time.monotonic()
    await talking
    assert time.monotonic() - began < 3600


def stored_wrongly(address: str) -> list[tuple[Any, ...]]:
    """Conversations that the database says are stuck, gapped, answered twice or owned by two."""
    with psycopg.connect(address) as rows:
        return rows.execute(
            """
            SELECT c.id, c.owner, c.last_seq, count(m.id), c.asked_seq, c.answered_seq, c.turn_token
            FROM chat_conversation c JOIN chat_message m ON m.conversation_id = c.id
            GROUP BY c.id
            HAVING count(m.id) <> c.last_seq OR max(m.seq) <> c.last_seq OR c.turn_token IS NOT NULL
                OR (c.owner = 'ai' AND c.answered_seq < c.asked_seq)
                OR count(*) FILTER (WHERE m.role = 'cathy' AND m.reply_ms IS NOT NULL)
                   > count(*) FILTER (WHERE m.role = 'customer')
            """
        ).fetchall()


async def drill_of(tmp_path: Path, *, conversations: int, cuts: int, at_once: int) -> Counter[str]:
    made = servers.environment(str(tmp_path)) | {"ENV_FILE": ""}
    with servers.own_database(made):
        await asyncio.to_thread(servers.prepare, made)
        async with House(tmp_path, made) as house:
            await run_chaos(house, conversations=conversations, cuts=cuts, at_once=at_once)
            assert stored_wrongly(made["DATABASE_URL"]) == []
            return house.done


@pytest.mark.services
async def test_a_house_that_does_not_open_leaves_nobody_running(tmp_path):
    made = servers.environment(str(tmp_path))
    house = House(tmp_path, made)
    house.webs = [drill.Process([sys.executable, "-c", ""], made, servers.free_port())]
    house.worker = drill.Process([sys.executable, "-c", "import time; time.sleep(600)"], made)
    with pytest.raises(AssertionError, match="ended"):
        await house.__aenter__()
    assert not any(process.runs for process in (house.redis, *house.webs, house.worker))


@pytest.mark.services
@pytest.mark.slow
async def test_a_small_chaos_loses_and_doubles_nothing(tmp_path):
    done = await drill_of(tmp_path, conversations=20, cuts=4, at_once=20)
    assert done.total() == 4


@pytest.mark.soak
async def test_chaos_at_full_size(tmp_path):
    conversations, cuts = (int(os.environ.get(name, most)) for name, most in SIZES)
    done = await drill_of(tmp_path, conversations=conversations, cuts=cuts, at_once=60)
    print(f"{conversations} conversations, {dict(done)}")  # noqa: T201  the drill's figure
    assert done.total() == cuts


SIZES = (("CHAOS_CONVERSATIONS", "1000"), ("CHAOS_CUTS", "200"))
