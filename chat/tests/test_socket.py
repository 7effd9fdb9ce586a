"""The protocol of docs/chat-socket.md, spoken to the real consumer."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model

from carloans.core.clock import utc_now
from chat import services
from chat.models import Conversation, Message
from chat.tests.factories import ORIGIN, make_site, open_conversation
from chat.tests.sockets import cathy_says, chatting, connected
from visitors import selectors as visitors
from visitors.incoming import parse_batch
from visitors.services import Arrival, ingest_events
from visitors.tokens import ReturnClaim, cookie_value

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _cathy():
    with cathy_says("Gladly. How can I help?"):
        yield


async def test_ready_says_who_answers_and_that_it_is_an_ai():
    async with chatting() as (_, ready):
        assert "AI assistant" in ready["ai_disclosure"]
        assert (ready["owner"], ready["mode"], ready["seq"]) == ("ai", "simulated", 1)
        [greeting] = ready["messages"]
        assert (greeting["role"], greeting["name"], greeting["seq"]) == ("cathy", "Cathy", 1)
        assert "an AI assistant" in greeting["text"]


async def test_a_message_is_acknowledged_then_shown_then_answered_piece_by_piece():
    async with chatting() as (tab, _):
        mine = await tab.say("Hello")
        await tab.until(type="typing", on=False)
    kinds = [frame["type"] for frame in tab.seen[1:]]
    assert kinds[0] == "ack"
    assert tab.seen[1] == {"type": "ack", "id": mine, "seq": 2}
    deltas = [frame for frame in tab.seen if frame["type"] == "delta"]
    final = tab.messages()[-1]
    assert "".join(frame["text"] for frame in deltas).strip() == final["text"] == "Gladly. How can I help?"
    assert {frame["id"] for frame in deltas} == {final["id"]}
    assert [message["seq"] for message in tab.messages()] == [1, 2, 3]
    assert {"type": "status", "id": mine, "status": "read"} in tab.seen
    assert kinds[-1] == "typing"


async def test_the_same_id_twice_is_acknowledged_twice_and_stored_once():
    async with chatting() as (tab, ready):
        mine = await tab.say("Hello")
        await tab.until(type="typing", on=False)
        await tab.say("Hello", id=mine)
        assert (await tab.until(type="ack"))["seq"] == 2
    assert await Message.objects.filter(conversation_id=ready["conversation"], role="customer").acount() == 1


async def test_the_sixth_message_of_a_burst_is_rate_limited_and_the_socket_stays_open(monkeypatch):
    for module in ("claiming", "messages"):
        monkeypatch.setattr(f"chat.services.{module}.BURST_WINDOW", timedelta(minutes=5))
    async with chatting() as (tab, _):
        for _ in range(5):
            await tab.say("hi")
        sixth = await tab.say("hi")
        error = await tab.until(type="error")
        assert (error["code"], error["id"]) == ("rate_limited", sixth)
        await tab.send(type="ping")
        await tab.until(type="pong")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "message", "id": str(uuid4()), "text": "x" * 4001}, "too_long"),
        ({"type": "message", "id": str(uuid4()), "text": "  "}, "empty"),
        ({"type": "message", "id": str(uuid4()), "text": "a\x07"}, "bad_text"),
        ({"type": "message", "id": str(uuid4()), "text": "é" * 10_000}, "too_long"),
        ({"type": "message", "text": "no id"}, "bad_frame"),
        ({"type": "shout"}, "bad_frame"),
        ({"type": "hello"}, "bad_frame"),
        ({"type": "action", "id": str(uuid4()), "card": str(uuid4()), "action": "agree"}, "unknown_card"),
    ],
)
async def test_a_bad_frame_is_explained_and_the_socket_stays_open(frame, code):
    async with chatting() as (tab, _):
        await tab.send(**frame)
        error = await tab.until(type="error")
        assert error["code"] == code
        assert error["message"]
        await tab.send(type="ping")
        await tab.until(type="pong")


@pytest.mark.parametrize(
    "first", [{"type": "ping"}, {"type": "message", "id": str(uuid4()), "text": "x"}, {"type": "hello", "after": "x"}]
)
async def test_anything_but_hello_first_closes_4400(first):
    await sync_to_async(make_site)()
    async with connected() as tab:
        await tab.send(**first)
        assert await tab.close_code() == 4400


async def test_binary_first_closes_4400():
    await sync_to_async(make_site)()
    async with connected() as tab:
        await tab.socket.send_to(bytes_data=b"\x00")
        assert await tab.close_code() == 4400


async def test_a_bad_ticket_closes_4401():
    await sync_to_async(make_site)()
    async with connected() as tab:
        await tab.send(type="hello", ticket="forged")
        assert await tab.close_code() == 4401


async def test_a_ticket_for_another_visitor_closes_4403():
    async with chatting() as (_, ready), connected() as thief:
        await thief.send(type="hello", ticket=ready["ticket"], visitor=str(uuid4()))
        assert await thief.close_code() == 4403


async def test_a_ticket_of_another_site_closes_4403():
    async with chatting() as (_, ready):
        await sync_to_async(make_site)("second")
        async with connected(site="second") as tab:
            await tab.send(type="hello", ticket=ready["ticket"])
            assert await tab.close_code() == 4403


async def test_an_id_alone_opens_no_history():
    async with chatting() as (tab, ready):
        await tab.say("private words")
        await tab.until(type="typing", on=False)
        async with connected() as other:
            await other.send(type="hello", visitor=ready["visitor"])
            again = await other.until(type="ready")
    assert again["conversation"] != ready["conversation"]
    assert "private words" not in str(again)


async def test_a_foreign_page_closes_4403_and_an_unknown_site_4400():
    await sync_to_async(make_site)()
    async with connected(origin="https://evil.example") as tab:
        assert await tab.close_code() == 4403
    async with connected(site="nobody") as tab:
        assert await tab.close_code() == 4400


async def test_our_own_pages_may_embed_the_chat():
    await sync_to_async(make_site)()
    async with connected(origin="http://testserver") as tab:
        await tab.send(type="hello")
        await tab.until(type="ready")


async def test_a_silent_socket_closes_4408(monkeypatch):
    monkeypatch.setattr("chat.consumers.HELLO_SECONDS", 0.1)
    await sync_to_async(make_site)()
    async with connected() as tab:
        assert await tab.close_code() == 4408


async def test_a_flood_of_frames_closes_4429(monkeypatch):
    monkeypatch.setattr("chat.consumers.MAX_FRAMES", 10)
    monkeypatch.setattr("chat.consumers.FRAME_WINDOW_SECONDS", 300.0)
    async with chatting() as (tab, _):
        for _ in range(11):
            await tab.send(type="ping")
        assert await tab.close_code() == 4429


async def test_resume_gives_what_was_missed_once_and_in_order():
    async with chatting() as (tab, ready):
        await tab.say("One")
        await tab.until(type="typing", on=False)
    async with chatting(ticket=ready["ticket"], after=2) as (_, again):
        assert again["conversation"] == ready["conversation"]
        assert [message["seq"] for message in again["messages"]] == [3]
        assert again["seq"] == 3


async def test_a_reply_is_kept_for_a_customer_who_left():
    async with chatting() as (tab, ready):
        await tab.say("One")
        await tab.until(type="ack")
    async with chatting(ticket=ready["ticket"], after=0) as (tab, _):
        while len(tab.messages()) < 3:
            await tab.next()
    assert [message["seq"] for message in tab.messages()] == [1, 2, 3]


async def test_two_tabs_stay_in_step():
    async with chatting() as (first, ready), chatting(ticket=ready["ticket"], after=1) as (second, _):
        await first.say("From the first tab")
        await first.until(type="typing", on=False)
        await second.until(type="typing", on=False)
        await second.say("From the second tab")
        await second.until(type="typing", on=False)
        await first.until(type="typing", on=False)
    transcript = [(one["seq"], one["role"]) for one in first.messages()]
    assert transcript == [(1, "cathy"), (2, "customer"), (3, "cathy"), (4, "customer"), (5, "cathy")]
    assert [(one["seq"], one["role"]) for one in second.messages()] == transcript[1:]


async def test_what_another_process_stores_comes_through_the_tail():
    async with chatting() as (tab, ready):
        user = await get_user_model().objects.acreate(username="ann", first_name="Ann")
        await sync_to_async(services.claim)(
            conversation_id=UUID(ready["conversation"]), staff_id=user.pk, staff_name="Ann", now=utc_now()
        )
        owner = await tab.until(type="owner")
        assert (owner["owner"], owner["name"]) == ("human", "Ann")
        await sync_to_async(services.staff_reply)(
            conversation_id=UUID(ready["conversation"]),
            staff_id=user.pk,
            client_id=uuid4(),
            text="Hello from Ann",
            now=utc_now(),
        )
        message = await tab.until(type="message", role="staff")
        assert (message["name"], message["text"]) == ("Ann", "Hello from Ann")


async def test_a_social_security_number_comes_back_removed_and_explained():
    async with chatting() as (tab, ready):
        mine = await tab.say("My SSN is 123-45-6789")
        await tab.until(type="typing", on=False)
    own = next(one for one in tab.messages() if one["id"] == mine)
    notice = next(one for one in tab.messages() if one["role"] == "system")
    assert own["text"] == "My SSN is [SSN]"
    assert "Social Security number" in notice["text"]
    assert "123-45-6789" not in str(tab.seen)
    assert ready["seq"] == 1


async def test_the_customer_reads_their_own_number_and_nobody_else_does():
    async with chatting() as (tab, ready):
        mine = await tab.say("Call 555-123-4567")
        await tab.until(type="message", id=mine)
    own = next(one for one in tab.messages() if one["id"] == mine)
    assert own["text"] == "Call 555-123-4567"
    stored = await Message.objects.aget(conversation_id=ready["conversation"], seq=2)
    assert stored.text == "Call [PHONE_1]"


async def test_a_card_that_is_pressed_in_one_tab_closes_in_the_other():
    async with chatting() as (first, ready), chatting(ticket=ready["ticket"]) as (second, _):
        await sync_to_async(services.hand_off)(
            conversation_id=UUID(ready["conversation"]), reason="asked", now=utc_now()
        )
        shown = await first.until(type="message", role="cathy")
        await first.send(type="action", id=str(uuid4()), card=shown["card"]["id"], action="decline")
        changed = await second.until(type="message", id=shown["id"])
        while changed["card"]["state"] == "open":
            changed = await second.until(type="message", id=shown["id"])
        assert (changed["card"]["state"], changed["card"]["choice"]) == ("settled", "decline")
    # The queue may have been over before the second tab looked; then there was nothing to tell.
    owners = [frame["owner"] for frame in second.seen if frame["type"] == "owner"]
    assert owners[-1:] in ([], ["ai"])


async def test_a_pressed_card_is_shown_as_pressed_after_a_resume():
    async with chatting() as (tab, ready):
        await sync_to_async(services.hand_off)(
            conversation_id=UUID(ready["conversation"]), reason="asked", now=utc_now()
        )
        shown = await tab.until(type="message", role="cathy")
    async with chatting(ticket=ready["ticket"], after=shown["seq"]) as (tab, _):
        await tab.send(type="action", id=str(uuid4()), card=shown["card"]["id"], action="decline")
        await tab.until(type="ack")
    async with chatting(ticket=ready["ticket"], after=shown["seq"] + 1) as (tab, again):
        again = await tab.until(type="message", id=shown["id"])
        assert again["card"]["state"] == "settled"


async def test_spanish_is_spoken_from_the_first_word():
    async with chatting(lang="es-US") as (tab, ready):
        assert ready["lang"] == "es"
        assert "asistente de IA" in ready["messages"][0]["text"]
        await tab.say("x" * 4001)
        assert "4,000 caracteres" in (await tab.until(type="error"))["message"]


async def test_a_greeting_needs_the_signed_cookie_to_be_personal(now):
    opened = await sync_to_async(open_conversation)(now=now)
    application = await sync_to_async(application_of)(opened.visitor_id, now)
    cookie = cookie_value(ReturnClaim(uuid4(), opened.visitor_id, application))
    async with connected(headers=[(b"cookie", f"cl_return={cookie}".encode())]) as tab:
        await tab.send(type="hello")
        ready = await tab.until(type="ready")
    text = ready["messages"][0]["text"]
    assert "2021 Honda Civic" in text
    assert "step 3 of 5" in text
    assert "an AI assistant" in text
    assert (await Conversation.objects.aget(pk=ready["conversation"])).application_id == application
    async with connected() as tab:
        await tab.send(type="hello", visitor=str(opened.visitor_id))
        ready = await tab.until(type="ready")
    assert "Honda" not in str(ready)


def application_of(visitor_id, now):
    """A saved application, made the way a browser makes it."""
    data = {"vehicle_year": 2021, "vehicle_make": "Honda", "vehicle_model": "Civic", "email": "jo@example.org"}
    events = [
        {"id": str(uuid4()), "type": "step_view", "ts": now.isoformat(), "step": 3},
        {"id": str(uuid4()), "type": "save_progress", "ts": now.isoformat(), "step": 3, "data": data},
    ]
    batch = parse_batch(json.dumps({"site": "demo", "visitor": str(visitor_id), "events": events}).encode())
    arrival = Arrival(now=now)
    ingest_events(site_key="demo", origin=ORIGIN, visitor_id=visitor_id, events=batch.events, arrival=arrival)
    latest = visitors.latest_application(visitor_id=visitor_id)
    assert latest is not None
    return latest.id
