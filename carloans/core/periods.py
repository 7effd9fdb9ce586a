"""Calendar periods of the law: "25 months" ends on the same day of the month, not after 750 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days, months and years. The 31st of a month that has none is its last day."""

    years: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0

    def after(self, moment: datetime) -> datetime:
        """When something of `moment` has reached this age."""
        older: datetime = moment + self._delta()
        return older

    def before(self, now: datetime) -> datetime:
        """What is older than this is older than the period at `now`."""
        edge: datetime = now - self._delta()
        return edge

    def _delta(self) -> relativedelta:
        whole = relativedelta(years=self.years, months=self.months)
        return whole + timedelta(days=self.days, hours=self.hours)

    def __str__(self) -> str:
        parts = ((self.years, "year"), (self.months, "month"), (self.days, "day"), (self.hours, "hour"))
        return " ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in parts if n) or "at once"


AT_ONCE = Period()
#: What a room keeps as proof: consents, pulls, posts, suppressions (limitation periods of FCRA and TCPA, with margin).
PROOF = Period(years=7)
#: Applications and what belongs to them (12 CFR 1002.12(b): 25 months; covers the two years of Cal. Civ. Code 1784.1).
APPLICATION = Period(months=25)
#: What browsers did, and what the machines did.
EVENTS = Period(months=13)
#: Network addresses, and the traces of people who never saved anything.
TRACES = Period(days=30)
