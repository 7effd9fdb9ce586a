"""From the news of an abandonment to the mail, through the tasks; and with every nudge lost, through the sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from campaigns import seeds, tasks
from campaigns.models import Enrollment, Message, WebhookToken
from campaigns.tests import factories
from carloans import celery
from carloans.core.clock import utc_now
from carloans.core.models import ErrorRecord
from visitors import selectors
from visitors import services as visitors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo() -> str:
    """A site without quiet hours, since these tests run on the real clock."""
    seeds.seed(utc_now())
    return factories.site("demo", is_demo=True)


@pytest.fixture
def deaf(monkeypatch):
    """Every nudge is lost: a task that is enqueued never runs."""
    names = ["enrol_application", "write_next_mail", "send_mail", "stop_journey", "stop_journeys_of", "send_fresh_link"]
    plain = {name: getattr(tasks, name).delay for name in names}
    for name in names:
        monkeypatch.setattr(getattr(tasks, name), "delay", lambda **kwargs: None)

    def hear() -> None:
        for name, delay in plain.items():
            monkeypatch.setattr(getattr(tasks, name), "delay", delay)

    return hear


def sent() -> list[Message]:
    return list(Message.objects.filter(state="done"))


def test_an_abandonment_becomes_a_mail(provider, demo):
    factories.gone(now=utc_now(), site_key=demo)
    (message,) = sent()
    assert message.source == "agent"
    assert provider.got(message) == 1
    next_step_at = Enrollment.objects.get().next_step_at
    assert next_step_at
    assert next_step_at > utc_now() + timedelta(hours=22)


def test_the_sweep_finds_what_lost_nudges_meant(provider, demo, deaf):
    factories.gone(now=utc_now(), site_key=demo)
    assert not Enrollment.objects.exists()
    deaf()
    for _ in range(3):
        tasks.sweep()
    (message,) = sent()
    assert provider.got(message) == 1


def test_a_return_whose_news_was_lost_ends_the_journey_in_the_sweep(provider, demo, monkeypatch):
    person = factories.gone(now=utc_now(), site_key=demo)
    (message,) = sent()
    token = visitors.issue_return_link(application_id=person.application_id, message_id=message.pk, now=utc_now())
    with monkeypatch.context() as lost:
        lost.setattr(tasks.stop_journey, "delay", lambda **kwargs: None)
        visitors.redeem_return_link(token=token, now=utc_now())
    assert Enrollment.objects.get().state == "active"
    tasks.sweep()
    assert (Enrollment.objects.get().state, Enrollment.objects.get().stop_reason) == ("stopped", "returned")


def test_the_slow_sweep_looks_back_for_days(provider, demo, deaf):
    factories.gone(now=utc_now() - timedelta(hours=5), site_key=demo)
    deaf()
    tasks.sweep()
    assert not Enrollment.objects.exists()
    tasks.sweep_reports()
    assert len(sent()) == 1


@pytest.mark.parametrize("way", ["link", "submit", "withdraw", "erase"])
def test_news_from_the_visitors_room_ends_the_journey(provider, demo, way):
    person = factories.gone(now=utc_now(), site_key=demo)
    (message,) = sent()
    now = utc_now()
    if way == "link":
        token = visitors.issue_return_link(application_id=person.application_id, message_id=message.pk, now=now)
        visitors.redeem_return_link(token=token, now=now)
    elif way == "submit":
        visitors.submit_application(application_id=person.application_id, now=now)
    elif way == "withdraw":
        visitors.withdraw_consent(visitor_id=person.visitor_id, via="page", now=now)
    else:
        visitors.erase_visitor(visitor_id=person.visitor_id, now=now)
    expected = {"link": "returned", "submit": "submitted", "withdraw": "no_consent", "erase": "erased"}[way]
    assert (Enrollment.objects.get().state, Enrollment.objects.get().stop_reason) == ("stopped", expected)
    message.refresh_from_db()
    assert (message.clicked_at == now) is (way == "link")


def test_a_used_links_owner_gets_one_fresh_link_per_request(provider, demo):
    person = factories.gone(now=utc_now(), site_key=demo)
    (message,) = sent()
    token = visitors.issue_return_link(application_id=person.application_id, message_id=message.pk, now=utc_now())
    visitors.redeem_return_link(token=token, now=utc_now())
    assert visitors.request_fresh_link(token=token, now=utc_now())
    visitors.request_fresh_link(token=token, now=utc_now())
    tasks.sweep()
    fresh = Message.objects.get(kind="fresh_link")
    assert (fresh.state, provider.got(fresh)) == ("done", 1)
    text = provider.posts[-1]["text"]
    new = text.split("/r/")[1].split()[0]
    assert new != token
    assert selectors.return_link_preview(token=new, now=utc_now()) == "usable"
    assert "Advertisement" not in text


def test_the_task_of_a_mail_that_is_gone_does_nothing(demo):
    tasks.send_mail(message_id="00000000-0000-0000-0000-000000000000")
    tasks.enrol_application(application_id="00000000-0000-0000-0000-000000000000")
    tasks.write_next_mail(enrollment_id="00000000-0000-0000-0000-000000000000")


def test_a_lost_report_is_asked_for(provider, demo):
    factories.gone(now=utc_now(), site_key=demo)
    Message.objects.update(sent_at=utc_now() - timedelta(minutes=10))
    tasks.sweep_reports()
    assert Message.objects.get().delivered_at is not None


def test_a_provider_that_cannot_be_asked_is_noted(provider, demo):
    factories.gone(now=utc_now(), site_key=demo)
    Message.objects.update(sent_at=utc_now() - timedelta(minutes=10))
    provider.fails_with("outage")
    tasks.sweep_reports()
    assert ErrorRecord.objects.filter(where="campaigns.reconcile").exists()


def test_old_webhook_tokens_are_forgotten(demo):
    def remember(token: str, seen_at: datetime) -> None:
        WebhookToken.objects.create(token_hash=token, event_id="e", seen_at=seen_at)

    remember("old", utc_now() - timedelta(hours=2))
    remember("new", utc_now())
    tasks.sweep_reports()
    assert [one.token_hash for one in WebhookToken.objects.all()] == ["new"]


def test_the_schedule_names_tasks_that_exist():
    scheduled: dict[str, Any] = tasks.SCHEDULE
    assert {entry["task"] for entry in scheduled.values()} <= set(celery.app.tasks)


def test_the_delivery_report_comes_back_over_http(live_server, provider, demo):
    """The whole circle: the provider's signed webhook reaches the real address."""
    provider.account.webhook_url = f"{live_server.url}/webhooks/mailgun/"
    factories.gone(now=utc_now(), site_key=demo, email="jane+outcome-clicked@gmail.com")
    message = _await(lambda: Message.objects.filter(clicked_at__isnull=False).first())
    assert message.delivered_at
    assert message.opened_at


def _await(look: Callable[[], Message | None]) -> Message:
    deadline = utc_now() + timedelta(seconds=60)
    while utc_now() < deadline:
        if found := look():
            return found
    raise AssertionError("It never came.")


def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", "campaigns", check=True, dry_run=True, verbosity=0)
