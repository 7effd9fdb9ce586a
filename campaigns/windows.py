"""Quiet hours: no mail between 21:00 and 08:00 where the reader may be. Pure; the caller passes the clock.

The reader's zone comes from the state that they gave, never from an area code. A state with two zones, or no
state at all, means every zone that is possible: the mail waits until it is daytime in all of them.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(8)
CLOSES = time(21)

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
_ALASKA, _ALEUTIAN, _HAWAII, _ARIZONA = (
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Phoenix",
)
_BY_ZONE = {
    _EASTERN: "CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC TN VT VA WV",
    _CENTRAL: "AL AR FL IL IN IA KS KY LA MI MN MS MO NE ND OK SD TN TX WI",
    _MOUNTAIN: "AZ CO ID KS MT NE NV NM ND OR SD TX UT WY",
    _PACIFIC: "CA ID NV OR WA",
    _ARIZONA: "AZ",
    _ALASKA: "AK",
    _ALEUTIAN: "AK",
    _HAWAII: "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
#: Somebody in the fifty states who did not say where.
_ANYWHERE = (_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC, _ARIZONA, _ALASKA, _HAWAII)


def zones_of(state: str) -> tuple[ZoneInfo, ...]:
    """Every zone in which somebody of this US state may live; all of the fifty states' for an unknown one."""
    code = state.strip().upper()
    names = [zone for zone, states in _BY_ZONE.items() if code and code in states.split()]
    return tuple(ZoneInfo(name) for name in names or _ANYWHERE)


def is_open(now: datetime, *, state: str) -> bool:
    """Whether it is daytime in every zone that is possible."""
    return all(OPENS <= now.astimezone(zone).time() < CLOSES for zone in zones_of(state))


def next_open(now: datetime, *, state: str) -> datetime:
    """`now` when a mail may leave now, else the first minute at which it may."""
    if is_open(now, state=state):
        return now
    candidates = (_opening(now, zone, day) for zone in zones_of(state) for day in (-1, 0, 1, 2))
    return min(moment for moment in candidates if moment > now and is_open(moment, state=state))


def _opening(now: datetime, zone: ZoneInfo, day: int) -> datetime:
    local = now.astimezone(zone) + timedelta(days=day)
    return datetime.combine(local.date(), OPENS, tzinfo=zone).astimezone(now.tzinfo)
