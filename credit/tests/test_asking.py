"""A check exists only under a proven instruction, and a repeated press does not pull again."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from carloans.core.appendonly import AppendOnlyViolation
from carloans.core.errors import Conflict, NotAllowed
from carloans.core.models import AuditEntry, FeedEvent, Switch
from credit import services
from credit.models import CreditCheck, CreditConsent
from credit.outcomes import PURPOSE
from credit.tests.factories import CreditCheckFactory, CreditConsentFactory
from visitors import selectors as visitors
from visitors.services.consents import TextChanged
from visitors.tests.factories import VisitorFactory

pytestmark = pytest.mark.django_db


def test_it_keeps_the_proof_of_the_instruction(customer, press, now):
    conversation = uuid4()
    check = press(customer, conversation_id=conversation)
    consent = check.consent
    text = visitors.consent_text(visitor_id=customer.pk, kind="soft_pull", locale="en")
    assert (consent.text_sha256, consent.text_version) == (text.sha256, text.version)
    assert consent.purpose == PURPOSE
    assert (consent.ip, consent.user_agent, consent.conversation_id) == ("192.0.2.7", "test", conversation)
    assert consent.expires_at == now + timedelta(days=30)


def test_it_also_writes_the_visitors_ledger(customer, press, now):
    press(customer)
    entry = visitors.active_consent(visitor_id=customer.pk, kind="soft_pull", now=now)
    assert entry is not None
    assert entry.expires_at == now + timedelta(days=30)


def test_a_text_that_was_not_shown_gives_no_consent(customer, press):
    with pytest.raises(TextChanged):
        press(customer, shown_sha256="b" * 64)
    with pytest.raises(services.ConsentTextChanged):
        press(customer, shown_version="soft_pull.en.2019-01")
    assert not CreditConsent.objects.exists()
    assert visitors.consents_for(visitor_id=customer.pk) == []


def test_without_a_phone_there_is_no_check(press):
    with pytest.raises(services.PhoneMissing):
        press(VisitorFactory())


@pytest.mark.parametrize("scope", ["all", "state:TX"])
def test_the_switch_stops_a_press(customer, press, scope):
    Switch.objects.create(name="pull", scope=scope, on=False)
    with pytest.raises(NotAllowed, match="switched_off"):
        press(customer)
    assert not CreditConsent.objects.exists()


def test_a_press_while_one_is_under_way_is_the_same_check(customer, press):
    assert press(customer).pk == press(customer).pk
    assert CreditConsent.objects.count() == 1


def test_the_database_allows_one_open_check_per_visitor(customer):
    CreditCheckFactory(consent=CreditConsentFactory(visitor=customer))
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditCheckFactory(consent=CreditConsentFactory(visitor=customer))


def test_a_check_without_an_instruction_is_refused_by_the_database(customer, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditCheck.objects.create(visitor=customer, idempotency_key="credit-none", created_at=now, due_at=now)


def test_two_checks_cannot_share_an_instruction(customer):
    consent = CreditConsentFactory(visitor=customer)
    CreditCheckFactory(consent=consent, state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditCheckFactory(consent=consent, state="done")


def test_an_instruction_for_another_purpose_is_refused_by_the_database(customer):
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditConsentFactory(visitor=customer, purpose="marketing")


def test_an_instruction_cannot_be_changed_or_removed(customer):
    consent = CreditConsentFactory(visitor=customer)
    consent.text_sha256 = "c" * 64
    with pytest.raises(AppendOnlyViolation):
        consent.save()
    with pytest.raises(AppendOnlyViolation):
        CreditConsent.objects.all().delete()
    for verb in ("UPDATE credit_creditconsent SET locale = 'es'", "DELETE FROM credit_creditconsent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_an_expired_instruction_pulls_nothing(bureau, customer, press, now):
    check = press(customer)
    with pytest.raises(services.ConsentMissing):
        services.start_pull(check_id=check.pk, now=now + timedelta(days=31))
    check.refresh_from_db()
    assert (check.outcome, check.status, bureau.requests) == ("unavailable", "expired", [])


def test_a_withdrawn_instruction_pulls_nothing(bureau, customer, press, now):
    from visitors.services import withdraw_consent

    check = press(customer)
    withdraw_consent(visitor_id=customer.pk, via="chat", now=now)
    with pytest.raises(services.ConsentMissing):
        services.start_pull(check_id=check.pk, now=now)
    assert bureau.requests == []


def test_the_switch_holds_a_check_in_flight_and_lets_it_go_once(bureau, customer, press, now):
    check = press(customer)
    switch = Switch.objects.create(name="pull", on=False)
    with pytest.raises(NotAllowed, match="switched_off"):
        services.start_pull(check_id=check.pk, now=now)
    check.refresh_from_db()
    assert (check.state, check.outcome, check.attempts, bureau.requests) == ("pending", "", 0, [])
    switch.delete()
    later = now + services.HOLD
    assert services.start_pull(check_id=check.pk, now=later).decided
    assert bureau.pulls(check.idempotency_key) == 1


def test_a_second_press_within_five_minutes_is_served_from_the_first(bureau, customer, press, now):
    first = press(customer)
    services.start_pull(check_id=first.pk, now=now)
    second = press(customer, at=now + timedelta(minutes=4, seconds=59))
    assert second.pk != first.pk
    assert (second.served_from, second.outcome, second.score, second.bureau) == (first.pk, "prequalified", None, {})
    assert bureau.pulls() == 1


def test_a_press_after_five_minutes_pulls_anew(bureau, customer, press, now):
    first = press(customer)
    services.start_pull(check_id=first.pk, now=now)
    later = now + timedelta(minutes=5, seconds=1)
    second = press(customer, at=later)
    services.start_pull(check_id=second.pk, now=later)
    assert second.served_from is None
    assert bureau.pulls() == 2


def test_another_workers_check_is_left_alone(bureau, customer, press, now):
    check = press(customer)
    CreditCheck.objects.filter(pk=check.pk).update(state="claimed", claimed_until=now + timedelta(seconds=30))
    with pytest.raises(Conflict):
        services.start_pull(check_id=check.pk, now=now)
    assert bureau.requests == []


def test_no_contact_data_reaches_audit_or_feed(bureau, customer, press, now):
    services.start_pull(check_id=press(customer).pk, now=now)
    rows = [
        *AuditEntry.objects.values_list("facts", "actor", "subject"),
        *FeedEvent.objects.values_list("summary", "data"),
    ]
    text = repr(rows)
    for secret in ("5551234567", "Doe", "John", customer.email, "super_prime", "192.0.2.7"):
        assert secret not in text
    assert not re.search(r"\b825\b", text)
