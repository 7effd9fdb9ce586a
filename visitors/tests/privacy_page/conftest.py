"""Ann, her page, and a browser that proved that it may see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from visitors.models import Site, Visitor
from visitors.tests.factories import KnownVisitorFactory, make_abandoned
from visitors.tests.privacy_page.pages import issue, prove


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ann(demo_site: Site) -> Visitor:
    row = KnownVisitorFactory.create(site=demo_site, email="ann0@gmail.com", phone="+15559876543")
    make_abandoned(visitor=row, loan_amount_cents=1_730_000, consents=("marketing_email", "dealer_contact"))
    return row


@pytest.fixture
def path(ann: Visitor) -> str:
    return issue(ann)


@pytest.fixture
def verified(client: Client, path: str) -> Client:
    prove(client, path)
    return client
