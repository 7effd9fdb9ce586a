"""Whatever a buyer or the network does, he gets a lead once, and its state says what is true."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from carloans.core import outbox, signatures
from carloans.core.errors import NotFound
from carloans.core.models import AuditEntry, ErrorRecord, FeedEvent
from leads import services, submitting, tasks
from leads.models import Buyer, Lead, Submission, SubmissionAttempt
from leads.sandbox import demo_secret
from leads.tests.factories import BuyerFactory, agree, make_lead
from visitors import services as visitors
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


def queue(now, last_name="Archer", **changes):
    lead = make_lead(visitor=KnownVisitorFactory(last_name=last_name), **changes)
    return services.request_submission(lead_id=lead.pk, now=now).submission_id


def deliver(submission, now):
    return submitting.deliver(submission_id=submission, now=now)


def again(submission, now):
    """What the sweep does when the row is due again."""
    row = Submission.objects.get(pk=submission)
    return deliver(submission, max(row.due_at, now + timedelta(minutes=2)))


def test_a_2xx_accepts(buyer, dealer, now):
    submission = queue(now)
    assert deliver(submission, now) == "accepted"
    row = Submission.objects.get(pk=submission)
    assert (row.state, row.result, row.response_code, row.accepted_at) == ("done", "accepted", 201, now)
    assert row.buyer_ref.startswith("LM-")
    assert row.lead.status == "accepted"


def test_the_request_is_signed_and_carries_its_key(buyer, dealer, now):
    submission = queue(now)
    deliver(submission, now)
    headers = dealer.headers[0]
    signatures.verify(headers["HTTP_X_SIGNATURE"], dealer.bodies[0], secret=buyer.secret, now=now)
    assert headers["HTTP_IDEMPOTENCY_KEY"] == Submission.objects.get(pk=submission).idempotency_key


def test_the_dealer_gets_the_real_contact_and_the_consent(buyer, dealer, now):
    submission = queue(now)
    deliver(submission, now)
    package = json.loads(dealer.bodies[0])
    row = Submission.objects.get(pk=submission)
    assert package["contact"]["phone"] == "+15551234567"
    assert package["consent"]["id"] == str(row.consent_id)


def test_a_wrong_key_is_a_rejection_and_not_a_retry(buyer, dealer, now):
    Buyer.objects.update(secret="another-key")
    assert deliver(queue(now), now) == "rejected"
    assert dealer.requests == ["POST"]


def test_an_adf_buyer_gets_adf(buyer, dealer, now):
    Buyer.objects.update(format="adf")
    assert deliver(queue(now), now) == "accepted"
    assert dealer.headers[0]["CONTENT_TYPE"] == "application/xml"
    assert dealer.bodies[0].isascii()
    assert b"<phone" in dealer.bodies[0]


@pytest.mark.parametrize(("name", "reason"), [("Rejected", "out_of_area"), ("Unmatched", "duplicate")])
def test_a_refusal_is_final(buyer, dealer, now, name, reason):
    submission = queue(now, name)
    assert deliver(submission, now) == "rejected"
    row = Submission.objects.select_related("lead").get(pk=submission)
    assert (row.state, row.result, row.response_reason) == ("done", "rejected", reason)
    assert row.lead.hold_reason == f"The buyer said no ({reason})."
    assert deliver(submission, now + timedelta(hours=1)) == ""
    assert dealer.requests == ["POST"]


def test_after_a_refusal_the_next_buyer_of_the_consent_is_asked(buyer, dealer, now, django_capture_on_commit_callbacks):
    BuyerFactory(
        slug="second",
        name="Second Cars",
        rank=200,
        endpoint_url=f"{dealer.url}/leads",
        secret=demo_secret("lakeside-motors"),
    )
    submission = queue(now, "Rejected", agreed=("lakeside-motors", "second"))
    with django_capture_on_commit_callbacks(execute=True):
        assert deliver(submission, now) == "submitting"
    lead = Lead.objects.get()
    assert lead.status == "rejected"
    assert [one.buyer.slug for one in lead.submissions.order_by("created_at", "buyer__rank")] == [
        "lakeside-motors",
        "second",
    ]


def test_a_buyer_whom_the_consent_does_not_name_is_never_asked(buyer, dealer, now):
    BuyerFactory(slug="second", rank=200, endpoint_url=f"{dealer.url}/leads")
    assert deliver(queue(now, "Rejected"), now) == "rejected"
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("name", ["Flaky", "Rate-Limited"])
def test_a_passing_fault_is_retried_and_taken_once(buyer, dealer, now, name):
    submission = queue(now, name)
    assert deliver(submission, now) == "submitting"
    assert again(submission, now) == "accepted"
    assert dealer.taken() == 1
    assert dealer.requests == ["POST", "GET", "POST"]


def test_after_a_time_out_the_buyer_is_asked_and_has_it_once(buyer, dealer, now, impatient):
    submission = queue(now, "Timeout After")
    with impatient():
        assert deliver(submission, now) == "submitting"
    assert again(submission, now) == "accepted"
    assert dealer.requests == ["POST", "GET"]
    assert dealer.taken() == 1


def test_an_empty_2xx_accepts(buyer, dealer, now):
    assert deliver(queue(now, "Empty Body"), now) == "accepted"


def test_a_fault_that_nobody_foresaw_is_retried_and_at_last_parked(buyer, dealer, now, monkeypatch):
    monkeypatch.setattr(submitting, "MAX_ATTEMPTS", 2)
    monkeypatch.setattr(submitting, "as_json", lambda package: {}["jane@example.com"])
    submission = queue(now)
    assert deliver(submission, now) == "submitting"
    assert again(submission, now) == "failed"
    row = Submission.objects.select_related("lead").get(pk=submission)
    assert (row.state, row.last_error_code, row.last_error_category) == ("parked", "KeyError", "bug")
    assert "jane" not in row.lead.hold_reason
    assert dealer.requests == []


def test_nothing_is_posted_again_for_somebody_who_was_erased_meanwhile(buyer, dealer, now, impatient):
    submission = queue(now, "Timeout Before")
    with impatient():
        deliver(submission, now)
    visitors.erase_visitor(visitor_id=Lead.objects.get().visitor_id, now=now)
    assert again(submission, now) == "withheld"
    assert dealer.requests == ["POST"]
    assert Lead.objects.get().hold_code == "erased"


@pytest.mark.parametrize("name", ["Outage", "Sign In Page"])
def test_a_lasting_fault_is_parked_with_a_reason(buyer, dealer, now, name, monkeypatch):
    monkeypatch.setattr(submitting, "MAX_ATTEMPTS", 3)
    submission = queue(now, name)
    for _ in range(3):
        status = again(submission, now)
    row = Submission.objects.select_related("lead").get(pk=submission)
    assert (status, row.state, row.lead.status) == ("failed", "parked", "failed")
    assert row.lead.hold_reason.startswith("Lakeside Motors (simulated) could not be reached after 3 tries")
    assert FeedEvent.objects.get(kind="lead.parked").severity == "error"
    assert dealer.taken() == 0
    assert ErrorRecord.objects.count() == 3


def test_a_stopped_server_is_a_network_fault_and_is_retried(now):
    BuyerFactory()
    submission = queue(now)
    assert deliver(submission, now) == "submitting"
    row = Submission.objects.get(pk=submission)
    assert (row.state, row.last_error_category) == ("pending", "network")


def test_a_parked_lead_can_be_tried_again_by_staff_and_asks_first(
    buyer, dealer, now, monkeypatch, admin_user, impatient
):
    monkeypatch.setattr(submitting, "MAX_ATTEMPTS", 1)
    submission = queue(now, "Timeout After")
    with impatient():
        assert deliver(submission, now) == "failed"
    lead = Lead.objects.get()
    services.retry_failed(lead_id=lead.pk, staff_id=admin_user.pk, now=now + timedelta(minutes=1))
    assert again(submission, now) == "accepted"
    assert dealer.requests == ["POST", "GET"]


def test_only_a_failed_lead_can_be_tried_again(buyer, now):
    lead = make_lead()
    with pytest.raises(NotFound):
        services.retry_failed(lead_id=lead.pk, staff_id=1, now=now)


def test_an_address_in_a_private_network_is_refused(dealer, now):
    BuyerFactory(endpoint_url=f"{dealer.url}/leads", simulated=False)
    submission = queue(now)
    assert deliver(submission, now) == "failed"
    assert dealer.requests == []
    assert Submission.objects.get().last_error_code == "address_refused"


def test_every_request_is_on_record(buyer, dealer, now):
    submission = queue(now, "Flaky")
    deliver(submission, now)
    again(submission, now)
    log = SubmissionAttempt.objects.order_by("pk").values_list("act", "number", "result", "http_status", "code")
    assert list(log) == [
        ("post", 1, "error", None, "http_500"),
        ("ask", 2, "unknown", 404, ""),
        ("post", 2, "accepted", 201, ""),
    ]


def test_feed_and_audit_hold_no_personal_data(buyer, dealer, now):
    deliver(queue(now), now)
    rows = [*AuditEntry.objects.values_list("facts", "actor"), *FeedEvent.objects.values_list("summary", "data")]
    for secret in ("Ann", "Archer", "5551234567", "gmail", "Acme"):
        assert secret not in repr(rows)
    kinds = set(FeedEvent.objects.values_list("kind", flat=True))
    assert {"lead.packaged", "lead.submitted", "lead.accepted"} <= kinds


def test_two_workers_post_once(buyer, dealer, now):
    submission = queue(now)
    assert deliver(submission, now) == "accepted"
    assert deliver(submission, now) == ""
    assert dealer.requests == ["POST"]


class Crash(BaseException):
    """The process dies here: nothing below may catch it."""


STEPS = [
    ("leads.delivery", "post"),
    ("leads.submitting", "record_receipt"),
    ("leads.submitting.outbox", "finish"),
    ("leads.submitting.audit", "record"),
    ("leads.submitting.services", "publish"),
    ("leads.submitting", "_accept"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: ".".join(step))
def test_a_crash_at_any_step_is_healed_by_the_sweep_with_one_post(buyer, dealer, now, monkeypatch, step, when):
    submission = queue(now)
    crash_once(monkeypatch, step, when)
    with pytest.raises(Crash):
        deliver(submission, now)
    monkeypatch.setattr(tasks, "utc_now", lambda: now + timedelta(minutes=3))
    assert tasks.sweep_submissions() == 1
    assert Lead.objects.get().status == "accepted"
    assert dealer.taken() == 1
    assert dealer.requests.count("POST") == 1
    assert AuditEntry.objects.filter(action="lead.accepted").count() == 1


def crash_once(monkeypatch, step, when):
    from django.db import transaction
    from django.utils.module_loading import import_string

    owner = import_string(step[0]) if step[0].count(".") > 1 else __import__(step[0], fromlist=["_"])
    real, done = getattr(owner, step[1]), []

    def die(*args, **kwargs):
        if done:
            return real(*args, **kwargs)
        done.append(True)
        if when == "after":
            # What the step wrote dies with the process.
            with transaction.atomic():
                real(*args, **kwargs)
                raise Crash
        raise Crash

    monkeypatch.setattr(owner, step[1], die)


def test_a_lost_packaging_is_found_by_the_sweep(buyer, dealer, now, monkeypatch, django_capture_on_commit_callbacks):
    from leads.tests.factories import prequalified

    check = prequalified()
    agree(check.visitor, "lakeside-motors")
    monkeypatch.setattr(tasks, "utc_now", lambda: now + timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_unpackaged() == 1
    assert Lead.objects.get().status == "accepted"
    assert (tasks.sweep_unpackaged(), dealer.taken()) == (0, 1)


def test_a_lead_whose_task_died_is_found_by_the_sweep(
    buyer, dealer, now, monkeypatch, django_capture_on_commit_callbacks
):
    make_lead()
    monkeypatch.setattr(tasks, "utc_now", lambda: now + timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_packaged() == 1
    assert (Lead.objects.get().status, dealer.taken()) == ("accepted", 1)


def test_a_submission_that_waits_for_a_summary_leaves_in_the_end(buyer, dealer, now):
    lead = make_lead()
    decision = services.request_submission(lead_id=lead.pk, now=now, wait=services.SUMMARY_GRACE)
    assert deliver(decision.submission_id, now) == ""
    assert deliver(decision.submission_id, now + services.SUMMARY_GRACE) == "accepted"


def test_release_lets_it_leave_at_once(buyer, dealer, now):
    lead = make_lead()
    decision = services.request_submission(lead_id=lead.pk, now=now, wait=services.SUMMARY_GRACE)
    assert services.release(lead_id=lead.pk, now=now) == 1
    assert deliver(decision.submission_id, now) == "accepted"


def test_nothing_is_left_claimed(buyer, dealer, now):
    deliver(queue(now, "Flaky"), now)
    assert not Submission.objects.filter(state=outbox.CLAIMED).exists()
