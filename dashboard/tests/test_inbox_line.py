"""The live line of the inbox: news of what a page follows, who looks, who types, on both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from carloans.core.clock import utc_now
from chat import inbox, services
from chat.models import Conversation, Desk, Viewing
from chat.tests.factories import make_conversation, say
from chat.tests.sockets import cathy_says, chatting
from dashboard.tests.test_socket import asocket, staff_member

pytestmark = pytest.mark.django_db(transaction=True)


async def staff(name: str = "ann", role: str = "agent") -> Any:
    user = await sync_to_async(staff_member)(name, role)
    user.first_name = name.title()
    await user.asave()
    return user


async def line_of(user: Any, **follow: Any) -> Any:
    line = await asocket(user)
    await line.connect()
    if follow:
        await line.send_json_to({"type": "follow", **follow})
        await settled(line)
    return line


async def settled(line: Any) -> None:
    """What was said before has been heard when this is answered."""
    await line.send_json_to({"type": "ping"})
    await until(line, type="pong")


async def until(line: Any, **wanted: Any) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await line.receive_json_from()
        if all(frame.get(name) == value for name, value in wanted.items()):
            return frame


async def claim(conversation: UUID, user: Any) -> None:
    await sync_to_async(services.claim)(
        conversation_id=conversation, staff_id=user.pk, staff_name=user.first_name, now=utc_now()
    )


async def test_a_list_hears_of_every_conversation_and_of_no_words():
    line = await line_of(await staff(), inbox=True)
    conversation = await sync_to_async(make_conversation)(now=utc_now())
    await sync_to_async(say)(conversation.pk, "private words", now=utc_now())
    told = await until(line, type="chat", kind="chat.message")
    assert told["conversation"] == str(conversation.pk)
    assert told["data"] == {"seq": 2, "owner": "ai"}
    assert "private" not in str(told)
    await line.disconnect()


async def test_a_page_hears_of_its_own_conversation_alone():
    mine, other = [await sync_to_async(make_conversation)(now=utc_now()) for _ in range(2)]
    line = await line_of(await staff(), conversation=str(mine.pk))
    await sync_to_async(say)(other.pk, "Hello", now=utc_now())
    await sync_to_async(say)(mine.pk, "Hello", now=utc_now())
    assert (await until(line, type="chat", kind="chat.message"))["conversation"] == str(mine.pk)
    await line.disconnect()


async def test_who_looks_is_known_while_they_look():
    conversation = await sync_to_async(make_conversation)(now=utc_now())
    ann, bob = await staff(), await staff("bob")
    first = await line_of(ann, conversation=str(conversation.pk))
    second = await line_of(bob, conversation=str(conversation.pk))
    await until(first, type="chat", kind="chat.desk")
    seen = await sync_to_async(inbox.onlookers)(conversation_id=conversation.pk, now=utc_now(), but=ann.pk)
    assert seen == [{"staff": "Bob", "types": False}]
    await second.send_json_to({"type": "typing", "on": True})
    await settled(second)
    seen = await sync_to_async(inbox.onlookers)(conversation_id=conversation.pk, now=utc_now(), but=ann.pk)
    assert seen == [{"staff": "Bob", "types": True}]
    await second.disconnect()
    assert await sync_to_async(inbox.onlookers)(conversation_id=conversation.pk, now=utc_now(), but=ann.pk) == []
    await first.disconnect()


async def test_a_viewer_who_looks_takes_nothing_and_types_to_nobody():
    conversation = await sync_to_async(make_conversation)(now=utc_now())
    line = await line_of(await staff("vic", "viewer"), conversation=str(conversation.pk))
    await line.send_json_to({"type": "view", "active": True})
    await line.send_json_to({"type": "typing", "on": True})
    await settled(line)
    assert await Desk.objects.acount() == 0
    assert (await Viewing.objects.aget()).typing_at is None
    await line.disconnect()


async def test_a_page_that_nobody_touches_keeps_no_conversation():
    ann = await staff()
    conversation = await sync_to_async(make_conversation)(now=utc_now())
    await claim(conversation.pk, ann)
    await Conversation.objects.aupdate(staff_seen_at=None)
    line = await line_of(ann, inbox=True)
    await line.send_json_to({"type": "view", "active": False})
    await settled(line)
    assert (await Conversation.objects.aget()).staff_seen_at is None
    await line.send_json_to({"type": "view", "active": True})
    await settled(line)
    assert (await Conversation.objects.aget()).staff_seen_at is not None
    await line.disconnect()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "follow"},
        {"type": "follow", "conversation": "x"},
        {"type": "follow", "conversation": 7},
        {"type": "view"},
        {"type": "typing", "on": "yes"},
        {"type": "typing", "on": True},
        ["follow"],
        7,
    ],
)
async def test_words_that_mean_nothing_are_answered_and_do_nothing(frame):
    line = await line_of(await staff())
    await line.send_json_to(frame)
    await settled(line)
    assert await Viewing.objects.acount() == 0
    await line.disconnect()


async def test_a_conversation_that_does_not_exist_is_looked_at_by_nobody():
    line = await line_of(await staff(), conversation=str(uuid4()))
    assert await Viewing.objects.acount() == 0
    await line.disconnect()


# The customer's side


async def test_the_customer_sees_the_person_and_that_they_type_and_cathy_again():
    ann = await staff()
    with cathy_says("Gladly."):
        async with chatting() as (tab, ready):
            conversation = UUID(ready["conversation"])
            line = await line_of(ann, conversation=str(conversation))
            await claim(conversation, ann)
            told = await tab.until(type="owner")
            assert (told["owner"], told["name"]) == ("human", "Ann")
            await line.send_json_to({"type": "typing", "on": True})
            assert (await tab.until(type="typing", who="staff"))["on"] is True
            await sync_to_async(services.staff_reply)(
                conversation_id=conversation, staff_id=ann.pk, client_id=uuid4(), text="Ann here.", now=utc_now()
            )
            said = await tab.until(type="message", role="staff")
            assert (said["name"], said["text"]) == ("Ann", "Ann here.")
            await sync_to_async(services.return_to_ai)(conversation_id=conversation, staff_id=ann.pk, now=utc_now())
            assert (await tab.until(type="typing", who="staff"))["on"] is False
            told = await tab.until(type="owner")
            assert told["owner"] == "ai"
            assert "name" not in told
            await line.disconnect()


async def test_the_customer_sees_that_the_person_has_read_it():
    ann, bob = await staff(), await staff("bob")
    async with chatting() as (tab, ready):
        conversation = UUID(ready["conversation"])
        await claim(conversation, ann)
        await tab.until(type="owner")
        mine = await tab.say("Are you there?")
        await tab.until(type="ack")
        other = await line_of(bob, conversation=str(conversation))
        assert not [frame for frame in tab.seen if frame["type"] == "status"]
        line = await line_of(ann, conversation=str(conversation))
        assert (await tab.until(type="status"))["id"] == mine
        assert tab.seen[-1]["status"] == "read"
        for one in (line, other):
            await one.disconnect()


async def test_a_colleague_who_takes_over_is_named_to_the_customer():
    ann, bob = await staff(), await staff("bob", "manager")
    async with chatting() as (tab, ready):
        conversation = UUID(ready["conversation"])
        await claim(conversation, ann)
        assert (await tab.until(type="owner"))["name"] == "Ann"
        await sync_to_async(services.take_over)(
            conversation_id=conversation, staff_id=bob.pk, staff_name="Bob", now=utc_now()
        )
        assert (await tab.until(type="owner"))["name"] == "Bob"


async def test_the_person_sees_that_the_customer_types():
    ann = await staff()
    async with chatting() as (tab, ready):
        conversation = UUID(ready["conversation"])
        line = await line_of(ann, conversation=str(conversation))
        await claim(conversation, ann)
        await tab.until(type="owner")
        await tab.send(type="typing", on=True)
        told = await until(line, type="chat", kind="chat.typing")
        assert told["data"] == {"who": "customer", "on": True}
        await line.disconnect()


async def test_a_waiting_customer_is_told_the_place_in_the_queue():
    async with chatting() as (tab, ready):
        conversation = UUID(ready["conversation"])
        ahead = await sync_to_async(make_conversation)(now=utc_now())
        for one in (ahead.pk, conversation):
            await sync_to_async(services.hand_off)(conversation_id=one, reason="asked", now=utc_now())
        told = await tab.until(type="owner")
        assert (told["owner"], told["queue"]) == ("queue", {"position": 2})
