"""The card about data opens the customer's own page; neither the stored row nor a screen of staff can."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from chat import selectors, services
from chat.models import Message
from chat.services import carding
from chat.services.store import load
from chat.tests.factories import make_conversation
from visitors import selectors as visitors
from visitors import services as visitor_services

pytestmark = pytest.mark.django_db


def shown(conversation, now, locale="en"):
    card = services.privacy_card(visitor_id=conversation.visitor_id, message_id=uuid4(), locale=locale, now=now)
    return carding.present_card(conversation=load(conversation.pk), card=card, text="", now=now)


def test_the_card_opens_the_page_of_its_own_visitor(now, settings):
    cache.clear()
    conversation = make_conversation(now=now)
    link = selectors.card_payload(shown(conversation, now))["link"]
    assert link["label"] == "Open my page"
    assert link["href"].startswith(f"{settings.PUBLIC_URL}/privacy/")
    path = link["href"].removeprefix(settings.PUBLIC_URL)
    found = visitors.privacy_link(token=path.split("/")[2], now=now)
    assert (found.state, found.visitor_id) == ("usable", conversation.visitor_id)
    assert Client().get(path).status_code == 200


def test_the_token_is_in_no_row_and_not_in_what_the_model_remembers(now):
    conversation = make_conversation(now=now)
    message = shown(conversation, now)
    token = selectors.card_payload(message)["link"]["href"].rsplit("/", 1)[1]
    stored = json.dumps(Message.objects.get(pk=message.pk).card)
    assert token not in stored
    assert "page" not in (selectors.card_payload(message) or {})
    assert "http" not in " ".join(message.card["body"])


def test_the_card_speaks_spanish(now):
    assert selectors.card_payload(shown(make_conversation(now=now), now, "es"))["link"]["label"] == "Abrir mi página"


def test_an_erased_customer_gets_the_card_without_a_link(now):
    conversation = make_conversation(now=now)
    visitor_services.erase_visitor(visitor_id=conversation.visitor_id, now=now)
    assert "link" not in services.privacy_card(
        visitor_id=conversation.visitor_id, message_id=uuid4(), locale="en", now=now
    )


def test_an_older_card_without_a_link_is_still_shown(now):
    from chat import cards

    message = carding.present_card(
        conversation=load(make_conversation(now=now).pk), card=cards.privacy(locale="en"), text="", now=now
    )
    assert "link" not in (selectors.card_payload(message) or {})
