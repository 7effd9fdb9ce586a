"""A lead leaves only where the customer agreed, to a buyer who may have it; else it waits and says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from carloans.core.models import FeedEvent, Switch
from credit.tests.factories import CreditConsentFactory, DecidedCheckFactory
from leads import selectors, services, submitting, tasks
from leads.models import Buyer, Submission
from leads.tests.factories import BuyerFactory, agree, make_lead
from visitors.services import withdraw_consent

pytestmark = pytest.mark.django_db


def ask(lead, now):
    decision = services.request_submission(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return decision


def test_with_consent_and_a_certified_buyer_it_is_queued(buyer, now):
    lead = make_lead()
    decision = ask(lead, now)
    assert (decision.status, decision.allowed, lead.status) == ("submitting", True, "submitting")
    assert Submission.objects.get().consent.scope == {"buyers": ["lakeside-motors"]}


def test_without_consent_it_waits(buyer, now):
    lead = make_lead(agreed=())
    assert ask(lead, now).status == "waiting_consent"
    assert (lead.hold_code, Submission.objects.count()) == ("no_consent", 0)
    assert lead.hold_reason.endswith("dealer may get in touch.")


def test_a_consent_for_another_dealer_does_not_cover(buyer, now):
    lead = make_lead(agreed=("hillside-cars",))
    assert ask(lead, now).status == "waiting_consent"
    assert lead.hold_code == "other_buyers"


def test_an_expired_consent_does_not_count(buyer, now):
    lead = make_lead(agreed=())
    agree(lead.visitor, "lakeside-motors", expires_at=now - timedelta(seconds=1))
    assert ask(lead, now).status == "waiting_consent"


@pytest.mark.parametrize("change", [{"active": False}, {"certified_until": "past"}, {"states": ["CA"]}])
def test_a_buyer_who_may_not_is_not_asked(buyer, now, change):
    changes = {name: now - timedelta(days=1) if value == "past" else value for name, value in change.items()}
    Buyer.objects.update(**changes)
    lead = make_lead()
    assert (ask(lead, now).status, lead.hold_code) == ("withheld", "no_buyer")


def test_an_active_buyer_without_a_certificate_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        BuyerFactory(certified_until=None)


def test_a_submission_without_consent_is_refused_by_the_database(buyer, now):
    lead = make_lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(lead=lead, buyer=buyer, idempotency_key="none", due_at=now, created_at=now)


def test_a_later_check_without_an_offer_withholds_for_good(buyer, now):
    lead = make_lead()
    consent = CreditConsentFactory(visitor=lead.visitor)
    DecidedCheckFactory(consent=consent, outcome="needs_person", created_at=now + timedelta(seconds=1))
    assert (ask(lead, now).status, lead.hold_code) == ("withheld", "no_offer")
    assert selectors.held_of(visitor_id=lead.visitor_id) == []


@pytest.mark.parametrize("scope", ["all", "state:TX", "buyer:lakeside-motors"])
def test_the_switch_withholds(buyer, now, scope):
    Switch.objects.create(name="post", scope=scope, on=False)
    lead = make_lead()
    assert (ask(lead, now).status, lead.hold_code) == ("withheld", "switched_off")


def test_the_switch_stops_a_submission_in_flight(buyer, dealer, now):
    lead = make_lead()
    submission = ask(lead, now).submission_id
    Switch.objects.create(name="post", on=False)
    assert submitting.deliver(submission_id=submission, now=now) == "withheld"
    assert dealer.requests == []


def test_it_goes_out_once_the_switch_is_on_again(buyer, dealer, now, monkeypatch, django_capture_on_commit_callbacks):
    lead = make_lead()
    submission = ask(lead, now).submission_id
    switch = Switch.objects.create(name="post", on=False)
    submitting.deliver(submission_id=submission, now=now)
    switch.on = True
    switch.save()
    with django_capture_on_commit_callbacks(execute=True):
        sweep_held(monkeypatch, now)
    lead.refresh_from_db()
    assert (lead.status, dealer.taken()) == ("accepted", 1)


def test_a_withdrawal_stops_a_submission_in_flight(buyer, dealer, now):
    lead = make_lead()
    submission = ask(lead, now).submission_id
    withdraw_consent(visitor_id=lead.visitor_id, via="chat", now=now)
    assert submitting.deliver(submission_id=submission, now=now) == "waiting_consent"
    assert dealer.requests == []


def sweep_held(monkeypatch, now):
    monkeypatch.setattr(tasks, "utc_now", lambda: now + timedelta(minutes=1))
    return tasks.sweep_held()


def test_the_sweep_finds_that_consent_has_come(buyer, dealer, now, monkeypatch, django_capture_on_commit_callbacks):
    lead = make_lead(agreed=())
    ask(lead, now)
    agree(lead.visitor, "lakeside-motors")
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_held(monkeypatch, now) == 1
    lead.refresh_from_db()
    assert (lead.status, dealer.taken()) == ("accepted", 1)


def test_looking_again_in_vain_says_nothing_new(buyer, now, monkeypatch):
    ask(make_lead(agreed=()), now)
    before = FeedEvent.objects.count()
    assert sweep_held(monkeypatch, now) == 0
    assert FeedEvent.objects.count() == before


def test_asking_twice_queues_once(buyer, now):
    lead = make_lead()
    ask(lead, now)
    assert ask(lead, now).status == "submitting"
    assert Submission.objects.count() == 1


def test_the_chat_may_name_certified_dealers_only(buyer, now):
    BuyerFactory(slug="old", name="Old Cars", certified_until=now - timedelta(days=1))
    BuyerFactory(slug="west", name="West Cars", states=["CA"])
    from django.apps import apps

    from chat.partners import partners

    apps.get_app_config("leads").ready()
    assert [partner.slug for partner in partners("TX")] == ["lakeside-motors"]
    assert [partner.slug for partner in partners("CA")] == ["lakeside-motors", "west"]


def test_attempts_cannot_be_changed_or_removed(buyer, dealer, now):
    submitting.deliver(submission_id=ask(make_lead(), now).submission_id, now=now)
    for verb in ("UPDATE leads_submissionattempt SET result = 'x'", "DELETE FROM leads_submissionattempt"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)
