"""The provider's reports: who is believed, what each changes, and what saying it twice changes (nothing)."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client

from campaigns import mail, sandbox, selectors
from campaigns.models import Enrollment, Message, MessageEvent, Suppression, WebhookToken
from campaigns.services import webhooks
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from carloans.core.models import FeedEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]
URL = "/webhooks/mailgun/"


@pytest.fixture
def message() -> Message:
    """A mail that was sent a minute ago."""
    sent = factories.message()
    Message.objects.filter(pk=sent.pk).update(state="done", sent_at=datetime.now(tz=UTC) - timedelta(minutes=1))
    return Message.objects.get(pk=sent.pk)


def call(message: Message, event: str = "delivered", **changes: Any) -> dict[str, Any]:
    """One call as the provider makes it; `changes` go into the event or, with a prefix, the signature."""
    signature = sandbox.sign(mail.webhook_signing_key(), timestamp=str(int(time.time())), token=secrets.token_hex(25))
    data: dict[str, Any] = {
        "event": event,
        "id": secrets.token_urlsafe(16),
        "timestamp": time.time(),
        "recipient": "jane@example.com",
        "message": {"headers": {"message-id": mail.message_header(message.pk)}},
        "user-variables": {"message_uuid": str(message.pk)},
    }
    return {"signature": signature, "event-data": data | changes}


def post(body: Any) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    client = Client(raise_request_exception=False)
    return int(client.post(URL, content, content_type="application/json").status_code)


def resigned(body: dict[str, Any], *, timestamp: object, key: str | None = None) -> dict[str, Any]:
    token = body["signature"]["token"]
    signed = sandbox.sign(key or mail.webhook_signing_key(), timestamp=str(timestamp), token=token)
    return {**body, "signature": signed}


def old(body: dict[str, Any]) -> dict[str, Any]:
    return resigned(body, timestamp=int(time.time()) - webhooks.MAX_AGE_SECONDS - 2)


def early(body: dict[str, Any]) -> dict[str, Any]:
    return resigned(body, timestamp=int(time.time()) + webhooks.MAX_AGE_SECONDS + 30)


def forged(body: dict[str, Any]) -> dict[str, Any]:
    return resigned(body, timestamp=int(time.time()), key="not the key")


def about_nothing(body: dict[str, Any]) -> dict[str, Any]:
    body["event-data"]["user-variables"]["message_uuid"] = str(uuid4())
    return body


def by_header(body: dict[str, Any]) -> dict[str, Any]:
    body["event-data"]["user-variables"] = []
    return body


def without(path: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        part, _, key = path.partition("/")
        del (body[part] if key else body)[key or part]
        return body

    return change


TABLE: list[tuple[str, Callable[[dict[str, Any]], Any], int, int]] = [
    ("a report of a mail of ours", lambda body: body, 200, 1),
    ("our id only in the Message-Id", by_header, 200, 1),
    ("a type that we do not use", lambda body: body | {"event-data": body["event-data"] | {"event": "stored"}}, 200, 0),
    ("a wrong signature", forged, 406, 0),
    ("a signature that is too old", old, 406, 0),
    ("a signature from the future", early, 406, 0),
    ("a time that is no number", lambda body: resigned(body, timestamp="soon"), 406, 0),
    ("no signature", without("signature"), 406, 0),
    ("half a signature", without("signature/token"), 406, 0),
    ("no event", without("event-data"), 406, 0),
    ("an event without an id", without("event-data/id"), 406, 0),
    ("a mail that is not ours", about_nothing, 406, 0),
    ("not JSON", lambda body: b"\xff{", 406, 0),
    ("JSON, but no object", lambda body: b'["signature"]', 406, 0),
    ("more than anybody reports", lambda body: b'{"a":"' + b"x" * (webhooks.MAX_BODY + 1) + b'"}', 406, 0),
    ("far more than that", lambda body: b"x" * (3 * 1024 * 1024), 406, 0),
]


@pytest.mark.parametrize(("case", "change", "status", "recorded"), TABLE, ids=[row[0] for row in TABLE])
def test_the_answer_says_whether_to_repeat(message, case, change, status, recorded):
    assert post(change(call(message))) == status
    assert MessageEvent.objects.count() == recorded


def test_a_get_is_not_a_report(client):
    assert client.get(URL).status_code == 405


def test_our_own_fault_asks_for_a_repetition(message, monkeypatch):
    body = call(message)

    def down(**kwargs: Any) -> bool:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "record_event", down)
        assert post(body) == 500
    assert not WebhookToken.objects.exists()
    assert post(body) == 200
    assert MessageEvent.objects.count() == 1


def test_without_a_key_we_ask_for_a_repetition(message, settings):
    body = call(message)
    settings.MAIL_MODE = "live"
    assert post(body) == 503


def test_a_repeated_call_is_done_and_counts_once(message):
    body = call(message)
    assert [post(body), post(body)] == [200, 200]
    again = call(message, id=body["event-data"]["id"])
    assert post(again) == 200
    assert MessageEvent.objects.count() == 1
    assert FeedEvent.objects.filter(kind="email.delivered").count() == 1


def test_a_used_token_cannot_carry_another_event(message):
    """The signature does not cover the event, so a captured call could be turned into a complaint."""
    body = call(message)
    assert post(body) == 200
    body["event-data"] |= {"event": "complained", "id": "forged"}
    assert post(body) == 406
    assert not Suppression.objects.exists()


def test_opened_and_clicked_are_recorded_once_each_at_their_first_time(message):
    for at in (1_780_000_000, 1_780_000_500):
        for event in ("opened", "clicked"):
            assert post(call(message, event, timestamp=at)) == 200
    message.refresh_from_db()
    first = datetime.fromtimestamp(1_780_000_000, tz=UTC)
    assert (message.opened_at, message.clicked_at) == (first, first)
    assert FeedEvent.objects.filter(kind__in=["email.opened", "email.clicked"]).count() == 2


@pytest.mark.parametrize(
    ("event", "severity", "reason"),
    [("complained", "", "complained"), ("unsubscribed", "", "unsubscribed"), ("failed", "permanent", "bounced")],
)
def test_a_complaint_an_unsubscription_and_a_hard_bounce_end_it(message, event, severity, reason):
    assert post(call(message, event, severity=severity)) == 200
    message.refresh_from_db()
    assert message.failure == reason
    assert (message.bounced_at is not None) == (event == "failed")
    assert Suppression.objects.get().reason == reason
    assert selectors.is_suppressed(email_index=message.to_index)
    assert Enrollment.objects.get().state == "stopped"


def deferred_mail(now: datetime) -> Message:
    sent = factories.message(email="jane@gmail.com", now=now)
    Message.objects.filter(pk=sent.pk).update(state="done", sent_at=now)
    return sent


def test_three_mails_that_were_put_off_in_thirty_days_end_it():
    mails = [deferred_mail(NOON + timedelta(days=day)) for day in range(3)]
    for one in mails[:2]:
        for _ in range(3):
            post(call(one, "failed", severity="temporary"))
    assert not Suppression.objects.exists()
    post(call(mails[2], "failed", severity="temporary"))
    assert Suppression.objects.get().reason == "soft_bounces"


def test_a_mail_that_was_put_off_and_then_arrived_does_not_count():
    mails = [deferred_mail(NOON + timedelta(days=day)) for day in range(3)]
    post(call(mails[0], "failed", severity="temporary"))
    post(call(mails[0], "delivered"))
    for one in mails[1:]:
        post(call(one, "failed", severity="temporary"))
    assert not Suppression.objects.exists()


def test_a_report_may_arrive_before_we_know_that_the_mail_left(message):
    Message.objects.filter(pk=message.pk).update(state="claimed", sent_at=None)
    assert post(call(message)) == 200
    message.refresh_from_db()
    assert message.delivered_at is not None
