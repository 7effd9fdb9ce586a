"""The HTTP fallback waits for news, and a turn that it starts outlives its request."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.contrib.auth import get_user_model
from django.test import AsyncClient

from chat import services
from chat.tests.factories import open_conversation, say
from chat.tests.sockets import PATIENCE_S, cathy_says, chatting

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _cathy():
    with cathy_says("Gladly. How can I help?"):
        yield


def url(opened) -> str:
    return f"/api/v1/conversations/{opened.conversation_id}/messages"


async def read(opened, after: int, wait: int = 20, **more: int) -> dict:
    headers = {"Authorization": f"Ticket {opened.ticket}"}
    # As the ASGI handler does for each request; the test client leaves it out and would keep the only thread.
    async with ThreadSensitiveContext():
        query = urlencode({"after": after, "wait": wait} | more)
        answer = await AsyncClient().get(f"{url(opened)}?{query}", headers=headers)
    return answer.json()


async def test_a_reader_who_waits_gets_the_news_when_it_comes(now):
    opened = await sync_to_async(open_conversation)(now=now)
    waiting = asyncio.ensure_future(read(opened, after=1))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await sync_to_async(say)(opened.conversation_id, "From elsewhere", now=now)
    async with asyncio.timeout(PATIENCE_S):
        body = await waiting
    assert [one["text"] for one in body["messages"]] == ["From elsewhere"]


async def test_a_reader_who_waits_in_vain_gets_an_empty_answer(now):
    opened = await sync_to_async(open_conversation)(now=now)
    body = await read(opened, after=1, wait=1)
    assert (body["messages"], body["seq"]) == ([], 1)


async def test_a_message_over_http_is_answered(now):
    opened = await sync_to_async(open_conversation)(now=now)
    body = {"id": str(uuid4()), "text": "Hello"}
    headers = {"Authorization": f"Ticket {opened.ticket}"}
    sent = await AsyncClient().post(url(opened), json.dumps(body), content_type="application/json", headers=headers)
    assert (sent.status_code, sent.json()) == (202, {"type": "ack", "id": body["id"], "seq": 2})
    seen = (await read(opened, after=2))["messages"]
    assert [(one["role"], one["text"]) for one in seen] == [("cathy", "Gladly. How can I help?")]


async def test_a_tab_with_a_socket_sees_what_was_sent_over_http():
    async with chatting() as (tab, ready):
        headers = {"Authorization": f"Ticket {ready['ticket']}"}
        address = f"/api/v1/conversations/{ready['conversation']}/messages"
        body = json.dumps({"id": str(uuid4()), "text": "Over HTTP"})
        await AsyncClient().post(address, body, content_type="application/json", headers=headers)
        await tab.until(type="message", text="Over HTTP")
        await tab.until(type="message", role="cathy")


def ann_takes_it(opened, now) -> int:
    ann = get_user_model().objects.create_user("ann", first_name="Ann", is_staff=True)
    say(opened.conversation_id, "Anybody?", now=now)
    services.claim(conversation_id=opened.conversation_id, staff_id=ann.pk, staff_name="Ann", now=now)
    return ann.pk


async def test_a_reader_who_waits_is_told_that_a_person_has_read_their_words(now):
    opened = await sync_to_async(open_conversation)(now=now)
    ann = await sync_to_async(ann_takes_it)(opened, now)
    waiting = asyncio.ensure_future(read(opened, after=3, read=0))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await sync_to_async(services.note_view)(conversation_id=opened.conversation_id, staff_id=ann, now=now)
    async with asyncio.timeout(PATIENCE_S):
        body = await waiting
    assert (body["messages"], body["read"]) == ([], 3)
    async with asyncio.timeout(PATIENCE_S):
        assert (await read(opened, after=3, read=0))["read"] == 3


async def test_a_reader_who_does_not_ask_how_far_they_were_read_waits_for_messages(now):
    opened = await sync_to_async(open_conversation)(now=now)
    ann = await sync_to_async(ann_takes_it)(opened, now)
    await sync_to_async(services.note_view)(conversation_id=opened.conversation_id, staff_id=ann, now=now)
    began = time.monotonic()
    assert (await read(opened, after=3, wait=1))["messages"] == []
    assert time.monotonic() - began >= 1


def queued(now, minutes: int):
    opened = open_conversation(now=now)
    when = now + timedelta(minutes=minutes)
    services.hand_off(conversation_id=opened.conversation_id, reason="asked", now=when)
    return opened


async def test_a_reader_who_waits_in_line_is_told_when_it_moves(now):
    first, second = [await sync_to_async(queued)(now, minutes) for minutes in range(2)]
    waiting = asyncio.ensure_future(read(second, after=2, position=2))
    other = asyncio.ensure_future(read(second, after=2, wait=2))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await sync_to_async(ann_takes_it)(first, now)
    async with asyncio.timeout(60):
        body = await waiting
    assert (body["messages"], body["owner"], body["queue"]) == ([], "queue", {"position": 1})
    assert not other.done()
    async with asyncio.timeout(60):
        assert (await read(second, after=2, position=2))["queue"] == {"position": 1}
    await other
