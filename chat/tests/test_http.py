"""The chat without a socket: same rules, same answers."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from chat import inbox, limits, services
from chat.models import Conversation
from chat.tests.factories import ORIGIN, make_site, open_conversation, say

pytestmark = pytest.mark.django_db

OPEN = "/api/v1/conversations"


def post(client, url, body, **headers):
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(url, data=raw, content_type="application/json", headers=headers)


def messages_url(opened):
    return f"{OPEN}/{opened.conversation_id}/messages"


def key(opened):
    return {"Authorization": f"Ticket {opened.ticket}"}


def test_opens_a_conversation_that_says_what_cathy_is(client, db):
    make_site()
    answer = post(client, OPEN, {"site": "demo"}, Origin=ORIGIN)
    body = answer.json()
    assert answer.status_code == 201
    assert "AI assistant" in body["ai_disclosure"]
    assert "AI assistant" in body["messages"][0]["text"]
    assert (body["owner"], body["mode"], body["seq"]) == ("ai", "simulated", 1)
    assert answer["Access-Control-Allow-Origin"] == ORIGIN


def test_a_ticket_opens_the_same_conversation(client, now):
    opened = open_conversation(now=now)
    answer = post(client, OPEN, {"site": "demo", "ticket": opened.ticket, "after": 1}, Origin=ORIGIN)
    assert (answer.status_code, answer.json()["conversation"]) == (200, str(opened.conversation_id))
    assert answer.json()["messages"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "bad_frame"),
        ("[]", 400, "bad_frame"),
        ({"site": "demo", "debug": True}, 400, "bad_frame"),
        ({"site": "nobody"}, 403, "unknown_site"),
        ({"site": "de\x00mo"}, 403, "unknown_site"),
        ({"site": "demo", "ticket": "forged"}, 401, "bad_ticket"),
        ("x" * 20_000, 413, "too_long"),
        (b"\xff\xfe", 400, "bad_frame"),
    ],
)
def test_refuses_to_open_with_a_problem_document(client, db, body, status, code):
    make_site()
    answer = post(client, OPEN, body, Origin=ORIGIN)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_foreign_page_may_not_open_a_chat(client, db):
    make_site()
    assert post(client, OPEN, {"site": "demo"}, Origin="https://evil.example").status_code == 403


def test_reads_only_with_the_ticket_of_this_conversation(client, now):
    mine, other = open_conversation(now=now), open_conversation(now=now)
    assert client.get(messages_url(mine)).status_code == 401
    assert client.get(messages_url(mine), headers={"Authorization": "Ticket x"}).status_code == 401
    assert client.get(messages_url(mine), headers=key(other)).status_code == 403
    answer = client.get(messages_url(mine), headers=key(mine))
    assert [one["seq"] for one in answer.json()["messages"]] == [1]


def test_reads_what_is_new_after_a_number(client, now):
    opened = open_conversation(now=now)
    say(opened.conversation_id, "Call 555-123-4567", now=now)
    body = client.get(f"{messages_url(opened)}?after=1", headers=key(opened)).json()
    assert (body["seq"], body["messages"][0]["text"]) == (2, "Call 555-123-4567")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e3", "wait=٣"])
def test_refuses_numbers_that_are_none(client, now, query):
    opened = open_conversation(now=now)
    assert client.get(f"{messages_url(opened)}?{query}", headers=key(opened)).json()["code"] == "bad_frame"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"id": "1", "text": "x"}, 400, "bad_frame"),
        ({"id": str(uuid4()), "text": ""}, 400, "empty"),
        ({"id": str(uuid4()), "text": "x" * 4001}, 413, "too_long"),
        ({"type": "ping"}, 400, "bad_frame"),
        ({"type": "read"}, 400, "bad_frame"),
        ({"type": "read", "seq": -1}, 400, "bad_frame"),
        ({"type": "read", "seq": 1, "id": str(uuid4())}, 400, "bad_frame"),
        ({"type": "action", "id": str(uuid4()), "card": str(uuid4()), "action": "agree"}, 404, "unknown_card"),
    ],
)
def test_refuses_what_the_socket_refuses(client, now, body, status, code):
    opened = open_conversation(now=now)
    answer = post(client, messages_url(opened), body, **key(opened))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_answers_a_preflight_of_a_known_page_alone(client, now):
    opened = open_conversation(now=now)
    known = client.options(messages_url(opened), headers={"Origin": ORIGIN})
    assert (known.status_code, known["Access-Control-Allow-Headers"]) == (204, "Authorization, Content-Type")
    assert client.options(messages_url(opened), headers={"Origin": "https://evil.example"}).status_code == 403


def test_speaks_the_readers_language(client, now):
    opened = open_conversation(now=now)
    answer = post(
        client, messages_url(opened), {"id": str(uuid4()), "text": ""}, **key(opened), **{"Accept-Language": "es-MX"}
    )
    assert "vacío" in answer.json()["detail"]


def read_up_to(client, opened, seq, **headers):
    return post(client, messages_url(opened), {"type": "read", "seq": seq}, **(headers or key(opened)))


def test_staff_sees_what_a_customer_without_a_socket_has_read(client, now):
    opened = open_conversation(now=now)
    assert [one["read"] for one in inbox.talk(conversation_id=opened.conversation_id)] == [False]
    answer = read_up_to(client, opened, 1)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [one["read"] for one in inbox.talk(conversation_id=opened.conversation_id)] == [True]


@pytest.mark.parametrize("seq", [0, 1, 3, 2**53 - 1])
def test_reading_goes_forward_and_not_beyond_what_there_is(client, now, seq):
    opened = open_conversation(now=now)
    say(opened.conversation_id, "Hello", now=now)
    read_up_to(client, opened, 2)
    assert read_up_to(client, opened, seq).status_code == 204
    assert Conversation.objects.get(pk=opened.conversation_id).customer_read_seq == 2


def test_nobody_reads_for_somebody_else(client, now):
    mine, other = open_conversation(now=now), open_conversation(now=now)
    assert read_up_to(client, mine, 1, Authorization="Ticket x").status_code == 401
    assert read_up_to(client, mine, 1, **key(other)).status_code == 403
    assert Conversation.objects.get(pk=mine.conversation_id).customer_read_seq == 0


def test_reading_uses_up_no_message(client, now, monkeypatch):
    monkeypatch.setattr(limits, "MESSAGES_PER_VISITOR", 1)
    opened = open_conversation(now=now)
    for _ in range(3):
        assert read_up_to(client, opened, 1).status_code == 204
    sent = post(client, messages_url(opened), {"id": str(uuid4()), "text": "Hello"}, **key(opened))
    assert sent.status_code == 202
    broken = post(client, messages_url(opened), {"type": "read"}, **key(opened))
    assert broken.status_code == 429


def test_the_answer_says_how_far_the_customer_was_read(client, now, django_user_model):
    ann = django_user_model.objects.create_user("ann", first_name="Ann", is_staff=True)
    opened = open_conversation(now=now)
    say(opened.conversation_id, "Hello", now=now)
    assert client.get(messages_url(opened), headers=key(opened)).json()["read"] == 0
    services.claim(conversation_id=opened.conversation_id, staff_id=ann.pk, staff_name="Ann", now=now)
    services.note_view(conversation_id=opened.conversation_id, staff_id=ann.pk, now=now)
    assert client.get(messages_url(opened), headers=key(opened)).json()["read"] == 3
