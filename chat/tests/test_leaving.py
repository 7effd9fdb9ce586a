"""A customer who leaves in the middle: the turn ends soon, and what it did not answer is answered without a reader."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from carloans.core.clock import utc_now
from cathy.tests.patience import Patience, patience
from chat import hub, quotas, tasks
from chat.limits import HELLO_SECONDS, LEFT_SECONDS, TURN_GRACE
from chat.models import Conversation
from chat.tests.sockets import cathy_halts, cathy_says, chatting, eventually

__all__ = ["patience"]
pytestmark = pytest.mark.django_db(transaction=True)
LONG = "First I look at your application. Then I tell you what I see. Is that fine? How can I help you today?"


async def row() -> Conversation:
    return await Conversation.objects.aget()


async def is_free() -> bool:
    return (await row()).turn_token is None


async def test_a_turn_without_a_reader_is_given_back_and_answered_by_the_sweep(patience: Patience):
    with cathy_halts(LONG):
        async with chatting() as (tab, _):
            await tab.say("Hello")
            await tab.until(type="delta")
        patience.ends_after(LEFT_SECONDS)
        await eventually(is_free)
    found = await row()
    assert found.answered_seq < found.asked_seq
    await Conversation.objects.aupdate(asked_at=utc_now() - TURN_GRACE - timedelta(seconds=1))
    with cathy_says("Here I am again."):
        assert await sync_to_async(tasks.sweep_turns)() == 1
    assert [m.text async for m in found.messages.filter(role="cathy", seq__gt=1)] == ["Here I am again."]


async def test_a_turn_goes_on_for_a_customer_who_comes_back_in_time(patience: Patience):
    with cathy_halts(LONG) as cathy:
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            await tab.until(type="delta")
        async with chatting(ticket=ready["ticket"], after=1) as (again, _):
            patience.ends_after(LEFT_SECONDS)
            await again.send(type="ping")
            await again.until(type="pong")
            cathy.go.set()
            await again.until(type="message", role="cathy")
    assert [m.text async for m in (await row()).messages.filter(role="cathy", seq__gt=1)] == [LONG]


async def test_a_house_that_is_slow_to_open_does_not_blame_the_customer(monkeypatch, patience: Patience):
    """Forty tabs that came back at once were closed as idle while they waited for us."""
    from chat import services

    enter = services.enter

    def slow(**knock):
        patience.ends_after(HELLO_SECONDS)
        return enter(**knock)

    monkeypatch.setattr("chat.services.enter", slow)
    async with chatting() as (tab, ready):
        assert ready["owner"] == "ai"
        await tab.send(type="ping")
        await tab.until(type="pong")


async def nothing_is_left() -> bool:
    return not (hub._rooms or quotas.sockets_of_address._taken or quotas.sockets_of_visitor._taken)


async def test_a_socket_that_its_server_ends_leaves_nothing_behind(monkeypatch):
    """Each one stayed in its room for ever, with its seat."""
    monkeypatch.setattr("chat.consumers.client_address", lambda scope: "203.0.113.7")
    ended = False
    with suppress(asyncio.CancelledError):
        async with chatting() as (tab, _):
            assert hub._rooms
            assert quotas.sockets_of_address._taken
            tab.socket.future.cancel()
            await eventually(nothing_is_left)
            ended = True
    assert ended
