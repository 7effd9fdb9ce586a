"""Whatever is sent: an answer of the protocol or a close code of it, never a crash, a 500 or memory that grows."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from chat import protocol
from chat.asyncapi import CLOSE_CODES
from chat.bench import servers
from chat.tests import drill, fuzz
from chat.tests.factories import make_site
from chat.tests.sockets import Tab, cathy_says, chatting, connected

SEED = int(os.environ.get("DRILL_SEED", "20261128"))
CODES = {
    *("bad_frame", "too_long", "empty", "bad_text", "rate_limited", "unknown_card", "card_settled"),
    *("bad_action", "bad_fields", "stale_text", "contact_needed", "switched_off"),
}


KINDS = {"ready", "ack", "message", "delta", "typing", "status", "owner", "pong"}


async def settle(tab: Tab) -> Counter[str]:
    """What came back, up to the refusal of a last frame; every frame is held to the protocol by `Tab`."""
    seen: Counter[str] = Counter()
    last = str(uuid4())
    await tab.send(type="message", id=last, odd=True)
    while True:
        frame = await tab.next()
        if frame["type"] == "error" and frame.get("id") == last:
            return seen
        seen[frame.get("code", frame["type"])] += 1


@pytest.mark.django_db(transaction=True)
async def test_a_socket_survives_two_thousand_odd_frames(monkeypatch):
    monkeypatch.setattr("chat.consumers.MAX_FRAMES", 10**9)
    chance = random.Random(SEED)
    seen: Counter[str] = Counter()
    with cathy_says("Gladly."):
        async with chatting() as (tab, _):
            for _ in range(20):
                for _ in range(100):
                    await tab.socket.send_to(text_data=fuzz.frame(chance) or " ")
                seen += await settle(tab)
    assert seen.keys() <= KINDS | CODES, seen
    assert seen["bad_frame"] > 1000


@pytest.mark.django_db(transaction=True)
async def test_an_odd_first_frame_closes_with_a_code_that_is_told():
    await sync_to_async(make_site)()
    chance = random.Random(SEED)
    codes: Counter[int] = Counter()
    for _ in range(60):
        async with connected() as tab:
            await tab.socket.send_to(text_data=fuzz.frame(chance) or " ")
            output = await tab.socket.receive_output()
            codes[int(output.get("code", 0))] += 1
    assert codes.keys() <= {0, 4400, 4401, 4403}, codes
    assert codes[4400] > 40


@pytest.mark.enable_socket
@pytest.mark.soak
async def test_a_hundred_thousand_odd_frames_against_a_real_server(tmp_path):
    made = servers.environment(str(tmp_path)) | {"ENV_FILE": ""}
    frames = int(os.environ.get("FUZZ_FRAMES", "100000"))
    with servers.own_database(made):
        await asyncio.to_thread(servers.prepare, made)
        web = drill.web(made)
        web.start()
        try:
            await web.answers()
            await shower(web, frames // 10, SEED)
            before = await at_rest(web)
            codes = await shower(web, frames - frames // 10, SEED + 1)
            grown = await at_rest(web) - before
        finally:
            web.kill()
    print(f"{frames} frames; closed: {dict(codes)}; memory grew by {grown} KB from {before} KB")  # noqa: T201
    assert codes.keys() <= CLOSE_CODES.keys() | {0, 1000, 1002, 1007}, codes
    assert grown < 20 * 1024


async def at_rest(web: drill.Process) -> int:
    """Memory once what waited has been handled: daphne gives an application ten seconds after its socket has gone."""
    await asyncio.sleep(15)
    return web.memory_kb()


async def shower(web: drill.Process, frames: int, seed: int) -> Counter[int]:
    """That many frames through sockets of at most 100 each, eight at once; the codes with which sockets were closed."""
    codes: Counter[int] = Counter()
    chance = random.Random(seed)
    turnstile = asyncio.Semaphore(8)

    async def one() -> None:
        async with turnstile:
            codes[await soak_one(web.port, chance, 100)] += 1

    await asyncio.gather(*(one() for _ in range(frames // 100)))
    return codes


async def soak_one(port: int, chance: random.Random, most: int) -> int:
    address = f"ws://127.0.0.1:{port}/ws/chat/?site=bench"
    async with connect(address, compression=None, open_timeout=60, ping_interval=None) as wire:
        reading = asyncio.create_task(read_all(wire))
        with suppress(ConnectionClosed):
            if chance.random() < 0.9:
                await wire.send('{"type":"hello"}')
            for _ in range(most):
                await wire.send(odd_bytes(chance) if chance.random() < 0.02 else fuzz.frame(chance))
            await wire.send('{"type":"ping"}')
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(reading), 0.3)
        await wire.close()
        await reading
        return wire.close_code or 0


def odd_bytes(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 2000))


async def read_all(wire: Any) -> None:
    with suppress(ConnectionClosed):
        async for raw in wire:
            frame = protocol.promised(raw)
            assert json.loads(raw).get("code", "") not in {"bug", "unavailable"}, frame
