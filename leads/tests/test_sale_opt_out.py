"""Nothing is sold or shared against a person's will: not after an opt-out, not under a privacy signal, never."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from carloans.core import outbox
from leads import eligibility, holds, selectors, services, submitting, tasks
from leads.models import Lead, Submission
from leads.tests.factories import BuyerFactory, make_lead
from visitors import services as visitors
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


def queued(now, **visitor):
    lead = make_lead(visitor=KnownVisitorFactory(**visitor))
    submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
    assert submission is not None
    return lead, submission


def page(visitor, now):
    cache.clear()
    token = visitors.issue_privacy_link(visitor_id=visitor.pk, source_id=uuid4(), origin="mail", now=now)
    return f"/privacy/{token}"


def press(visitor, now, **fields):
    answer = Client().post(page(visitor, now), {"confirm": "yes", **fields})
    assert answer.status_code == 302


def test_a_lead_of_somebody_with_a_privacy_signal_is_never_queued_even_with_consent(buyer, dealer, now):
    lead = make_lead(visitor=KnownVisitorFactory(gpc=True))
    decision = services.request_submission(lead_id=lead.pk, now=now)
    assert (decision.status, decision.reason) == ("withheld", holds.OPTED_OUT.reason)
    assert not Submission.objects.exists()
    assert dealer.requests == []


def test_a_signal_on_the_page_stops_what_is_queued_at_the_last_look(buyer, dealer, now):
    lead, submission = queued(now)
    Client().get(page(lead.visitor, now), headers={"sec-gpc": "1"})
    assert submitting.deliver(submission_id=submission, now=now) == "withheld"
    assert dealer.requests == []
    assert Submission.objects.get().state == "cancelled"


def test_an_opt_out_stops_a_submission_that_a_worker_already_holds(buyer, dealer, now):
    lead, submission = queued(now)
    row = Submission.objects.select_related("lead", "buyer").get(pk=submission)
    assert outbox.claim_one(row, now=now, lease_seconds=1)
    press(lead.visitor, now, act="opt_out")
    assert eligibility.may_still_have(row, now=now) is holds.OPTED_OUT
    later = now + timedelta(seconds=5)
    assert submitting.deliver(submission_id=submission, now=later) == "withheld"
    assert dealer.requests == []


def test_an_opt_out_cancels_at_once_what_waits(buyer, dealer, now, django_capture_on_commit_callbacks, monkeypatch):
    lead, _ = queued(now)
    monkeypatch.setattr(tasks.stop_visitor, "delay", lambda **facts: tasks.stop_visitor(**facts))
    with django_capture_on_commit_callbacks(execute=True):
        press(lead.visitor, now, act="opt_out")
    lead.refresh_from_db()
    assert (Submission.objects.get().state, lead.status, lead.hold_code) == ("cancelled", "withheld", "opted_out")
    assert services.request_submission(lead_id=lead.pk, now=now).status == "withheld"
    assert lead.pk not in selectors.held(now=now + timedelta(hours=1))


def test_a_withdrawal_on_the_page_cancels_at_once_what_waits(
    buyer, dealer, now, django_capture_on_commit_callbacks, monkeypatch
):
    lead, submission = queued(now)
    monkeypatch.setattr(tasks.stop_visitor, "delay", lambda **facts: tasks.stop_visitor(**facts))
    with django_capture_on_commit_callbacks(execute=True):
        press(lead.visitor, now, act="withdraw", kind="dealer_contact")
    lead.refresh_from_db()
    assert (Submission.objects.get().state, lead.status) == ("cancelled", "waiting_consent")
    assert submitting.deliver(submission_id=submission, now=now) == ""
    assert dealer.requests == []


def test_a_withdrawal_of_something_else_leaves_the_lead_on_its_way(buyer, dealer, now):
    lead, submission = queued(now)
    press(lead.visitor, now, act="withdraw", kind="marketing_email")
    assert services.stop_unsent(visitor_id=lead.visitor_id, now=now) == 0
    assert submitting.deliver(submission_id=submission, now=now) == "accepted"


def test_another_browser_of_the_same_person_is_bound_by_the_opt_out(buyer, dealer, now):
    first = KnownVisitorFactory(email="same@gmail.com")
    press(first, now, act="opt_out")
    second = KnownVisitorFactory(email="same@gmail.com", email_holder=False, site=first.site)
    assert services.request_submission(lead_id=make_lead(visitor=second).pk, now=now).status == "withheld"


def test_a_buyers_refusal_does_not_pass_the_lead_on_after_an_opt_out(buyer, dealer, now):
    BuyerFactory(slug="hill-cars", name="Hill Cars", endpoint_url=f"{dealer.url}/leads", rank=200)
    lead = make_lead(agreed=("lakeside-motors", "hill-cars"))
    submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
    row = Submission.objects.select_related("lead", "buyer").get(pk=submission)
    outbox.claim_one(row, now=now)
    press(lead.visitor, now, act="opt_out")
    receipt = submitting.Receipt("rejected", 422, reference="", reason="no_fit")
    assert submitting.record_receipt(row, receipt, now=now) == "rejected"
    assert Submission.objects.count() == 1


def test_the_page_names_each_dealer_who_got_a_lead_and_when(buyer, dealer, now):
    lead, submission = queued(now)
    before = Client().get(page(lead.visitor, now)).content.decode()
    assert "No dealer and no lender has received anything" in before
    submitting.deliver(submission_id=submission, now=now)
    [one] = selectors.recipients([lead.visitor_id])
    assert (one.kind, one.name, one.at) == ("dealer", buyer.name, now)
    after = Client().get(page(lead.visitor, now)).content.decode()
    assert f"<strong>{buyer.name}</strong>" in after
    assert Lead.objects.get().status == "accepted"
