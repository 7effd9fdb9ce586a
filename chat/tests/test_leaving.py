"""A customer who leaves in the middle: the turn ends soon, and what it did not answer is answered without a reader."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from carloans.core.clock import utc_now
from cathy.engine.provider import stand_in
from cathy.simulation.contract import Say
from cathy.simulation.model import SimulatedModel
from chat import hub, quotas, tasks
from chat.limits import TURN_GRACE
from chat.models import Conversation
from chat.tests.sockets import cathy_says, chatting

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "First I look at your application. Then I tell you what I see. Is that fine? How can I help you today?"


def slowly(pause_s: float):
    return stand_in("chat-main", SimulatedModel("chat-main", lambda turn: [Say(LONG)], pause_s=pause_s))


async def row() -> Conversation:
    return await Conversation.objects.aget()


@pytest.mark.slow
async def test_a_turn_without_a_reader_is_given_back_and_answered_by_the_sweep(monkeypatch):
    monkeypatch.setattr("chat.hub.LEFT_SECONDS", 0.2)
    with slowly(0.3):
        async with chatting() as (tab, _):
            await tab.say("Hello")
            await tab.until(type="delta")
        await asyncio.sleep(1.5)
    found = await row()
    assert found.turn_token is None
    assert found.answered_seq < found.asked_seq
    await Conversation.objects.aupdate(asked_at=utc_now() - TURN_GRACE - timedelta(seconds=1))
    with cathy_says("Here I am again."):
        assert await sync_to_async(tasks.sweep_turns)() == 1
    assert [m.text async for m in found.messages.filter(role="cathy", seq__gt=1)] == ["Here I am again."]


@pytest.mark.slow
async def test_a_turn_goes_on_for_a_customer_who_comes_back_in_time(monkeypatch):
    monkeypatch.setattr("chat.hub.LEFT_SECONDS", 0.5)
    with slowly(0.05):
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            await tab.until(type="delta")
        async with chatting(ticket=ready["ticket"], after=1) as (again, _):
            if not any(one["role"] == "cathy" and one["seq"] > 1 for one in again.messages()):
                await again.until(type="message", role="cathy")
            await asyncio.sleep(0.6)
    assert [m.text async for m in (await row()).messages.filter(role="cathy", seq__gt=1)] == [LONG]


async def test_a_house_that_is_slow_to_open_does_not_blame_the_customer(monkeypatch):
    """Forty tabs that came back at once were closed as idle while they waited for us."""
    from chat import services

    enter = services.enter

    def slow(**knock):
        import time

        time.sleep(0.4)
        return enter(**knock)

    monkeypatch.setattr("chat.consumers.HELLO_SECONDS", 0.2)
    monkeypatch.setattr("chat.services.enter", slow)
    async with chatting() as (tab, ready):
        assert ready["owner"] == "ai"
        await tab.send(type="ping")
        await tab.until(type="pong")


async def test_a_socket_that_its_server_ends_leaves_nothing_behind(monkeypatch):
    """Each one stayed in its room for ever, with its seat."""
    monkeypatch.setattr("chat.consumers.client_address", lambda scope: "203.0.113.7")
    ended = False
    with suppress(asyncio.CancelledError):
        async with chatting() as (tab, _):
            assert hub._rooms
            assert quotas.sockets_of_address._taken
            tab.socket.future.cancel()
            await asyncio.sleep(0.1)
            assert not hub._rooms
            assert not quotas.sockets_of_address._taken
            assert not quotas.sockets_of_visitor._taken
            ended = True
    assert ended
