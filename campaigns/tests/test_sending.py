"""Exactly once, or not at all when it is not wanted any more. The simulated provider counts what it accepted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from campaigns import letters, people, services
from campaigns.models import Message
from campaigns.services import sending
from campaigns.tests import factories
from campaigns.tests.conftest import Provider
from campaigns.tests.factories import NOON, Gone
from carloans.core import audit
from carloans.core.models import AuditEntry, ErrorRecord, FeedEvent, Switch
from visitors import services as visitors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


def carry(message: Message, now: datetime = NOON) -> Message:
    """What the send task does: a fresh look at the row, one try."""
    fresh = Message.objects.select_related("enrollment").get(pk=message.pk)
    services.deliver(message=fresh, now=now)
    return Message.objects.select_related("enrollment").get(pk=message.pk)


def carry_until_settled(message: Message, now: datetime = NOON) -> Message:
    """Sweeps that come by until nothing waits."""
    for _ in range(20):
        message = carry(message, now)
        if message.state not in {"pending", "claimed"}:
            return message
        now = max(now, message.due_at, message.claimed_until or now) + timedelta(seconds=1)
    return message


def test_a_mail_leaves_once_and_is_recorded(provider):
    message = carry(factories.message())
    assert (message.state, message.sent_at, message.attempts) == ("done", NOON, 1)
    assert message.provider_message_id == f"{message.pk}@mail.carloans.example"
    assert message.send_ms is not None
    assert provider.got(message) == 1
    assert AuditEntry.objects.filter(action="email.sent", subject=f"message:{message.pk}").count() == 1
    assert FeedEvent.objects.filter(kind="email.sent").count() == 1
    assert carry(message, NOON + timedelta(days=1)).state == "done"
    assert provider.got(message) == 1


def test_it_goes_to_the_person_and_carries_their_name_and_link(provider):
    message = factories.message(email="jane.doe@gmail.com", first_name="Jane")
    carry(message)
    (sent,) = provider.posts
    assert sent.getlist("to") == ["jane.doe@gmail.com"]
    assert "Hi Jane," in sent["text"]
    token = sent["text"].split("/r/")[1].split()[0]
    assert len(token) >= 43
    assert "/r/" in sent["html"]
    assert token not in str(list(Message.objects.filter(pk=message.pk).values()))


def test_a_mail_that_is_rendered_twice_has_the_same_link(provider):
    message = factories.message()
    reader = factories.reader(message.enrollment)
    first, second = (letters.letter_for(message=message, reader=reader, now=NOON).text for _ in range(2))
    assert first == second


@pytest.mark.parametrize("fault", ["error", "outage", "rate_limited", "unauthorized"])
def test_a_provider_that_fails_is_tried_again_later(provider, fault):
    message = factories.message()
    provider.fails_with(fault)
    message = carry(message)
    assert (message.state, message.attempts) == ("pending", 1)
    assert message.due_at > NOON
    assert message.last_error_category == "external_api"
    assert ErrorRecord.objects.filter(where="campaigns.deliver", provider="mailgun").exists()
    provider.works()
    assert carry_until_settled(message, message.due_at).state == "done"
    assert provider.got(message) == 1


@pytest.mark.parametrize("fault", ["stall", "stall_after_accept", "html"])
def test_after_an_unknown_outcome_the_provider_is_asked_and_the_mail_leaves_once(provider, fault):
    message = factories.message()
    provider.fails_with(fault)
    assert carry(message).state == "pending"
    provider.works()
    message = carry_until_settled(message, NOON + timedelta(minutes=5))
    assert (message.state, provider.got(message)) == ("done", 1)
    assert provider.lookups == 1
    assert message.sent_at is not None


def test_while_the_provider_cannot_be_asked_nothing_is_sent_again(provider):
    message = factories.message()
    provider.fails_with("stall_after_accept")
    carry(message)
    provider.fails_with("outage")
    message = carry_until_settled(message, NOON + timedelta(minutes=5))
    assert (message.state, message.failure, provider.got(message)) == ("parked", "failed", 1)
    assert message.last_error_code == "mail_provider_503"
    assert message.attempts == sending.MAX_ATTEMPTS
    assert FeedEvent.objects.filter(kind="email.failed", severity="warn").count() == 1


def test_a_log_that_runs_behind_is_given_time(provider, monkeypatch):
    """The real provider's "never heard of it" counts only after a while."""
    monkeypatch.setitem(sending.SETTLE_SECONDS, "simulated", 90)
    message = factories.message()
    provider.fails_with("stall")
    carry(message)
    provider.works()
    message = carry(message, NOON + timedelta(seconds=30))
    assert (message.state, message.last_error_code, provider.got(message)) == ("pending", "outcome_unknown", 0)
    assert message.due_at == NOON + timedelta(seconds=90)
    assert carry(message, NOON + timedelta(seconds=91)).state == "done"
    assert provider.got(message) == 1


def test_a_refused_mail_is_parked_at_once_and_the_rest_of_the_journey_stays(provider):
    message = factories.message()
    provider.fails_with("refused")
    message = carry(message)
    assert (message.state, message.last_error_code, message.attempts) == ("parked", "mail_refused", 1)
    provider.works()
    assert factories.order(factories.written(message.enrollment, now=NOON + timedelta(hours=23))) == 2


def test_an_unforeseen_failure_is_tried_again(provider, monkeypatch):
    message = factories.message()

    def broken(**kwargs: Any) -> None:
        raise RuntimeError("jane@gmail.com is in this text")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", broken)
        message = carry(message)
    assert (message.state, message.last_error_code, message.last_error_category) == ("pending", "RuntimeError", "bug")
    assert carry_until_settled(message, NOON + timedelta(minutes=5)).state == "done"
    assert provider.got(message) == 1


def test_a_switch_holds_the_mail_back_without_using_up_attempts(provider):
    message = factories.message()
    Switch.objects.create(name="send", scope="all", on=False, reason="test", changed_at=NOON)
    for minute in range(20):
        message = carry(message, NOON + timedelta(minutes=2 * minute))
    assert (message.state, message.attempts, message.last_error_code) == ("pending", 0, "switched_off")
    Switch.objects.all().delete()
    assert carry(message, NOON + timedelta(hours=1)).state == "done"
    assert provider.got(message) == 1


def test_a_switch_for_one_state_holds_back_that_state(provider):
    Switch.objects.create(name="send", scope="state:CA", on=False, reason="test", changed_at=NOON)
    assert carry(factories.message(state="CA")).last_error_code == "switched_off"
    assert carry(factories.message(state="NY")).state == "done"


def test_without_a_postal_address_nothing_leaves(provider, settings):
    settings.COMPANY_POSTAL_ADDRESS = ""
    message = carry(factories.message())
    assert (message.state, message.last_error_code, provider.got(message)) == ("pending", "no_postal_address", 0)


def test_a_mail_that_was_held_until_night_waits_for_the_morning(provider):
    message = carry(factories.message(), NOON + timedelta(hours=11))
    assert (message.state, message.last_error_code, provider.got(message)) == ("pending", "quiet_hours", 0)
    assert message.due_at == NOON + timedelta(hours=20)


def person_of(message: Message) -> Gone:
    enrollment = message.enrollment
    return Gone(enrollment.visitor_id, enrollment.application_id, "", NOON)


def opts_out(message: Message) -> None:
    services.suppress_visitor(visitor_id=message.enrollment.visitor_id, reason="opted_out", source="chat", now=NOON)


def is_suppressed_elsewhere(message: Message) -> None:
    services.suppress(email_index=message.to_index, reason="complained", source="webhook", now=NOON)


def comes_back(message: Message) -> None:
    factories.come_back(person_of(message), now=NOON + timedelta(seconds=1))


def withdraws(message: Message) -> None:
    people.withdraw_marketing(visitor_id=message.enrollment.visitor_id, via="page", now=NOON)


def submits(message: Message) -> None:
    visitors.submit_application(application_id=message.enrollment.application_id, now=NOON)


def is_erased(message: Message) -> None:
    visitors.erase_visitor(visitor_id=message.enrollment.visitor_id, now=NOON)


CHANGES_OF_MIND = [opts_out, is_suppressed_elsewhere, comes_back, withdraws, submits, is_erased]


@pytest.mark.parametrize("change", CHANGES_OF_MIND)
def test_what_changed_while_the_mail_waited_stops_it(provider, change):
    message = factories.message()
    change(message)
    message = carry(message)
    assert (message.state, message.tried_at) == ("cancelled", None)
    assert provider.posts == []


@pytest.mark.parametrize("change", CHANGES_OF_MIND)
def test_what_changes_while_the_letter_is_written_stops_it_too(provider, monkeypatch, change):
    """The last look is right before the hand-over, after everything that takes time."""
    message = factories.message()
    plain = letters.letter_for

    def slow(**kwargs: Any) -> Any:
        letter = plain(**kwargs)
        change(message)
        return letter

    monkeypatch.setattr(sending, "letter_for", slow)
    assert carry(message).state == "cancelled"
    assert provider.posts == []


def test_a_switch_flipped_while_the_letter_is_written_holds_it_back(provider, monkeypatch):
    plain = letters.letter_for

    def slow(**kwargs: Any) -> Any:
        Switch.objects.create(name="send", scope="all", on=False, reason="test", changed_at=NOON)
        return plain(**kwargs)

    monkeypatch.setattr(sending, "letter_for", slow)
    assert carry(factories.message()).last_error_code == "switched_off"
    assert provider.posts == []


def test_a_mail_that_left_before_the_person_came_back_counts_as_sent(provider):
    """Its time-out hid that it was accepted: the truth is recorded, whatever happened since."""
    message = factories.message()
    provider.fails_with("stall_after_accept")
    carry(message)
    provider.works()
    comes_back(message)
    assert carry(message, NOON + timedelta(minutes=5)).state == "done"
    assert provider.got(message) == 1


def test_a_worker_that_lost_its_claim_does_not_send(provider, monkeypatch):
    """It slept past its lease, and another worker has carried the mail meanwhile."""
    message = factories.message()
    plain, later = letters.letter_for, NOON + timedelta(seconds=61)
    asleep = [True]

    def sleepy(**kwargs: Any) -> Any:
        letter = plain(**kwargs)
        if asleep:
            asleep.clear()
            assert carry(message, later).state == "done"
        return letter

    monkeypatch.setattr(sending, "letter_for", sleepy)
    carry(message)
    assert provider.got(message) == 1
    assert AuditEntry.objects.filter(action="email.sent").count() == 1


def test_the_last_mail_completes_the_journey(provider):
    enrollment = factories.enrolled()
    now = NOON
    for hours in (0, 23, 71):
        now = NOON + timedelta(hours=hours)
        carry_until_settled(factories.written(enrollment, now=now), now)
        enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.next_step_at) == ("completed", None)
    assert Message.objects.filter(enrollment=enrollment, state="done").count() == 3
    assert factories.write(enrollment, now=now + timedelta(days=30)) is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_with_one_mail_send_one(provider: Provider) -> None:
    message = factories.message()
    _at_once(8, lambda: carry(message))
    assert provider.got(message) == 1
    assert Message.objects.get(pk=message.pk).state == "done"
    assert AuditEntry.objects.filter(action="email.sent").count() == 1


def _at_once(count: int, work: Any) -> None:
    """Run the same work in so many threads, and let any failure fail the test."""
    start, failures = threading.Barrier(count), []

    def run() -> None:
        try:
            start.wait()
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
