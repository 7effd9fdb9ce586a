"""Quiet hours hold where the reader may be, also across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import windows

STATES = ["NY", "IL", "CO", "CA", "AZ", "AK", "HI", "FL", "TN", "IN", "TX", "PR", "", "XX"]


@pytest.mark.parametrize(
    ("state", "moment", "expected"),
    [
        # New York in winter is UTC-5: 20:59 may, 21:00 must wait for 08:00.
        ("NY", datetime(2026, 12, 1, 1, 59, tzinfo=UTC), None),
        ("NY", datetime(2026, 12, 1, 2, 0, tzinfo=UTC), datetime(2026, 12, 1, 13, 0, tzinfo=UTC)),
        # The night in which summer time ends (1 Nov 2026): 08:00 is 13:00 UTC and no longer 12:00.
        ("NY", datetime(2026, 11, 1, 3, 0, tzinfo=UTC), datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),
        # The night in which it begins (14 Mar 2027): 08:00 is 12:00 UTC.
        ("NY", datetime(2027, 3, 14, 5, 0, tzinfo=UTC), datetime(2027, 3, 14, 12, 0, tzinfo=UTC)),
        # Arizona keeps one time all year.
        ("AZ", datetime(2026, 7, 1, 14, 59, tzinfo=UTC), datetime(2026, 7, 1, 15, 0, tzinfo=UTC)),
        # Florida has two zones: 20:30 in Miami is no use when it is, 08:30 in Miami is 07:30 in Pensacola.
        ("FL", datetime(2026, 12, 1, 13, 30, tzinfo=UTC), datetime(2026, 12, 1, 14, 0, tzinfo=UTC)),
        # Nobody said where: it must be daytime from New York to Honolulu.
        ("", datetime(2026, 12, 1, 13, 0, tzinfo=UTC), datetime(2026, 12, 1, 18, 0, tzinfo=UTC)),
    ],
)
def test_the_next_permitted_moment(state, moment, expected):
    assert windows.next_open(moment, state=state) == (expected or moment)


@given(
    state=st.sampled_from(STATES),
    minutes=st.integers(min_value=0, max_value=2 * 365 * 24 * 60),
)
def test_a_permitted_moment_is_daytime_everywhere_and_soon(state, minutes):
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    allowed = windows.next_open(moment, state=state)
    assert moment <= allowed <= moment + timedelta(hours=21)
    for zone in windows.zones_of(state):
        assert time(8) <= allowed.astimezone(zone).time() < time(21)


def test_every_state_has_a_zone():
    listed = (
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
        "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    )
    states = listed.split()
    assert len(states) == 51
    for state in states:
        assert len(windows.zones_of(state)) <= 2
    assert windows.zones_of("ca") == (ZoneInfo("America/Los_Angeles"),)
