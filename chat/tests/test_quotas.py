"""Limits by address and visitor: what is refused, and that nothing is remembered for ever."""

from __future__ import annotations

import pytest

from chat import quotas
from chat.errors import RateLimited
from chat.quotas import Meter, Seats
from chat.tests.factories import make_site
from chat.tests.sockets import chatting, connected

ADDRESS = "203.0.113.7"


class Clock:
    def __init__(self) -> None:
        self.moment = 100.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock():
    return Clock()


def test_a_meter_lets_a_caller_through_again_when_the_window_is_over(clock):
    meter = Meter(lambda: 3, 60, clock)
    for _ in range(3):
        meter.note(ADDRESS)
    with pytest.raises(RateLimited):
        meter.note(ADDRESS)
    meter.note("203.0.113.8")
    clock.moment += 61
    meter.note(ADDRESS)


def test_a_meter_does_not_grow_with_its_callers(clock, monkeypatch):
    monkeypatch.setattr(quotas, "_MOST_KEYS", 10)
    meter = Meter(lambda: 1, 60, clock)
    for number in range(50):
        clock.moment += 5
        meter.note(str(number))
    assert len(meter._seen) <= 13


def test_a_seat_is_free_again_and_nobody_is_remembered():
    seats = Seats(lambda: 1)
    assert seats.take(ADDRESS)
    assert not seats.take(ADDRESS)
    seats.leave(ADDRESS)
    assert seats.take(ADDRESS)
    seats.leave(ADDRESS)
    assert not seats._taken


@pytest.mark.django_db(transaction=True)
async def test_one_visitor_may_not_fill_the_house_with_tabs(monkeypatch):
    monkeypatch.setattr("chat.limits.SOCKETS_PER_VISITOR", 1)
    async with chatting() as (_, ready), connected() as other:
        await other.send(type="hello", ticket=ready["ticket"])
        assert await other.close_code() == 4429


@pytest.mark.django_db(transaction=True)
async def test_a_visitor_who_writes_too_much_is_told_and_stays(monkeypatch):
    monkeypatch.setattr("chat.limits.MESSAGES_PER_VISITOR", 1)
    async with chatting() as (tab, _):
        await tab.say("One")
        second = await tab.say("Two")
        assert (await tab.until(type="error"))["code"] == "rate_limited"
        assert second in str(tab.seen[-1])
        await tab.send(type="ping")
        await tab.until(type="pong")


@pytest.mark.django_db(transaction=True)
async def test_one_address_may_not_open_sockets_without_end(settings, monkeypatch):
    settings.CHAT_SOCKETS_PER_ADDRESS = 1
    monkeypatch.setattr("chat.consumers.client_address", lambda scope: ADDRESS)
    async with chatting(), connected() as other:
        assert await other.close_code() == 4429
    async with chatting():
        pass
    assert not quotas.sockets_of_address._taken


def test_over_http_too_many_new_conversations_are_refused(settings, client, db):
    make_site()
    settings.CHAT_OPENED_PER_ADDRESS = 1
    answers = [
        client.post("/api/v1/conversations", {"site": "demo"}, "application/json", REMOTE_ADDR=ADDRESS)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 429]
