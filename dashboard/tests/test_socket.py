"""The operations room's socket: staff only, from our own pages only, and news of any process arrives by itself."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client

from carloans.core import feed
from chat.tests.sockets import Socket
from dashboard import access, consumers, roles
from dashboard.models import StaffSession
from dashboard.routing import websocket_urlpatterns

pytestmark = pytest.mark.django_db(transaction=True)


def socket(user: Any, origin: bytes = b"http://localhost") -> Socket:
    found = Socket(URLRouter(websocket_urlpatterns), "/ws/ops/", headers=[(b"origin", origin)])
    found.scope["session"] = session_of(user) if getattr(user, "pk", None) else SessionStore()
    return found


asocket = sync_to_async(socket)


def session_of(user: Any) -> Any:
    """What a browser's cookie leads to after signing in."""
    client = Client()
    client.force_login(user)
    return client.session


async def operator() -> Any:
    return await sync_to_async(staff_member)()


def staff_member(name: str = "ann", role: str = "viewer") -> Any:
    user = get_user_model().objects.create_user(name, is_staff=True)
    roles.assign(user, role)
    return user


def publish_elsewhere(now: Any, *summaries: str, listed: bool = True) -> None:
    """As the worker does: in a thread of its own, over a connection of its own, all of it with one commit."""

    def work() -> None:
        with transaction.atomic():
            for summary in summaries:
                feed.publish(kind="lead.accepted", room="leads", summary=summary, now=now, listed=listed)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("user", [None, AnonymousUser()])
async def test_a_stranger_is_told_to_sign_in(user):
    line = await asocket(user)
    await line.connect()
    assert await line.receive_output() == {"type": "websocket.close", "code": 4401}


@pytest.mark.parametrize("rights", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
async def test_a_user_who_is_not_active_staff_is_told_the_same(rights):
    user = await sync_to_async(get_user_model().objects.create_user)("bob", **rights)
    line = await asocket(user)
    await line.connect()
    assert (await line.receive_output())["code"] == 4401


async def test_a_page_of_another_site_cannot_open_it():
    line = await asocket(await operator(), origin=b"https://evil.example")
    connected, _ = await line.connect()
    assert not connected


async def test_an_event_of_another_process_arrives_by_itself(now):
    line = await asocket(await operator())
    await line.connect()
    await sync_to_async(publish_elsewhere)(now, "A dealer accepted a lead", "And another")
    first, second = await line.receive_json_from(), await line.receive_json_from()
    assert (first["type"], first["room"], first["summary"]) == ("event", "leads", "A dealer accepted a lead")
    assert second["id"] > first["id"]
    await line.disconnect()


async def test_what_is_not_for_the_screen_stays_off_it(now):
    line = await asocket(await operator())
    await line.connect()
    await sync_to_async(publish_elsewhere)(now, "Internal", listed=False)
    await sync_to_async(publish_elsewhere)(now, "Shown")
    assert (await line.receive_json_from())["summary"] == "Shown"
    await line.disconnect()


async def test_every_open_page_hears_it_and_one_that_closed_does_not_disturb(now):
    user = await operator()
    lines = [await asocket(user) for _ in range(3)]
    for line in lines:
        await line.connect()
    await lines.pop().disconnect()
    await sync_to_async(publish_elsewhere)(now, "News")
    assert [(await line.receive_json_from())["summary"] for line in lines] == ["News", "News"]
    for line in lines:
        await line.disconnect()


async def test_a_page_that_cannot_keep_up_is_told_to_reload(now, monkeypatch):
    monkeypatch.setattr(consumers, "MOST_WAITING", 2)
    line = await asocket(await operator())
    await line.connect()
    await sync_to_async(publish_elsewhere)(now, *(f"{number}" for number in range(20)))
    assert await line.receive_json_from() == {"type": "reload"}
    await sync_to_async(publish_elsewhere)(now, "Later")
    assert (await line.receive_json_from())["summary"] == "Later"
    await line.disconnect()


async def test_a_word_from_the_page_is_answered():
    line = await asocket(await operator())
    await line.connect()
    await line.send_json_to({"type": "ping"})
    assert await line.receive_json_from() == {"type": "pong"}
    await line.disconnect()


def end_sessions(user: Any, now: Any) -> None:
    access.end_all(user, why="ended_by_owner", now=now)


def change_password(user: Any, now: Any) -> None:
    user.set_password("another long password")
    user.save()


def take_role(user: Any, now: Any) -> None:
    user.groups.clear()


def let_it_idle(user: Any, now: Any) -> None:
    StaffSession.objects.update(seen_at=now - timedelta(hours=2))


@pytest.mark.parametrize("happens", [end_sessions, change_password, take_role, let_it_idle])
async def test_an_open_socket_closes_soon_after_its_session_ended(now, monkeypatch, happens):
    monkeypatch.setattr(consumers, "ASK_AGAIN_SECONDS", 0.05)
    user = await operator()
    line = await asocket(user)
    await line.connect()
    await line.send_json_to({"type": "ping"})
    assert await line.receive_json_from() == {"type": "pong"}
    await sync_to_async(happens)(user, now)
    assert (await line.receive_output()) == {"type": "websocket.close", "code": 4401}
    await line.disconnect()


async def test_staff_without_a_role_hear_nothing():
    user = await sync_to_async(get_user_model().objects.create_user)("bob", is_staff=True)
    line = await asocket(user)
    await line.connect()
    assert (await line.receive_output())["code"] == 4401


async def test_a_password_without_the_second_factor_hears_nothing(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    line = await asocket(await operator())
    await line.connect()
    assert (await line.receive_output())["code"] == 4401
