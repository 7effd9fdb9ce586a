"""The whole journey on a virtual clock: when mails leave, in every zone, across a clock change, until somebody acts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from campaigns import selectors, services
from campaigns.models import Enrollment, Message
from campaigns.tests import factories
from campaigns.tests.test_sending import carry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]

ZONES = {"NY": "America/New_York", "IL": "America/Chicago", "CO": "America/Denver", "CA": "America/Los_Angeles"}
#: Two days before summer time ends (1 November 2026), and two before it begins (14 March 2027).
BEGINNINGS = [datetime(2026, 10, 30, 0, 30, tzinfo=UTC), datetime(2027, 3, 12, 0, 30, tzinfo=UTC)]


def live_through(enrollment: Enrollment, start: datetime, *, days: int, until: datetime | None = None) -> list[Message]:
    """What the sweeps do, every half an hour; returns the mails that left, in order."""
    now = start
    while now < start + timedelta(days=days):
        if until and now >= until:
            services.stop_enrollment(application_id=enrollment.application_id, reason="returned", now=now)
        for enrollment_id in selectors.due_enrollments(now=now):
            factories.write(Enrollment.objects.get(pk=enrollment_id), now=now)
        for message_id in selectors.due_messages(now=now):
            carry(Message.objects.get(pk=message_id), now)
        now += timedelta(minutes=30)
    return list(Message.objects.filter(enrollment=enrollment, sent_at__isnull=False).order_by("sent_at"))


@pytest.mark.slow
@pytest.mark.parametrize("start", BEGINNINGS)
@pytest.mark.parametrize("state", ZONES)
def test_three_mails_by_day_and_twenty_hours_apart(provider, state, start):
    start += timedelta(hours=list(ZONES).index(state) * 5)
    enrollment = factories.enrolled(now=start, state=state)
    mails = live_through(enrollment, start, days=5)
    assert [factories.order(one) for one in mails] == [1, 2, 3]
    moments = [one.sent_at for one in mails if one.sent_at]
    for moment in moments:
        assert time(8) <= moment.astimezone(ZoneInfo(ZONES[state])).time() < time(21)
    for earlier, later in pairwise(moments):
        assert later - earlier >= timedelta(hours=20)
    for moment, hours in zip(moments, (0, 23, 71), strict=True):
        # Not before its time, and at most one night (or the pace of the mail before) after it.
        assert timedelta() <= moment - start - timedelta(hours=hours) <= timedelta(hours=25)
    enrollment.refresh_from_db()
    assert enrollment.state == "completed"
    assert [provider.got(one) for one in mails] == [1, 1, 1]


def test_by_day_the_mails_leave_1_24_and_72_hours_after_the_last_sign_of_life(provider):
    left = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
    found = left + timedelta(hours=1)
    enrollment = factories.enrolled(now=found, state="NY")
    mails = live_through(enrollment, found, days=5)
    assert [(one.sent_at - left) // timedelta(hours=1) for one in mails if one.sent_at] == [1, 24, 72]


@pytest.mark.slow
@pytest.mark.parametrize("hours", [0, 10, 30, 60])
def test_after_a_return_no_mail_leaves(provider, hours):
    start = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
    back = start + timedelta(hours=hours)
    mails = live_through(factories.enrolled(now=start, state="NY"), start, days=5, until=back)
    assert all(one.sent_at < back for one in mails if one.sent_at)
    assert len(mails) == {0: 0, 10: 1, 30: 2, 60: 2}[hours]
