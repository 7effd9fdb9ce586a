"""Rows of this room for its own tests and for those of the rooms above."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import factory

from carloans.core.clock import utc_now
from credit import models
from visitors.tests.factories import KnownVisitorFactory


class CreditConsentFactory(factory.django.DjangoModelFactory[models.CreditConsent]):
    class Meta:
        model = models.CreditConsent

    visitor = factory.SubFactory(KnownVisitorFactory)
    text_version = "soft_pull.en.2026-11"
    text_sha256 = "a" * 64
    locale = "en"
    act = "pressed_i_agree"
    element_id = "credit-consent-agree"
    page = "/chat"
    given_at = factory.LazyFunction(utc_now)
    shown_at = factory.SelfAttribute("given_at")
    expires_at = factory.LazyAttribute(lambda row: row.given_at + timedelta(days=30))
    ip = "192.0.2.7"


class CreditCheckFactory(factory.django.DjangoModelFactory[models.CreditCheck]):
    """A check that waits to be done; see `DecidedCheckFactory`."""

    class Meta:
        model = models.CreditCheck

    consent = factory.SubFactory(CreditConsentFactory)
    visitor = factory.SelfAttribute("consent.visitor")
    idempotency_key = factory.LazyFunction(lambda: f"credit-{uuid4()}")
    created_at = factory.LazyFunction(utc_now)
    due_at = factory.SelfAttribute("created_at")


class DecidedCheckFactory(CreditCheckFactory):
    """A finished check; pass outcome="needs_person" for one without an offer."""

    state = "done"
    status = "pulled"
    outcome = "prequalified"
    phrase = factory.SelfAttribute("outcome")
    decided_at = factory.SelfAttribute("created_at")
    done_at = factory.SelfAttribute("created_at")
