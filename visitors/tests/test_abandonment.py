"""H1: somebody saves at step 4 and falls silent; whatever is replayed or raced, one journey begins."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from carloans.core.clock import utc_now
from carloans.core.models import FeedEvent
from carloans.core.privacy.index import blind_index
from visitors import selectors, services, signals, tasks
from visitors.models import Application, Assessment, Visitor
from visitors.tests.conftest import EventsClient, event, save_event
from visitors.tests.factories import ApplicationFactory, SiteFactory, make_abandoned

VERDICT: dict[str, Any] = {
    "identity": "known",
    "channels": ["email"],
    "stop_reason": "contact_question",
    "priority": "high",
    "next_step": "email",
    "source": "agent",
}


def silent_for(application: Application, **ago: int) -> None:
    Application.objects.filter(pk=application.pk).update(last_event_at=utc_now() - timedelta(**ago))


def lead_ready() -> int:
    return FeedEvent.objects.filter(kind="lead_ready").count()


@pytest.fixture
def heard() -> Any:
    """What `visitor_abandoned` told."""
    told: list[dict[str, Any]] = []

    def listen(**facts: Any) -> None:
        told.append(facts)

    signals.visitor_abandoned.connect(listen)
    yield told
    signals.visitor_abandoned.disconnect(listen)


@pytest.mark.django_db(transaction=True)
def test_a_saved_and_silent_application_ends_as_exactly_one_lead_ready(heard: Any) -> None:
    SiteFactory.create()
    api = EventsClient()
    batch = [event("step_view", step=number) for number in (1, 2, 3, 4)] + [save_event(step=4)]
    mine = api.post(*batch).json()["visitor"]
    silent_for(Application.objects.get(), minutes=61)
    tasks.sweep_abandonment()
    for _ in range(2):
        assert api.post(*batch, visitor=mine).json()["duplicates"] == 5
        tasks.sweep_abandonment()
    application = Application.objects.get()
    assert (application.status, application.step_reached) == ("abandoned", 4)
    assert Visitor.objects.get().email_index == blind_index("email", "john.doe@gmail.com")
    assert lead_ready() == 1
    assert Assessment.objects.count() == 1
    assert [facts["application_id"] for facts in heard] == [application.pk]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_begin_one_journey(heard: Any) -> None:
    for _ in range(5):
        silent_for(ApplicationFactory.create(), hours=2)

    def sweep() -> None:
        start.wait()
        tasks.sweep_abandonment()
        connection.close()

    start = threading.Barrier(2)
    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tasks.sweep_abandonment()
    assert lead_ready() == 5
    assert len(heard) == 5
    assert set(Application.objects.values_list("abandonments", flat=True)) == {1}


@pytest.mark.parametrize(
    ("status", "minutes", "due"),
    [
        ("saved", 61, True),
        ("saved", 59, False),
        ("started", 61, False),
        ("returned", 61, True),
        ("submitted", 61, False),
    ],
)
def test_only_a_saved_and_silent_application_is_due(db: None, status: str, minutes: int, due: bool) -> None:
    application = ApplicationFactory.create(status=status)
    silent_for(application, minutes=minutes)
    now = utc_now()
    assert (application.pk in selectors.due_for_abandonment(now=now)) is due
    assert services.mark_abandoned(application_id=application.pk, now=now) is due


def test_an_application_is_abandoned_once_by_one_caller(db: None) -> None:
    application = ApplicationFactory.create()
    silent_for(application, hours=2)
    now = utc_now()
    assert services.mark_abandoned(application_id=application.pk, now=now)
    assert not services.mark_abandoned(application_id=application.pk, now=now)


def test_after_a_second_abandonment_we_leave_the_person_in_peace(db: None) -> None:
    application = ApplicationFactory.create(status="returned", abandonments=2)
    silent_for(application, hours=2)
    assert selectors.due_for_abandonment(now=utc_now()) == []


def test_only_one_may_judge_at_a_time_and_a_crashed_one_is_replaced(db: None, moment: datetime) -> None:
    application = make_abandoned()
    claim = {"application_id": application.pk}
    assert services.claim_judgement(**claim, now=moment)
    assert not services.claim_judgement(**claim, now=moment + timedelta(seconds=59))
    assert selectors.abandoned_without_assessment(now=moment) == []
    later = moment + timedelta(seconds=61)
    assert selectors.abandoned_without_assessment(now=later) == [application.pk]
    assert services.claim_judgement(**claim, now=later)


def test_an_abandonment_is_judged_once(db: None, moment: datetime) -> None:
    application = make_abandoned()
    assert services.record_assessment(application_id=application.pk, **VERDICT, now=moment)
    assert not services.record_assessment(application_id=application.pk, **VERDICT, now=moment)
    assert lead_ready() == 1


def test_who_came_back_meanwhile_is_not_written_to(db: None, moment: datetime) -> None:
    application = make_abandoned(status="returned")
    assert not services.record_assessment(application_id=application.pk, **VERDICT, now=moment)
    assert lead_ready() == 0


def test_work_on_the_form_is_a_return_and_a_heartbeat_is_not(site: Any, api: EventsClient) -> None:
    application = make_abandoned(visitor__site=site)
    api.post(event("heartbeat"), event("page_view"), visitor=str(application.visitor_id))
    assert Application.objects.get().status == "abandoned"
    api.post(event("field_focus", field="phone"), visitor=str(application.visitor_id))
    assert Application.objects.get().status == "returned"
    assert FeedEvent.objects.filter(kind="visitor.returned").count() == 1


def test_who_talks_in_the_chat_is_not_gone(db: None, moment: datetime) -> None:
    application = ApplicationFactory.create()
    silent_for(application, hours=2)
    assert services.note_activity(visitor_id=application.visitor_id, now=moment)
    assert selectors.due_for_abandonment(now=moment) == []


def test_who_comes_back_into_the_chat_has_returned(db: None, moment: datetime) -> None:
    application = make_abandoned()
    assert services.note_activity(visitor_id=application.visitor_id, now=moment)
    assert Application.objects.get().status == "returned"


def test_activity_without_an_open_application_is_nothing(db: None, moment: datetime) -> None:
    application = ApplicationFactory.create(status="submitted")
    assert not services.note_activity(visitor_id=application.visitor_id, now=moment)


def test_a_failing_agent_is_replaced_by_the_rule(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from carloans.core.errors import AgentTimeout
    from carloans.core.models import ErrorRecord
    from visitors import agent

    def fail(*args: Any, **kwargs: Any) -> None:
        raise AgentTimeout

    # The model's door is cathy's; here only its failure matters.
    monkeypatch.setattr(agent, "run_typed_sync", fail)
    application = make_abandoned()
    tasks.judge_abandonment(application_id=str(application.pk))
    verdict = Assessment.objects.get()
    assert (verdict.source, verdict.channels, verdict.next_step) == ("rule", ["email", "chat"], "email")
    assert ErrorRecord.objects.get().category == "agent_timeout"
