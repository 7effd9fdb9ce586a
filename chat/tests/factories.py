"""The standing cast: a site with simulated customers, a visitor with a saved application, a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from chat import partners, services
from chat.models import Conversation
from chat.partners import Partner
from chat.services import Knock, Opened, Origin
from visitors import selectors as visitors
from visitors import services as visitor_services

ORIGIN = "https://lender.example"
PRESS = Origin(ip="203.0.113.9", user_agent="Test browser")


@contextmanager
def dealers_named(*names: str) -> Iterator[None]:
    """Only these dealers may be named on a contact form."""
    before = partners.name_with(lambda state: [Partner(slug=name.split()[0].lower(), name=name) for name in names])
    try:
        yield
    finally:
        partners.name_with(before)


def make_site(key: str = "demo", **fields: Any) -> visitors.SiteInfo:
    values = {"name": "Demo", "company_name": "Car Loans", "origins": [ORIGIN], "is_demo": True, **fields}
    visitor_services.ensure_site(key=key, **values)
    return visitors.site_by_key(key=key)


def open_conversation(*, now: datetime, site: visitors.SiteInfo | None = None, **knock: Any) -> Opened:
    site = site or make_site()
    return services.enter(knock=Knock(site_id=site.id, **knock), now=now)


def make_conversation(*, now: datetime, **knock: Any) -> Conversation:
    return Conversation.objects.get(pk=open_conversation(now=now, **knock).conversation_id)


def say(conversation_id: UUID, text: str, *, now: datetime, client_id: UUID | None = None) -> services.Received:
    return services.receive(conversation_id=conversation_id, client_id=client_id or uuid4(), text=text, now=now)


def press(conversation_id: UUID, card_id: UUID, action: str, *, now: datetime, **kwargs: Any) -> int:
    values: dict[str, Any] = {"press_id": uuid4(), "fields": {}, "origin": PRESS, **kwargs}
    return services.press_card(conversation_id=conversation_id, card_id=card_id, action=action, now=now, **values)
