"""A package is true, complete or honestly incomplete, and holds nothing that a dealer may not have."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from carloans.core.models import AuditEntry, FeedEvent
from credit.tests.factories import CreditConsentFactory, DecidedCheckFactory
from leads import facts, services
from leads.models import Lead
from leads.package import as_json
from leads.tests.factories import agree, make_lead, prequalified
from visitors.tests.factories import VisitorFactory

pytestmark = pytest.mark.django_db


def test_it_holds_the_real_contact_vehicle_and_facts():
    lead = make_lead()
    assert lead.package["contact"]["phone"] == "+15551234567"
    assert lead.package["vehicle"] == {"year": 2021, "make": "Toyota", "model": "Corolla"}
    assert lead.package["application"]["monthly_income_cents"] == 420_000
    assert lead.package["ai_disclosure"] == "Prepared by Cathy, an AI assistant of Test Lender."
    assert (lead.completeness, lead.missing) == (100, [])


def test_it_has_no_field_for_a_score_a_birth_date_or_a_number_of_the_state():
    text = as_json(make_lead().package).decode().lower()
    for word in ("ssn", "social_security", "birth", "dob", "score", "tier", "bureau", "super_prime"):
        assert word not in text


def test_it_is_encrypted_at_rest():
    make_lead()
    with connection.cursor() as cursor:
        cursor.execute("SELECT package FROM leads_lead")
        [stored] = cursor.fetchone()
    assert "Toyota" not in stored
    assert "5551234567" not in stored


def test_what_is_missing_is_named_and_never_a_reason_to_drop(now):
    visitor = VisitorFactory(phone="+15551234567")
    check = DecidedCheckFactory(consent=CreditConsentFactory(visitor=visitor))
    lead = services.package_lead(check_id=check.pk, now=now)
    assert lead.completeness == 10
    assert "vehicle" in lead.missing
    assert "phone" not in lead.missing


def test_one_check_makes_one_lead(now):
    check = prequalified()
    first = services.package_lead(check_id=check.pk, now=now)
    assert services.package_lead(check_id=check.pk, now=now).pk == first.pk
    assert FeedEvent.objects.filter(kind="lead.packaged").count() == 1


def test_a_check_served_from_another_makes_no_second_lead(now):
    check = prequalified()
    first = services.package_lead(check_id=check.pk, now=now)
    consent = CreditConsentFactory(visitor=check.visitor)
    again = DecidedCheckFactory(consent=consent, served_from=check.pk)
    assert services.package_lead(check_id=again.pk, now=now).pk == first.pk


def test_a_second_check_of_the_same_application_makes_no_second_lead(now):
    check = prequalified()
    first = services.package_lead(check_id=check.pk, now=now)
    consent = CreditConsentFactory(visitor=check.visitor)
    again = DecidedCheckFactory(consent=consent, application_id=check.application_id)
    assert services.package_lead(check_id=again.pk, now=now).pk == first.pk


@pytest.mark.parametrize("outcome", ["needs_person", "unavailable", ""])
def test_without_an_offer_there_is_no_lead(now, outcome):
    check = DecidedCheckFactory(outcome=outcome, phrase="needs_person")
    assert services.package_lead(check_id=check.pk, now=now) is None
    assert not Lead.objects.exists()


def test_the_agent_sees_no_personal_data_and_no_amount():
    text = json.dumps(facts.for_agent(make_lead()))
    for secret in ("Ann", "Archer", "5551234567", "gmail", "1850000", "420000", "Acme", "Baker"):
        assert secret not in text
    assert json.loads(text)["credit"] == "prequalified"


def test_the_feed_and_the_audit_hold_no_personal_data():
    make_lead()
    rows = [*AuditEntry.objects.values_list("facts", "subject"), *FeedEvent.objects.values_list("summary", "data")]
    for secret in ("Ann", "Archer", "5551234567", "gmail", "Acme"):
        assert secret not in repr(rows)


def test_the_agents_words_replace_the_rules(now):
    lead = make_lead()
    words = "Chose a Corolla and finished four of five steps; asked for a call."
    assert services.enrich(lead_id=lead.pk, summary=words, highlights=["Car chosen"], priority="high", now=now)
    lead.refresh_from_db()
    assert (lead.summary, lead.package["summary"], lead.summary_source) == (words, words, "agent")


@pytest.mark.parametrize(
    "words",
    [
        "Guaranteed approval for this customer!",
        "Call them at 512-555-0147.",
        "Write to jane.doe@gmail.com about the Corolla.",
        "",
        "a" * 601,
    ],
)
def test_words_with_a_forbidden_claim_or_personal_data_are_not_taken(now, words):
    lead = make_lead()
    assert not services.enrich(lead_id=lead.pk, summary=words, highlights=[], priority="high", now=now)
    lead.refresh_from_db()
    assert lead.summary_source == "rule"


def test_a_highlight_that_is_unfit_is_left_out(now):
    lead = make_lead()
    fine = "Reached step four."
    services.enrich(
        lead_id=lead.pk, summary=fine, highlights=["Car chosen", "SSN 123-45-6789"], priority="normal", now=now
    )
    lead.refresh_from_db()
    assert lead.highlights == ["Car chosen"]


def test_the_rules_own_summary_passes_the_same_checks():
    from leads.wording import faults

    lead = make_lead()
    assert faults(lead.summary) == []


def test_the_consent_that_allowed_it_is_in_the_package(now, buyer):
    lead = make_lead(agreed=())
    consent = agree(lead.visitor, "lakeside-motors")
    services.request_submission(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    assert lead.package["consent"]["id"] == str(consent.pk)
    assert lead.package["consent"]["text_sha256"] == consent.text_sha256


def test_forgetting_a_visitor_empties_the_package_and_stops_what_has_not_left(now, buyer):
    lead = make_lead()
    services.request_submission(lead_id=lead.pk, now=now)
    services.forget_visitor(visitor_id=lead.visitor_id, now=now)
    lead.refresh_from_db()
    assert lead.package == {}
    assert lead.submissions.get().state == "cancelled"
