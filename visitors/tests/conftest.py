"""Fixtures of this room's tests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from carloans.core.clock import utc_now
from visitors.models import Site
from visitors.tests.factories import PAGE_ORIGIN, SiteFactory


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory.create()


@pytest.fixture
def demo_site(db: None) -> Site:
    return SiteFactory.create(key="demo", origins=["http://testserver"])


def event(kind: str, **more: Any) -> dict[str, Any]:
    """An event as the tracker sends it."""
    return {"id": str(uuid4()), "type": kind, "ts": utc_now().isoformat(), **more}


def save_event(email: str = "john.doe@gmail.com", step: int = 4, **data: Any) -> dict[str, Any]:
    values = {"email": email, "first_name": "John", "marketing_email": True, **data}
    return event("save_progress", step=step, page="/", data={k: v for k, v in values.items() if v is not None})


class EventsClient:
    """Posts batches to the events API as a page of the test site does."""

    def __init__(self) -> None:
        self.http = Client()

    def post(self, *events: Any, visitor: str | None = None, site: str = "test-site", **headers: str) -> Any:
        body = {"site": site, "events": list(events), **({"visitor": visitor} if visitor else {})}
        return self.raw(json.dumps(body), **headers)

    def raw(self, body: str | bytes, **headers: str) -> Any:
        sent = {"origin": PAGE_ORIGIN, **headers}
        return self.http.post(
            "/api/v1/events", body, content_type="application/json", headers={k: v for k, v in sent.items() if v}
        )


@pytest.fixture
def api(site: Site) -> EventsClient:
    return EventsClient()


@pytest.fixture
def moment() -> datetime:
    return utc_now()
