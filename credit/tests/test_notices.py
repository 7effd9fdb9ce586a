"""A notice that is owed has a clock, an owner and three alarms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from carloans.core.errors import BadInput, NotFound
from carloans.core.models import AuditEntry, FeedEvent
from credit import duties, notices, selectors, tasks
from credit.models import NoticeDuty, NoticeProof
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
    assert raised == [20, 25, 28, 31]
    alarms = FeedEvent.objects.filter(kind="credit.notice_escalated").order_by("at")
    assert [alarm.severity for alarm in alarms] == ["warn", "warn", "error", "error"]
    assert "nobody owns it" in alarms[2].summary
    assert "overdue" in alarms[3].summary


def test_a_late_sweep_raises_the_highest_alarm_once(duty, now):
    late = now + timedelta(days=40)
    assert notices.escalate_duty(duty_id=duty.pk, now=late) is True
    assert notices.escalate_duty(duty_id=duty.pk, now=late) is False
    assert "overdue by 10 days" in FeedEvent.objects.get(kind="credit.notice_escalated").summary


def test_it_is_counted_and_listed_until_it_is_settled(duty, now, admin_user):
    late = now + timedelta(days=31)
    assert selectors.duty_counts(now=late) == {"open": 1, "unassigned": 1, "overdue": 1, "overdue_unassigned": 1}
    notices.assign_duty(duty_id=duty.pk, staff_id=admin_user.pk, now=now)
    assert selectors.duty_counts(now=late)["unassigned"] == 0
    assert selectors.duty_list(now=late)[0]["owner"] == "admin"
    settle(duty, admin_user, now)
    assert set(selectors.duty_counts(now=late).values()) == {0}
    assert duties.duties_to_escalate(now=late) == []


def settle(duty, staff, now, **changes):
    proof = {"method": "letter", "sent_on": now.date(), "text_sha256": "a" * 64, "reference": "RR 12 US"}
    says = changes.pop("says", "adverse_action")
    given = notices.Proof(**{**proof, **changes})
    notices.settle_duty(duty_id=duty.pk, state="sent", staff_id=staff.pk, now=now, proof=given, says=says)


def test_sending_is_proven_by_method_day_reference_person_and_hash(duty, now, admin_user):
    settle(duty, admin_user, now)
    proof = NoticeProof.objects.get()
    assert (proof.method, proof.sent_on, proof.reference) == ("letter", now.date(), "RR 12 US")
    assert (proof.text_sha256, proof.staff, proof.recorded_at) == ("a" * 64, admin_user, now)
    entry = AuditEntry.objects.get(action="credit.notice_settled")
    assert (entry.actor, entry.facts["proof"]) == (f"staff:{admin_user.pk}", str(proof.pk))


def test_a_proof_can_be_neither_changed_nor_removed(duty, now, admin_user):
    settle(duty, admin_user, now)
    for statement in ("UPDATE credit_noticeproof SET reference = 'x'", "DELETE FROM credit_noticeproof"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert NoticeProof.objects.get().reference == "RR 12 US"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "our_mail"}, "method_missing"),
        ({"method": "pigeon"}, "method_missing"),
        ({"text_sha256": ""}, "text_missing"),
        ({"text_sha256": "A" * 64}, "text_missing"),
        ({"says": "approval_maybe"}, "says_missing"),
        ({"days": 1}, "in_the_future"),
        ({"days": -1}, "before_the_clock"),
        ({"reference": "call 512-555-0134"}, "reference_refused"),
        ({"reference": "r" * 201}, "reference_refused"),
    ],
)
def test_a_proof_that_proves_nothing_settles_nothing(duty, now, admin_user, change, code):
    change = dict(change)
    change["sent_on"] = now.date() + timedelta(days=change.pop("days", 0))
    with pytest.raises(BadInput) as refusal:
        settle(duty, admin_user, now, **change)
    assert refusal.value.code == code
    assert not NoticeProof.objects.exists()
    assert NoticeDuty.objects.get().state in notices.OPEN


def test_it_is_not_settled_as_sent_without_a_proof(duty, now, admin_user):
    with pytest.raises(BadInput):
        notices.settle_duty(duty_id=duty.pk, state="sent", staff_id=admin_user.pk, now=now)


def test_it_is_settled_once(duty, now, admin_user):
    notices.settle_duty(duty_id=duty.pk, state="held_by_creditor", staff_id=admin_user.pk, now=now)
    with pytest.raises(NotFound):
        settle(duty, admin_user, now)
    assert NoticeDuty.objects.get().state == "held_by_creditor"
    assert NoticeProof.objects.get().method == "held_by_creditor"


def test_it_cannot_be_settled_as_anything(duty, now, admin_user):
    with pytest.raises(BadInput):
        notices.settle_duty(duty_id=duty.pk, state="open", staff_id=admin_user.pk, now=now)


def test_a_check_leaves_one_duty(now):
    check = DecidedCheckFactory(outcome="needs_person", created_at=now)
    assert notices.open_duty(check=check, now=now).pk == notices.open_duty(check=check, now=now).pk
