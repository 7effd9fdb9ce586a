"""Signed dispositions: genuine, fresh, once, and only about what the buyer got."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from carloans.core import signatures
from leads import services, submitting
from leads.models import Disposition, Lead, Submission
from leads.tests.factories import BuyerFactory, make_lead
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(buyer, dealer, now):
    lead = make_lead()
    submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
    submitting.deliver(submission_id=submission, now=now)
    return lead


def post(lead_id, word="contacted", *, now, secret, event_id="event-0001", slug="lakeside-motors", raw=None):
    body = {"event_id": event_id, "lead_id": str(lead_id), "disposition": word, "note": "call Ann Archer"}
    data = raw if raw is not None else json.dumps(body).encode()
    header = signatures.sign(data, secret=secret, now=now)
    url = f"/webhooks/buyers/{slug}/"
    return Client().post(url, data, content_type="application/json", headers={"X-Signature": header})


def test_it_records_what_the_buyer_says(accepted, buyer, now):
    answer = post(accepted.pk, now=now, secret=buyer.secret)
    assert (answer.status_code, answer.json()) == (200, {"recorded": True})
    assert Submission.objects.get().disposition == "contacted"


def test_a_replay_changes_nothing(accepted, buyer, now):
    post(accepted.pk, now=now, secret=buyer.secret)
    assert post(accepted.pk, "sold", now=now, secret=buyer.secret).json() == {"recorded": False}
    assert Disposition.objects.get().word == "contacted"


def test_a_buyer_may_take_his_acceptance_back(accepted, buyer, now):
    post(accepted.pk, "rejected", now=now, secret=buyer.secret)
    assert Lead.objects.get().status == "rejected"


def test_an_acceptance_whose_answer_got_lost_settles_the_lead(buyer, dealer, now, impatient, monkeypatch):
    monkeypatch.setattr(submitting, "MAX_ATTEMPTS", 1)
    lead = make_lead(visitor=KnownVisitorFactory(last_name="Timeout Before"))
    submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
    with impatient():
        assert submitting.deliver(submission_id=submission, now=now) == "failed"
    post(lead.pk, "accepted", now=now, secret=buyer.secret)
    assert (Lead.objects.get().status, Submission.objects.get().result) == ("accepted", "accepted")


@pytest.mark.parametrize("age", [-330, 330])
def test_an_old_or_future_signature_is_refused(accepted, buyer, now, age):
    answer = post(accepted.pk, now=now - timedelta(seconds=age), secret=buyer.secret)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_a_wrong_key_and_an_unknown_buyer_look_the_same(accepted, now):
    wrong = post(accepted.pk, now=now, secret="guess")
    unknown = post(accepted.pk, now=now, secret="guess", slug="nobody")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_an_unknown_buyer_with_an_empty_key_is_refused(accepted, now):
    assert post(accepted.pk, now=now, secret="", slug="nobody").status_code == 401


def test_another_buyers_lead_is_not_his(accepted, now):
    other = BuyerFactory(slug="second", secret="second-key")
    answer = post(accepted.pk, "rejected", now=now, secret=other.secret, slug="second")
    assert answer.json() == {"recorded": False}
    assert Lead.objects.get().status == "accepted"


def test_a_lead_of_nobody_is_acknowledged(accepted, buyer, now):
    assert post(uuid4(), now=now, secret=buyer.secret).json() == {"recorded": False}


@pytest.mark.parametrize("raw", [b"", b"{", b'{"event_id":"12345678","lead_id":"x","disposition":"sold"}', b"\xff\xfe"])
def test_a_body_that_cannot_be_read_is_400(accepted, buyer, now, raw):
    assert post(None, now=now, secret=buyer.secret, raw=raw).status_code == 400


def test_an_unknown_word_is_400(accepted, buyer, now):
    assert post(accepted.pk, "eaten", now=now, secret=buyer.secret).status_code == 400
