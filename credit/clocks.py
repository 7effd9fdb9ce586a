"""How long the law gives for each notice, from what moment, and by which paragraph (12 CFR 1002.9).

Days are counted in UTC from the moment that started the clock, so neither a month's length nor a change to or from
summer time moves a deadline.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from credit.models import NoticeDuty

Kind = NoticeDuty.Kind

DAYS: Final = MappingProxyType(
    {
        Kind.DECISION: 30,
        Kind.INCOMPLETENESS: 30,
        Kind.ADVERSE_ACTION: 30,
        Kind.ACCOUNT_ACTION: 30,
        Kind.COUNTER_OFFER: 90,
        Kind.REASONS: 30,
    }
)
BASIS: Final = MappingProxyType(
    {
        Kind.DECISION: "12 CFR 1002.9(a)(1)(i): within 30 days after receiving a completed application",
        Kind.INCOMPLETENESS: "12 CFR 1002.9(c): within 30 days after receiving an incomplete application",
        Kind.ADVERSE_ACTION: "12 CFR 1002.9(a)(1)(i)-(ii): within 30 days after the action",
        Kind.ACCOUNT_ACTION: "12 CFR 1002.9(a)(1)(iii): within 30 days after adverse action on an existing account",
        Kind.COUNTER_OFFER: "12 CFR 1002.9(a)(1)(iv): within 90 days after a counter-offer that is not accepted",
        Kind.REASONS: "12 CFR 1002.9(a)(2)(ii): within 30 days after a request made within 60 days of the notice",
    }
)
#: An applicant may ask for the reasons so long after the notice.
REASONS_WITHIN: Final = timedelta(days=60)
#: Days left, and the alarm raised then by its day in a 30-day clock; 30 is "overdue".
ALARMS: Final = ((2, 28), (5, 25), (10, 20))
OVERDUE: Final = 30


def due_at(kind: str, started: datetime) -> datetime:
    """When a notice of this kind is due whose clock began to run then."""
    return started + timedelta(days=DAYS[Kind(kind)])


def alarm_at(due: datetime, now: datetime) -> int:
    """The alarm that stands at `now`: 0 for none yet, then 20, 25, 28, and 30 once it is overdue."""
    left = due - now
    if left < timedelta(0):
        return OVERDUE
    return next((level for days, level in ALARMS if left <= timedelta(days=days)), 0)


def days_left(due: datetime, now: datetime) -> int:
    """Whole days until a deadline; once it is past, how many days it is, at least 1, with a minus."""
    return (due - now).days if now <= due else -max((now - due).days, 1)


def start_of(day: date) -> datetime:
    """The first moment of a day, in UTC: a clock that starts on a day starts with it."""
    return datetime.combine(day, time.min, tzinfo=UTC)
