"""The consent ledger: exact texts, only added to, ended by a row of its own."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from carloans.core.appendonly import AppendOnlyViolation
from visitors import consent_texts, selectors, services
from visitors.models import Consent
from visitors.tests.factories import ConsentFactory, KnownVisitorFactory


def give(visitor: Any, moment: datetime, **more: Any) -> Consent:
    facts: dict[str, Any] = {
        "kind": "dealer_contact",
        "locale": "en",
        "act": "pressed Send",
        "element_id": "dealer_contact",
        "page": "/",
        "ip": "192.0.2.7",
        "user_agent": "test",
        "shown_at": moment,
        "scope": {"buyers": ["north"]},
        "names": {"dealers": "North Motors"},
    }
    return services.record_consent(visitor_id=visitor.pk, now=moment, **{**facts, **more})


@pytest.mark.parametrize("kind", consent_texts.KINDS)
@pytest.mark.parametrize("locale", consent_texts.LOCALES)
def test_every_text_exists_names_the_company_and_hashes_what_is_read(kind: str, locale: str) -> None:
    text = consent_texts.text(kind, locale, company="Test Lender", dealers="North Motors and South Cars")
    assert "Test Lender" in text.body
    assert "{" not in text.body
    assert text.sha256 == hashlib.sha256(text.body.encode()).hexdigest()
    assert consent_texts.find(text.version) == (kind, locale, "2026-11")


def test_the_dealers_are_named() -> None:
    names = consent_texts.and_list(["North Motors", "South Cars", "West Autos"])
    assert names == "North Motors, South Cars and West Autos"
    assert names in consent_texts.text("dealer_contact", "en", company="C", dealers=names).body


def test_a_text_with_a_gap_is_not_shown() -> None:
    with pytest.raises(consent_texts.UnknownConsentText):
        consent_texts.text("dealer_contact", "en", company="C")


def test_the_soft_pull_text_is_a_written_instruction_for_one_purpose() -> None:
    body = consent_texts.text("soft_pull", "en", company="C").body
    assert "written instructions under the Fair Credit Reporting Act" in body
    assert "solely for prequalification for auto credit" in body


def test_a_consent_records_the_hash_of_the_shown_text(db: None, moment: datetime) -> None:
    visitor = KnownVisitorFactory.create()
    shown = selectors.consent_text(visitor_id=visitor.pk, kind="dealer_contact", locale="en", dealers="North Motors")
    consent = give(visitor, moment, shown_sha256=shown.sha256)
    assert (consent.text_sha256, consent.text_version) == (shown.sha256, shown.version)


def test_another_text_than_the_shown_one_is_refused(db: None, moment: datetime) -> None:
    with pytest.raises(services.TextChanged):
        give(KnownVisitorFactory.create(), moment, shown_sha256="0" * 64)
    assert not Consent.objects.exists()


def test_a_consent_covers_its_buyers_until_it_ends(db: None, moment: datetime) -> None:
    visitor = KnownVisitorFactory.create()
    give(visitor, moment, expires_at=moment + timedelta(days=30))

    def ask(buyer: str, now: datetime = moment) -> Any:
        return selectors.active_consent(visitor_id=visitor.pk, kind="dealer_contact", buyer=buyer, now=now)

    assert ask("north")
    assert not ask("south")
    assert not ask("north", moment + timedelta(days=31))
    assert services.withdraw_consent(visitor_id=visitor.pk, via="chat", now=moment) == 1
    assert not ask("north")
    assert services.withdraw_consent(visitor_id=visitor.pk, via="chat", now=moment) == 0


def test_a_consent_of_an_unknown_visitor_is_an_error(db: None, moment: datetime) -> None:
    from types import SimpleNamespace

    with pytest.raises(services.UnknownVisitor):
        give(SimpleNamespace(pk=uuid4()), moment)


def test_python_cannot_change_or_remove_a_consent(db: None) -> None:
    consent = ConsentFactory.create()
    for attempt in (consent.save, consent.delete, Consent.objects.all().delete):
        with pytest.raises(AppendOnlyViolation):
            attempt()


@pytest.mark.parametrize("sql", ["UPDATE visitors_consent SET act = 'x'", "DELETE FROM visitors_consent"])
def test_sql_cannot_change_or_remove_a_consent(db: None, sql: str) -> None:
    ConsentFactory.create()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_ip_is_encrypted(db: None, moment: datetime) -> None:
    give(KnownVisitorFactory.create(), moment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ip FROM visitors_consent")
        assert "192.0.2.7" not in cursor.fetchone()[0]
