"""A notice that is owed has a clock, an owner and three alarms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carloans.core.errors import BadInput, NotFound
from carloans.core.models import FeedEvent
from credit import notices, selectors, tasks
from credit.models import NoticeDuty
from credit.tests.factories import DecidedCheckFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(now):
    check = DecidedCheckFactory(outcome="needs_person", created_at=now)
    return notices.open_duty(check=check, now=now)


def test_no_file_is_an_incomplete_application(now):
    check = DecidedCheckFactory(outcome="needs_person", status="no_hit")
    assert notices.open_duty(check=check, now=now).kind == "incompleteness"


def test_it_escalates_on_day_20_25_and_28_once_each(duty, now, monkeypatch):
    raised = []
    for day in range(0, 32):
        monkeypatch.setattr(tasks, "utc_now", lambda day=day: now + timedelta(days=day))
        raised += [day] * tasks.sweep_duties()
        raised += [day] * tasks.sweep_duties()
    assert raised == [20, 25, 28]
    alarms = FeedEvent.objects.filter(kind="credit.notice_escalated").order_by("at")
    assert [alarm.severity for alarm in alarms] == ["warn", "warn", "error"]
    assert "nobody owns it" in alarms[2].summary


def test_a_late_sweep_raises_the_highest_alarm_once(duty, now):
    late = now + timedelta(days=40)
    assert notices.escalate_duty(duty_id=duty.pk, now=late) is True
    assert notices.escalate_duty(duty_id=duty.pk, now=late) is False
    assert "overdue by 10 days" in FeedEvent.objects.get(kind="credit.notice_escalated").summary


def test_it_is_counted_and_listed_until_it_is_settled(duty, now, admin_user):
    late = now + timedelta(days=31)
    assert selectors.duty_counts(now=late) == {"open": 1, "unassigned": 1, "overdue": 1}
    notices.assign_duty(duty_id=duty.pk, staff_id=admin_user.pk, now=now)
    assert selectors.duty_counts(now=late)["unassigned"] == 0
    assert selectors.duty_list(now=late)[0]["owner"] == "admin"
    notices.settle_duty(duty_id=duty.pk, state="sent", staff_id=admin_user.pk, now=now)
    assert selectors.duty_counts(now=late) == {"open": 0, "unassigned": 0, "overdue": 0}
    assert selectors.duties_to_escalate(now=late) == []


def test_it_is_settled_once(duty, now, admin_user):
    notices.settle_duty(duty_id=duty.pk, state="held_by_creditor", staff_id=admin_user.pk, now=now)
    with pytest.raises(NotFound):
        notices.settle_duty(duty_id=duty.pk, state="sent", staff_id=admin_user.pk, now=now)
    assert NoticeDuty.objects.get().state == "held_by_creditor"


def test_it_cannot_be_settled_as_anything(duty, now, admin_user):
    with pytest.raises(BadInput):
        notices.settle_duty(duty_id=duty.pk, state="open", staff_id=admin_user.pk, now=now)
