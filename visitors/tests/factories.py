"""Rows for tests, of this room and of the rooms above it. Times default to the present, contact data to fiction."""

# mypy: disable-error-code="no-untyped-call, attr-defined"
from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory

from carloans.core.clock import utc_now
from carloans.core.privacy.index import blind_index
from visitors import consent_texts, models

PAGE_ORIGIN = "https://lender.example"


class SiteFactory(factory.django.DjangoModelFactory[models.Site]):
    class Meta:
        model = models.Site
        django_get_or_create = ("key",)

    key = "test-site"
    name = "Test Site"
    company_name = "Test Lender"
    origins = factory.LazyFunction(lambda: [PAGE_ORIGIN])
    abandon_after_seconds = 3600
    api_secret = "a-secret-of-the-test-site"
    is_demo = True


class VisitorFactory(factory.django.DjangoModelFactory[models.Visitor]):
    """A browser that said nothing yet; pass `email=…` for more, or use KnownVisitorFactory."""

    class Meta:
        model = models.Visitor

    site = factory.SubFactory(SiteFactory)
    first_seen_at = factory.LazyFunction(utc_now)
    last_seen_at = factory.SelfAttribute("first_seen_at")
    email_index = factory.LazyAttribute(lambda row: blind_index("email", getattr(row, "email", "")))
    phone_index = factory.LazyAttribute(lambda row: blind_index("phone", getattr(row, "phone", "")))
    email_holder = factory.LazyAttribute(lambda row: bool(row.email_index))


class KnownVisitorFactory(VisitorFactory):
    """Ann: she saved her progress and may be written to (see `make_abandoned`)."""

    email = factory.Sequence(lambda n: f"ann{n}@gmail.com")
    phone = "+15551234567"
    first_name = "Ann"
    last_name = "Archer"
    state = "TX"
    zip_code = "78701"
    zip3 = "787"
    identity = models.Visitor.Identity.PROBABLE


class ApplicationFactory(factory.django.DjangoModelFactory[models.Application]):
    class Meta:
        model = models.Application

    visitor = factory.SubFactory(KnownVisitorFactory)
    site = factory.SelfAttribute("visitor.site")
    status = models.Application.SAVED
    step_reached = 4
    vehicle_year = 2021
    vehicle_make = "Toyota"
    vehicle_model = "Corolla"
    loan_amount_cents = 1_850_000
    monthly_income_cents = 420_000
    employer = "Acme Foods"
    job_title = "Baker"
    months_on_job = 30
    created_at = factory.LazyFunction(utc_now)
    last_event_at = factory.SelfAttribute("created_at")
    saved_at = factory.SelfAttribute("created_at")


class ConsentFactory(factory.django.DjangoModelFactory[models.Consent]):
    class Meta:
        model = models.Consent

    visitor = factory.SubFactory(KnownVisitorFactory)
    kind = consent_texts.MARKETING_EMAIL
    text_version = factory.LazyAttribute(lambda row: f"{row.kind}.en.2026-11")
    text_sha256 = "0" * 64
    locale = "en"
    act = "ticked the box and pressed Save my progress"
    given_at = factory.LazyFunction(utc_now)
    shown_at = factory.SelfAttribute("given_at")
    ip = "192.0.2.1"
    user_agent = "test"


def make_abandoned(
    *, consents: tuple[str, ...] = (consent_texts.MARKETING_EMAIL,), **application: Any
) -> models.Application:
    """An application that was saved, then abandoned an hour ago, with its visitor's consents."""
    ago = utc_now() - timedelta(hours=2)
    row = ApplicationFactory.create(
        **{
            "status": models.Application.ABANDONED,
            "abandonments": 1,
            "created_at": ago,
            "last_event_at": ago,
            "saved_at": ago,
            "abandoned_at": ago + timedelta(hours=1),
            **application,
        }
    )
    for kind in consents:
        ConsentFactory.create(visitor=row.visitor, kind=kind, application_id=row.pk)
    return row
