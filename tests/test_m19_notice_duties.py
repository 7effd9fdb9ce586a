"""The clocks of 12 CFR 1002.9 on a virtual clock: what starts each, what ends it, who owns it, when it alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from carloans.core import clock
from carloans.core.clock import Journey
from carloans.core.errors import BadInput, NotAllowed
from carloans.core.models import AuditEntry, FeedEvent
from credit import clocks, duties, notices, selectors, tasks
from credit.models import NoticeDuty, NoticePolicy
from credit.tests.factories import DecidedCheckFactory
from dashboard import roles
from visitors import selectors as visitor_selectors
from visitors import services as visitors
from visitors.models import Application, Visitor
from visitors.tests.factories import ApplicationFactory, SiteFactory, VisitorFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 30, 22, 15, tzinfo=UTC)


@pytest.fixture
def time() -> Iterator[Journey]:
    with clock.travelling(START) as journey:
        yield journey


@pytest.fixture
def officer(db: None) -> Any:
    user = get_user_model().objects.create_user("olive", is_staff=True)
    roles.assign(user, "compliance")
    return user


def arrived(**facts: Any) -> Application:
    """An application that the lender's platform sent, as the sweep finds it."""
    row = ApplicationFactory.create(**{"external_id": f"L-{Application.objects.count()}", **facts})
    tasks.sweep_applications()
    return row


def submit(application: Application, at: datetime) -> None:
    Application.objects.filter(pk=application.pk).update(status="submitted", submitted_at=at)
    notices.note_application(application_id=application.pk, now=at)


def duty_of(application: Application, kind: str) -> NoticeDuty:
    return NoticeDuty.objects.get(application_id=application.pk, kind=kind)


def sent(duty: NoticeDuty, staff: Any, on: date, says: str, now: datetime) -> None:
    proof = notices.Proof(method="letter", sent_on=on, text_sha256="b" * 64, reference="RR 1")
    notices.settle_duty(duty_id=duty.pk, state="sent", staff_id=staff.pk, now=now, proof=proof, says=says)


def alarms_until(time: Journey, days: int) -> list[int]:
    """Let the hourly sweep run through some days; the day of each alarm."""
    raised = []
    for hour in range(1, days * 24 + 1):
        time.to(START + timedelta(hours=hour))
        raised += [hour // 24] * tasks.sweep_duties()
    return raised


# Clocks


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2026, 1, 30, 22, 15, tzinfo=UTC), datetime(2026, 3, 1, 22, 15, tzinfo=UTC)),
        (datetime(2028, 1, 31, 0, 0, tzinfo=UTC), datetime(2028, 3, 1, 0, 0, tzinfo=UTC)),
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 30, 23, 59, tzinfo=UTC)),
        (datetime(2026, 12, 15, 12, 0, tzinfo=UTC), datetime(2027, 1, 14, 12, 0, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_m19_thirty_days_are_thirty_days_over_month_ends_leap_days_and_summer_time(
    settings: Any, start: datetime, due: datetime, zone: str
) -> None:
    settings.TIME_ZONE = zone
    assert clocks.due_at("decision", start) == due


def test_m19_a_completed_application_is_owed_a_decision_within_thirty_days(time: Journey) -> None:
    application = ApplicationFactory.create(status="submitted", submitted_at=START, visitor__email="")
    tasks.note_application(application_id=str(application.pk))
    duty = duty_of(application, "decision")
    assert (duty.opened_at, duty.due_at, duty.missing) == (START, START + timedelta(days=30), [])
    found = selectors.application_clocks(application_ids=[application.pk])[application.pk]
    assert (found.received_at, found.complete, found.notice_due_at) == (START, True, START + timedelta(days=30))


def test_m19_a_real_submission_starts_the_clock_without_a_sweep(
    time: Journey, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(tasks.note_application, "delay", lambda *, application_id: told.append(application_id))
    application = ApplicationFactory.create()
    with django_capture_on_commit_callbacks(execute=True):
        visitors.submit_application(application_id=application.pk, now=START)
    assert told == [str(application.pk)]


def test_m19_what_the_platform_sends_is_an_incomplete_application_from_the_day_it_arrives(time: Journey) -> None:
    application = arrived(visitor__first_name="", employer="")
    duty = duty_of(application, "incompleteness")
    assert (duty.opened_at, duty.due_at) == (START, START + timedelta(days=30))
    assert duty.missing == ["name", "employer", "submission"]
    assert not selectors.application_clocks(application_ids=[application.pk])[application.pk].complete


def test_m19_a_saved_form_is_an_application_only_where_the_sites_procedures_say_so(time: Journey) -> None:
    plain = arrived(external_id=None)
    assert not NoticeDuty.objects.exists()
    NoticePolicy.objects.create(site=plain.site, saved_forms_count=True)
    tasks.sweep_applications()
    assert duty_of(plain, "incompleteness").opened_at == START


def test_m19_a_site_may_say_that_an_import_is_none(time: Journey) -> None:
    NoticePolicy.objects.create(site=SiteFactory.create(), imports_count=False)
    arrived()
    assert not NoticeDuty.objects.exists()


def test_m19_a_bot_is_owed_nothing(time: Journey) -> None:
    arrived(visitor=VisitorFactory.create(is_bot=True))
    assert not NoticeDuty.objects.exists()


def test_m19_sweeping_twice_opens_one_duty_and_old_losses_are_found(time: Journey) -> None:
    application = ApplicationFactory.create(external_id="L-1")
    time.to(START + timedelta(days=20))
    assert tasks.sweep_applications() == 0
    assert [tasks.sweep_applications(hours=45 * 24) for _ in range(2)] == [1, 0]
    assert duty_of(application, "incompleteness").due_at == START + timedelta(days=30)


def test_m19_completing_the_application_ends_one_clock_and_starts_the_other(time: Journey) -> None:
    application = arrived()
    later = START + timedelta(days=3)
    submit(application, later)
    ended = duty_of(application, "incompleteness")
    assert (ended.state, ended.closed_reason, ended.settled_at) == ("closed", "application_completed", later)
    assert duty_of(application, "decision").due_at == later + timedelta(days=30)
    entry = AuditEntry.objects.get(action="credit.notice_closed")
    assert (entry.actor, entry.facts) == ("system", {"reason": "application_completed"})


def test_m19_a_sweep_that_looked_before_the_submission_leaves_no_duty_behind(
    time: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = ApplicationFactory.create(external_id="L-1")
    look, later = visitor_selectors.received_application, START + timedelta(minutes=1)

    def looked_too_early(**kwargs: Any) -> Any:
        seen = look(**kwargs)
        monkeypatch.undo()
        submit(application, later)
        return seen

    monkeypatch.setattr(visitor_selectors, "received_application", looked_too_early)
    notices.note_application(application_id=application.pk, now=START)
    assert duty_of(application, "incompleteness").closed_reason == "application_completed"
    assert duty_of(application, "decision").state in notices.OPEN


def test_m19_completing_the_form_does_not_settle_what_a_check_left_behind(time: Journey) -> None:
    application = arrived()
    check = DecidedCheckFactory.create(
        outcome="needs_person", status="no_hit", created_at=START, application_id=application.pk
    )
    left = notices.open_duty(check=check, now=START)
    submit(application, START + timedelta(days=1))
    left.refresh_from_db()
    assert left.state in notices.OPEN


def test_m19_a_counter_offer_has_ninety_days_and_ends_with_its_acceptance(time: Journey, officer: Any) -> None:
    application = arrived()
    submit(application, START)
    made = START + timedelta(days=5)
    sent(duty_of(application, "decision"), officer, made.date(), "counter_offer", made)
    offer = duty_of(application, "counter_offer")
    assert offer.opened_at == datetime(2026, 2, 4, tzinfo=UTC)
    assert offer.due_at == datetime(2026, 5, 5, tzinfo=UTC)
    assert notices.accept_offer(application_id=application.pk, now=made + timedelta(days=10)) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.closed_reason) == ("closed", "offer_accepted")


def test_m19_a_counter_offer_raises_its_alarms_before_its_own_end(time: Journey, officer: Any) -> None:
    application = arrived()
    submit(application, START)
    sent(duty_of(application, "decision"), officer, START.date(), "counter_offer", START)
    raised = []
    for day in range(1, 93):
        time.to(START + timedelta(days=day))
        raised += [day] * tasks.sweep_duties()
    assert raised == [80, 85, 88, 90]


def test_m19_reasons_may_be_asked_for_within_sixty_days_and_are_owed_within_thirty(time: Journey, officer: Any) -> None:
    application = arrived()
    submit(application, START)
    decision = duty_of(application, "decision")
    with pytest.raises(NotAllowed, match="no_adverse_notice"):
        notices.ask_reasons(duty_id=decision.pk, asked_at=START, staff_id=officer.pk, now=START)
    sent(decision, officer, START.date(), "adverse_action", START)
    asked = START + timedelta(days=60)
    too_late = asked + timedelta(days=1)
    with pytest.raises(NotAllowed, match="asked_too_late"):
        notices.ask_reasons(duty_id=decision.pk, asked_at=too_late, staff_id=officer.pk, now=too_late)
    duty = notices.ask_reasons(duty_id=decision.pk, asked_at=asked, staff_id=officer.pk, now=too_late)
    assert (duty.kind, duty.due_at, duty.follows) == ("reasons", asked + timedelta(days=30), decision)


@pytest.mark.parametrize("kind", ["adverse_action", "account_action"])
def test_m19_adverse_action_starts_thirty_days_from_the_action(time: Journey, officer: Any, kind: str) -> None:
    received = duty_of(arrived(), "incompleteness")
    taken = START - timedelta(hours=30)
    duty = notices.note_action(duty_id=received.pk, kind=kind, taken_at=taken, staff_id=officer.pk, now=START)
    assert (duty.kind, duty.due_at) == (kind, taken + timedelta(days=30))
    with pytest.raises(BadInput):
        notices.note_action(
            duty_id=received.pk, kind=kind, taken_at=START + timedelta(days=1), staff_id=officer.pk, now=START
        )


def test_m19_a_duty_does_not_end_for_a_reason_that_the_law_does_not_know(time: Journey) -> None:
    duty = duty_of(arrived(), "incompleteness")
    with pytest.raises(NotAllowed, match="not_a_reason"):
        notices.close_duty(duty_id=duty.pk, reason="offer_accepted", actor="staff:1", now=START)
    assert notices.close_duty(duty_id=duty.pk, reason="application_withdrawn", actor="staff:1", now=START)


# Owners and alarms


def test_m19_alarms_on_day_20_25_28_and_when_overdue_once_each(time: Journey, officer: Any) -> None:
    arrived()
    assert alarms_until(time, 33) == [20, 25, 28, 30]
    severities = FeedEvent.objects.filter(kind="credit.notice_escalated").order_by("at", "pk")
    assert [event.severity for event in severities] == ["warn", "warn", "error", "error"]


def test_m19_many_duties_that_wait_for_their_next_alarm_hide_none_that_reached_it(time: Journey, officer: Any) -> None:
    for days, escalated in ((9, 20), (9, 20), (9, 20), (2, 25)):
        duty = duty_of(arrived(), "incompleteness")
        NoticeDuty.objects.filter(pk=duty.pk).update(due_at=START + timedelta(days=days), escalated=escalated)
    assert duties.duties_to_escalate(now=START, limit=2) == [duty.pk]


def test_m19_nothing_overdue_is_without_an_owner(time: Journey, officer: Any) -> None:
    """The report of every day of two months: officers come and go, duties arise, nobody settles anything."""
    second = get_user_model().objects.create_user("otto", is_staff=True)
    roles.assign(second, "compliance")
    for day in range(60):
        time.to(START + timedelta(days=day))
        arrived(created_at=time.now)
        if day == 25:
            get_user_model().objects.filter(pk=officer.pk).update(is_active=False)
        tasks.sweep_duties()
        assert selectors.duty_counts(now=time.now)["overdue_unassigned"] == 0
        assert selectors.duty_counts(now=time.now)["unassigned"] == 0
    assert selectors.duty_counts(now=time.now)["overdue"] == 29
    assert set(NoticeDuty.objects.values_list("owner__username", flat=True)) == {"otto"}


def test_m19_duties_go_round_among_those_who_may_settle(time: Journey, officer: Any) -> None:
    second = get_user_model().objects.create_user("otto", is_staff=True)
    roles.assign(second, "manager")
    roles.assign(get_user_model().objects.create_user("vic", is_staff=True), "viewer")
    for _ in range(4):
        arrived()
    owners = NoticeDuty.objects.order_by("pk").values_list("owner__username", flat=True)
    assert sorted(owners) == ["olive", "olive", "otto", "otto"]


def test_m19_a_sites_compliance_owner_gets_its_duties(time: Journey, officer: Any) -> None:
    chosen = get_user_model().objects.create_user("cora", is_staff=True)
    NoticePolicy.objects.create(site=SiteFactory.create(), owner=chosen)
    assert duty_of(arrived(), "incompleteness").owner == chosen


def test_m19_with_nobody_to_own_it_the_report_says_so_until_there_is(time: Journey) -> None:
    duty = duty_of(arrived(), "incompleteness")
    assert (duty.owner, selectors.duty_counts(now=START)["unassigned"]) == (None, 1)
    roles.assign(get_user_model().objects.create_user("olive", is_staff=True), "compliance")
    tasks.sweep_duties()
    duty.refresh_from_db()
    assert (duty.state, duty.owner.get_username()) == ("assigned", "olive")  # type: ignore[union-attr]
    entry = AuditEntry.objects.get(action="credit.notice_assigned")
    assert entry.actor == "system"


def test_m19_lists_cost_the_same_for_one_duty_and_for_many(
    time: Journey, django_assert_num_queries: Any, officer: Any
) -> None:
    rows = [arrived() for _ in range(5)]
    with django_assert_num_queries(1):
        assert len(duties.duty_list(now=START)) == 5
    with django_assert_num_queries(1):
        duties.duty_counts(now=START)
    with django_assert_num_queries(1):
        assert len(selectors.application_clocks(application_ids=[row.pk for row in rows])) == 5


def test_m19_no_duty_holds_personal_data(time: Journey, officer: Any) -> None:
    arrived()
    person = Visitor.objects.get()
    facts = str(list(AuditEntry.objects.values())) + str(list(FeedEvent.objects.values()))
    facts += str(list(NoticeDuty.objects.values()))
    for secret in (person.email, person.phone, person.last_name, "Acme"):
        assert secret not in facts
