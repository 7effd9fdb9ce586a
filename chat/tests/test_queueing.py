"""Customers who wait hear of their place as the queue moves: at once, not too often, and each only of their own."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model

from carloans.core import rights
from carloans.core.clock import utc_now
from chat import queueing, services, staffing
from chat.models import Conversation
from chat.tests.factories import make_conversation
from chat.tests.sockets import cathy_says, chatting

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _cathy(monkeypatch):
    monkeypatch.setattr("chat.limits.PLACE_EVERY_SECONDS", 0.05)
    with cathy_says("Gladly."):
        yield


@sync_to_async
def ask_for_a_person(ready, *, minutes=0):
    when = utc_now() + timedelta(minutes=minutes)
    services.hand_off(conversation_id=UUID(ready["conversation"]), reason="asked", now=when)


@sync_to_async
def claim(ready):
    ann, _ = get_user_model().objects.get_or_create(username="ann", defaults={"first_name": "Ann", "is_staff": True})
    services.claim(conversation_id=UUID(ready["conversation"]), staff_id=ann.pk, staff_name="Ann", now=utc_now())


async def waiting(stack, number):
    """So many customers in the queue, in their order: (tab, ready) of each."""
    found = []
    for minutes in range(number):
        tab, ready = await stack.enter_async_context(chatting())
        await ask_for_a_person(ready, minutes=minutes)
        told = await tab.until(type="owner", owner="queue")
        assert told["queue"]["position"] == minutes + 1
        found.append((tab, ready))
    return found


def positions(tab):
    return [frame["queue"]["position"] for frame in tab.seen if frame["type"] == "queue"]


async def test_who_waits_is_told_when_those_before_them_are_claimed():
    async with AsyncExitStack() as stack:
        [(_, one), (second, two), (third, _)] = await waiting(stack, 3)
        await claim(one)
        assert await second.until(type="queue") == {"type": "queue", "queue": {"position": 1}}
        assert await third.until(type="queue") == {"type": "queue", "queue": {"position": 2}}
        await claim(two)
        assert await third.until(type="queue") == {"type": "queue", "queue": {"position": 1}}
        await second.until(type="owner", owner="human")
    assert (positions(second), positions(third)) == ([1], [2, 1])


async def test_who_waits_is_told_when_somebody_before_them_goes_back_to_cathy_or_is_closed():
    async with AsyncExitStack() as stack:
        [(first, _), (_, two), (third, _)] = await waiting(stack, 3)
        card = next(frame["card"] for frame in first.seen if frame.get("card"))
        await first.send(type="action", id=str(UUID(int=7, version=4)), card=card["id"], action="decline")
        assert (await third.until(type="queue"))["queue"]["position"] == 2
        await sync_to_async(services.close)(conversation_id=UUID(two["conversation"]), now=utc_now())
        assert (await third.until(type="queue"))["queue"]["position"] == 1
    assert positions(first) == []


async def test_who_comes_behind_moves_nobody():
    async with AsyncExitStack() as stack:
        [(first, _), (second, _)] = await waiting(stack, 2)
        [(_, late)] = [await stack.enter_async_context(chatting())]
        await ask_for_a_person(late, minutes=9)
        await first.send(type="ping")
        await first.until(type="pong")
        await asyncio.sleep(0.3)
        for tab in (first, second):
            await tab.send(type="ping")
            await tab.until(type="pong")
            assert positions(tab) == []


async def test_a_tab_that_comes_back_while_it_waits_hears_of_it_too():
    async with AsyncExitStack() as stack:
        [(_, one), (second, two)] = await waiting(stack, 2)
        other, ready = await stack.enter_async_context(chatting(ticket=two["ticket"]))
        assert ready["queue"]["position"] == 2
        await claim(one)
        for tab in (second, other):
            assert (await tab.until(type="queue"))["queue"]["position"] == 1


async def test_many_moves_at_once_are_told_as_one(monkeypatch):
    looks = []
    known = staffing.places_of
    monkeypatch.setattr("chat.limits.PLACE_EVERY_SECONDS", 0.5)
    monkeypatch.setattr(staffing, "places_of", lambda **given: looks.append(1) or known(**given))
    async with AsyncExitStack() as stack:
        crowd = [await sync_to_async(make_conversation)(now=utc_now()) for _ in range(8)]
        for one in crowd:
            await ask_for_a_person({"conversation": str(one.pk)}, minutes=-9)
        tab, ready = await stack.enter_async_context(chatting())
        await ask_for_a_person(ready)
        await tab.until(type="owner", owner="queue")
        for one in crowd:
            await claim({"conversation": str(one.pk)})
        while (await tab.until(type="queue"))["queue"]["position"] != 1:
            pass
    assert 1 <= len(looks) < len(crowd)
    assert sorted(positions(tab), reverse=True) == positions(tab)


async def test_nobody_listens_when_all_have_gone():
    async with AsyncExitStack() as stack:
        await waiting(stack, 2)
        line = queueing._lines[asyncio.get_running_loop()]
        task = line._task
        assert len(line.waiting) == 2
    assert (line.waiting, line._task) == ({}, None)
    assert task is not None
    await asyncio.wait([task], timeout=5)
    assert task.done()


def test_the_queue_is_read_once_however_many_wait(django_assert_num_queries, now):
    def queued(number):
        rows = [make_conversation(now=now) for _ in range(number)]
        Conversation.objects.filter(pk__in=[row.pk for row in rows]).update(owner="queue", queued_at=now)
        return [row.pk for row in rows]

    few = queued(2)
    with django_assert_num_queries(2):
        staffing.places_of(conversation_ids=few, now=now)
    many = queued(30)
    with django_assert_num_queries(2):
        places = staffing.places_of(conversation_ids=many, now=now)
    assert len({place.position for place in places.values()}) == 30
    for pk in many[:3]:
        assert staffing.place_of(conversation_id=pk, now=now) == places[pk]


@pytest.mark.parametrize("room", ["chat", "everything"])
async def test_who_waits_moves_up_when_somebody_before_them_is_erased(room):
    async with AsyncExitStack() as stack:
        [(_, one), (second, _)] = await waiting(stack, 2)
        await erase(one, room)
        told = await second.until(type="queue")
        assert told["queue"]["position"] == 1


@sync_to_async
def erase(ready, room):
    visitor = Conversation.objects.get(pk=ready["conversation"]).visitor_id
    if room == "chat":
        services.forget_visitor(visitor_id=visitor, now=utc_now())
        return
    found = rights.find_visitor(visitor_id=visitor, now=utc_now())
    rights.erase(found, actor="system", reason="asked", now=utc_now())
