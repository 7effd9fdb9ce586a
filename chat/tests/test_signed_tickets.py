"""A lender's server vouches for who is signed in; nobody else can."""

from __future__ import annotations

import json

import pytest

from carloans.core import signatures
from chat import selectors, tickets
from chat.models import Conversation
from chat.tests.factories import make_site, say
from visitors import selectors as visitors
from visitors import services as visitor_services
from visitors.selectors.sites import api_secret

pytestmark = pytest.mark.django_db
URL = "/api/v1/conversations/tickets"


@pytest.fixture
def application(now):
    site = make_site()
    sent = {"external_id": "A-1", "step": 3, "email": "maria.lopez@gmail.com", "first_name": "Maria"}
    one = visitor_services.read_import(sent | {"vehicle_make": "Kia"}, allow_test_numbers=True, now=now)
    return visitor_services.import_application(site=site, one=one, now=now).application_id


def ask(client, now, *, secret=None, **wish):
    body = json.dumps({"site": "demo", "external_id": "A-1", **wish}).encode()
    header = signatures.sign(body, secret=secret or api_secret(key="demo"), now=now)
    return client.post(URL, data=body, content_type="application/json", headers={signatures.HEADER: header})


def test_the_ticket_opens_one_conversation_that_knows_the_application(client, now, application):
    answer = ask(client, now)
    body = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    ticket = tickets.read(body["ticket"])
    assert str(ticket.conversation_id) == body["conversation"]
    assert ticket.visitor_id == visitors.application_ref(application_id=application).visitor_id
    assert "Welcome back" in selectors.news(ticket.conversation_id, after=0)[1][0].text
    say(ticket.conversation_id, "hello", now=now)
    assert ask(client, now).json()["conversation"] == body["conversation"]
    assert Conversation.objects.count() == 1


def test_a_wrong_signature_opens_nothing(client, now, application):
    assert ask(client, now, secret="guessed").status_code == 401
    assert client.post(URL, data=b"{}", content_type="application/json").status_code == 400
    assert not Conversation.objects.exists()


def test_an_unknown_application_and_a_strange_body_are_refused(client, now, application):
    assert ask(client, now, external_id="A-2").status_code == 404
    assert ask(client, now, visitor="x").status_code == 400
    assert client.post(URL, data=b"x" * 20_000, content_type="application/json").status_code == 413
    assert client.get(URL).status_code == 405
