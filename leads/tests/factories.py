"""Rows of this room for its own tests and for those of the rooms above."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import factory

from carloans.core.clock import utc_now
from credit.tests.factories import CreditConsentFactory, DecidedCheckFactory
from leads import models, services
from visitors.tests.factories import ApplicationFactory, ConsentFactory


class BuyerFactory(factory.django.DjangoModelFactory[models.Buyer]):
    class Meta:
        model = models.Buyer
        django_get_or_create = ("slug",)

    slug = "lakeside-motors"
    name = "Lakeside Motors"
    endpoint_url = "http://127.0.0.1:9/leads"
    secret = "a-shared-key"
    active = True
    certified_until = factory.LazyFunction(lambda: utc_now() + timedelta(days=365))
    simulated = True


def prequalified(**application: Any) -> Any:
    """A decided check with an offer, of a customer with a full application."""
    row = ApplicationFactory(**application)
    consent = CreditConsentFactory(visitor=row.visitor, application_id=row.pk)
    return DecidedCheckFactory(consent=consent, application_id=row.pk)


def agree(visitor: Any, *buyers: str, **changes: Any) -> Any:
    """The visitor agrees that these dealers may get in touch."""
    return ConsentFactory(visitor=visitor, kind="dealer_contact", scope={"buyers": list(buyers)}, **changes)


def make_lead(*, agreed: tuple[str, ...] = ("lakeside-motors",), **application: Any) -> models.Lead:
    """A lead as the service packages it, with the consent that it needs to leave."""
    check = prequalified(**application)
    if agreed:
        agree(check.visitor, *agreed)
    lead = services.package_lead(check_id=check.pk, now=utc_now())
    assert lead is not None
    return lead


def plain_leads(count: int, **changes: Any) -> list[models.Lead]:
    """Many leads of one visitor, for lists and exports; their packages are minimal."""
    check = prequalified()
    moment = utc_now()
    return models.Lead.objects.bulk_create(
        models.Lead(
            visitor=check.visitor,
            credit_check_id=uuid4(),
            source="chat",
            summary="Looking for a car.",
            package={"contact": {"first_name": f"Ann{n}", "email": f"ann{n}@gmail.com"}},
            created_at=moment - timedelta(seconds=n // 3),
            reviewed_at=moment,
            **changes,
        )
        for n in range(count)
    )
