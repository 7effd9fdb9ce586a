"""The clock tells real time, except on a journey, where it stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from carloans.core.clock import travelling, utc_now

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_the_clock_tells_real_time():
    assert abs(utc_now() - datetime.now(tz=UTC)) < timedelta(seconds=5)
    assert utc_now().tzinfo is UTC


def test_on_a_journey_it_stands_still_until_it_is_moved():
    with travelling(START) as journey:
        assert utc_now() == utc_now() == START
        journey.to(START + timedelta(days=3))
        assert utc_now() == START + timedelta(days=3)
    assert utc_now() > START + timedelta(days=4)


def test_every_thread_is_on_the_journey():
    seen = []
    with travelling(START):
        thread = Thread(target=lambda: seen.append(utc_now()))
        thread.start()
        thread.join()
    assert seen == [START]


def test_a_clock_does_not_run_backwards():
    with travelling(START) as journey, pytest.raises(ValueError, match="backwards"):
        journey.to(START - timedelta(seconds=1))


def test_one_journey_at_a_time_and_real_time_after_a_failure():
    with pytest.raises(RuntimeError), travelling(START), travelling(START):
        pass
    assert utc_now() > START + timedelta(days=4)
