"""When the people of a site answer: business hours in the site's own time zone, without its holidays. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: A site that is closed for longer than this is promised nothing.
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a weekday (0 is Monday), in local time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """A week of one site, and the days on which nobody answers."""

    time_zone: str
    spans: Sequence[Span]
    closures: Collection[date] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether people answer at this moment."""
        local = now.astimezone(self._zone)
        return any(one.opens <= local.time() < one.closes for one in self._on(local.date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """When people answer again, in local time: later than `now`, within two weeks; None when they do not."""
        local = now.astimezone(self._zone)
        for ahead in range(LOOK_AHEAD_DAYS + 1):
            day = local.date() + timedelta(days=ahead)
            starts = (datetime.combine(day, one.opens, self._zone) for one in self._on(day))
            if found := min((start for start in starts if start > now), default=None):
                return found
        return None

    def _on(self, day: date) -> list[Span]:
        return [] if day in self.closures else [one for one in self.spans if one.weekday == day.weekday()]

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
