"""The tail shows each event once, in order, also one whose commit came late."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from asgiref.sync import sync_to_async

from carloans.core import feed, tail
from carloans.core.models import FeedEvent

pytestmark = pytest.mark.django_db(transaction=True)


async def _publish(now, **extra):
    return await sync_to_async(feed.publish)(kind="k", room="core", summary="s", now=now, **extra)


async def _take(queue, count):
    return [await asyncio.wait_for(queue.get(), 60) for _ in range(count)]


@pytest.fixture
async def ops():
    queue: tail.Queue = asyncio.Queue()
    await tail.subscribe("ops", queue)
    yield queue
    tail.unsubscribe("ops", queue)


async def test_each_event_arrives_once_and_in_order(ops, now):
    events = [await _publish(now) for _ in range(5)]
    assert [event["id"] for event in await _take(ops, 5)] == [event.pk for event in events]
    another = await _publish(now)
    assert [event["id"] for event in await _take(ops, 1)] == [another.pk]
    assert ops.empty()


async def test_an_event_with_a_lower_id_that_commits_later_is_not_lost(ops, now):
    first = await _publish(now)
    await _take(ops, 1)
    late, early = first.pk + 1, first.pk + 2
    for pk in (early, late):
        await sync_to_async(FeedEvent.objects.create)(pk=pk, kind="k", room="core", summary="s", at=now)
        tail.wake()
        assert [event["id"] for event in await _take(ops, 1)] == [pk]


async def test_a_conversation_hears_its_own_events_alone(now):
    mine, queue = uuid.uuid4(), asyncio.Queue()
    await tail.subscribe(f"conversation:{mine}", queue)
    await _publish(now, conversation=uuid.uuid4(), listed=False)
    own = await _publish(now, conversation=mine, listed=False)
    assert [event["id"] for event in await _take(queue, 1)] == [own.pk]
    tail.unsubscribe(f"conversation:{mine}", queue)


async def test_unlisted_events_stay_out_of_the_feed(ops, now):
    await _publish(now, listed=False)
    listed = await _publish(now)
    assert [event["id"] for event in await _take(ops, 1)] == [listed.pk]
