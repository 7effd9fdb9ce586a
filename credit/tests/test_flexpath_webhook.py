"""Signed result messages: genuine, fresh, once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from carloans.core import signatures
from credit import flexpath, selectors
from credit.models import CreditCheck
from credit.sandbox import _result
from credit.tests.factories import CreditCheckFactory, CreditConsentFactory
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db
URL = "/webhooks/flexpath/"


@pytest.fixture
def sent(now) -> CreditCheck:
    """A check whose request left and whose answer has not come."""
    consent = CreditConsentFactory(visitor=KnownVisitorFactory())
    return CreditCheckFactory(consent=consent, sent_at=now, attempts=1)


def message(check, event_id="event-0001", **changes):
    result = _result(check.idempotency_key, "+15551234567", flexpath.Status.PULLED)
    return {"event_id": event_id, "key": check.idempotency_key, "result": {**result, **changes}}


def post(body, *, now, secret=None, raw=None):
    data = raw if raw is not None else json.dumps(body).encode()
    header = signatures.sign(data, secret=secret or flexpath.webhook_secret(), now=now)
    return Client().post(URL, data, content_type="application/json", headers={"X-Signature": header})


def test_it_records_the_result(sent, now):
    answer = post(message(sent), now=now)
    assert (answer.status_code, answer.json()) == (200, {"decided": True})
    assert selectors.outcome_for(sent.pk).outcome == "prequalified"


def test_a_replay_changes_nothing(sent, now):
    post(message(sent), now=now)
    answer = post(message(sent), now=now)
    assert (answer.status_code, answer.json()) == (200, {"decided": False})


def test_a_late_second_result_does_not_overwrite(sent, now):
    post(message(sent), now=now)
    answer = post(message(sent, "event-0002", offers=False), now=now)
    assert answer.json() == {"decided": False}
    assert selectors.outcome_for(sent.pk).outcome == "prequalified"


@pytest.mark.parametrize("age", [-330, 330])
def test_an_old_or_future_signature_is_refused(sent, now, age):
    answer = post(message(sent), now=now - timedelta(seconds=age))
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_a_wrong_key_is_refused(sent, now):
    assert post(message(sent), now=now, secret="guess").status_code == 401
    assert not selectors.outcome_for(sent.pk).decided


def test_a_missing_signature_is_refused(sent):
    answer = Client().post(URL, json.dumps(message(sent)), content_type="application/json")
    assert answer.status_code == 401


def test_a_changed_body_is_refused(sent, now):
    body = json.dumps(message(sent)).encode()
    header = signatures.sign(body, secret=flexpath.webhook_secret(), now=now)
    forged = body.replace(b"true", b"false")
    answer = Client().post(URL, forged, content_type="application/json", headers={"X-Signature": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"event_id": 5}', b'{"event_id":"12345678","key":"12345678"}'])
def test_a_body_that_cannot_be_read_is_400(now, raw):
    answer = post(None, now=now, raw=raw)
    assert (answer.status_code, answer.json()["category"]) == (400, "bad_input")


def test_a_key_of_nobody_is_acknowledged_and_ignored(sent, now):
    body = {**message(sent), "key": "credit-unknown-key"}
    answer = post(body, now=now)
    assert (answer.status_code, answer.json()) == (200, {"decided": False})


def test_a_result_for_another_key_inside_the_message_is_400(sent, now):
    answer = post(message(sent, key="credit-other-key"), now=now)
    assert (answer.status_code, answer.json()["code"]) == (400, "answer_for_another_key")
    assert not selectors.outcome_for(sent.pk).decided


def test_a_check_that_was_never_sent_takes_no_result(now):
    check = CreditCheckFactory(consent=CreditConsentFactory(visitor=KnownVisitorFactory()))
    assert post(message(check), now=now).json() == {"decided": False}


def test_get_is_not_allowed():
    assert Client().get(URL).status_code == 405
