"""What happens at once: a person and Cathy, two messages, two processes, a failure in the middle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import connections

from carloans.core.clock import utc_now
from carloans.core.models import ErrorRecord, Switch
from cathy.engine.provider import stand_in
from cathy.simulation.contract import Call, Say
from cathy.simulation.model import SimulatedModel
from chat import services, tasks
from chat.limits import DAILY_REPLIES, TURN_ATTEMPTS
from chat.models import Conversation, Message
from chat.tests.factories import make_conversation, make_site, say
from chat.tests.sockets import Tab, cathy_halts, cathy_says, chatting
from visitors import selectors as visitors
from visitors import services as visitor_services

pytestmark = [pytest.mark.django_db(transaction=True)]

LONG = "First I look at your application. Then I tell you what I see. After that we decide together. Is that fine?"


async def has_fallen_silent(tab: Tab) -> None:
    """Cathy types no more, and what was on its way to the tab has come."""
    while [frame["on"] for frame in tab.seen if frame["type"] == "typing"][-1]:
        await tab.next()
    await tab.send(type="ping")
    await tab.until(type="pong")


async def claim(conversation: str) -> None:
    user = await get_user_model().objects.acreate(username="ann", first_name="Ann")
    await sync_to_async(services.claim)(
        conversation_id=UUID(conversation), staff_id=user.pk, staff_name="Ann", now=utc_now()
    )


async def test_a_person_takes_over_in_the_middle_of_a_sentence():
    with cathy_halts(LONG) as cathy:
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            await tab.until(type="delta")
            await claim(ready["conversation"])
            assert (await tab.until(type="owner"))["owner"] == "human"
            cathy.go.set()
            await has_fallen_silent(tab)
            after = tab.seen[tab.seen.index(next(f for f in tab.seen if f["type"] == "owner")) :]
            assert not [frame for frame in after if frame["type"] == "delta"]
    assert [m.role async for m in Message.objects.order_by("seq")] == ["cathy", "customer", "system"]


async def test_a_message_during_a_turn_is_answered_by_another_turn():
    with cathy_halts(LONG) as cathy:
        async with chatting() as (tab, _):
            await tab.say("One")
            await tab.until(type="delta")
            two = await tab.say("Two")
            await tab.until(type="ack", id=two)
            cathy.go.set()
            for _ in range(2):
                await tab.until(type="typing", on=False)
    roles = [(m["seq"], m["role"]) for m in sorted(tab.messages(), key=lambda m: m["seq"])]
    assert roles == [(1, "cathy"), (2, "customer"), (3, "customer"), (4, "cathy"), (5, "cathy")]


async def test_a_model_that_fails_brings_a_person_and_a_kind_word():
    def broken(turn):
        raise ValueError("secret words of the customer")

    with cathy_says(broken):
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            message = await tab.until(type="message", role="cathy")
            assert message["card"]["kind"] == "handoff"
            assert (await tab.until(type="owner"))["owner"] == "queue"
    conversation = await Conversation.objects.aget(pk=ready["conversation"])
    assert conversation.note.startswith("bug")
    assert "secret" not in conversation.note
    assert await ErrorRecord.objects.filter(where="chat.turn").acount() == 1


async def test_a_model_that_says_nothing_brings_a_person():
    with cathy_says(lambda turn: [Say("")]):
        async with chatting() as (tab, _):
            await tab.say("Hello")
            assert (await tab.until(type="owner"))["owner"] == "queue"


async def test_a_model_that_takes_too_long_brings_a_person(monkeypatch):
    monkeypatch.setattr("chat.turns.TURN_SECONDS", 0.3)
    with stand_in("chat-main", SimulatedModel("chat-main", lambda turn: [Say(LONG)], pause_s=1)):
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            assert (await tab.until(type="owner"))["owner"] == "queue"
    assert (await Conversation.objects.aget(pk=ready["conversation"])).note == "agent_timeout: turn_timeout"


async def test_with_the_switch_off_cathy_is_silent_and_a_person_is_asked():
    await Switch.objects.acreate(name="ai", on=False)
    with cathy_says("I must not speak."):
        async with chatting() as (tab, _):
            await tab.say("Hello")
            assert (await tab.until(type="owner"))["owner"] == "queue"
    assert "I must not speak." not in str(tab.seen)


async def test_a_spent_budget_brings_a_person():
    with cathy_says("Gladly."):
        async with chatting() as (tab, ready):
            rows = Conversation.objects.filter(pk=ready["conversation"])
            await rows.aupdate(replies=DAILY_REPLIES, last_seq=DAILY_REPLIES + 1)
            await Message.objects.abulk_create(
                Message(conversation_id=ready["conversation"], seq=n + 2, role="cathy", reply_ms=1, at=utc_now())
                for n in range(DAILY_REPLIES)
            )
            await tab.say("Hello")
            assert (await tab.until(type="owner"))["owner"] == "queue"
    assert (await Conversation.objects.aget(pk=ready["conversation"])).note == "not_allowed: budget_spent"


async def test_a_hand_off_by_the_agent_comes_after_its_words():
    def plan(turn):
        return (
            [Say("I have asked a person.")] if turn.tool_results else [Call("hand_off_to_person", {"reason": "asked"})]
        )

    with cathy_says(plan):
        async with chatting() as (tab, _):
            await tab.say("A person please")
            await tab.until(type="owner", owner="queue")
    spoken = [(m["text"], (m.get("card") or {}).get("kind")) for m in tab.messages() if m["role"] == "cathy"][1:]
    assert spoken == [("I have asked a person.", None), ("", "handoff")]


async def test_an_offer_without_a_phone_number_shows_the_contact_form_first():
    def plan(turn):
        return [Say("Please fill in the form below.")] if turn.tool_results else [Call("offer_credit_check")]

    with cathy_says(plan):
        async with chatting() as (tab, _):
            await tab.say("Do I prequalify?")
            reply = await tab.until(type="message", role="cathy")
            assert (reply["text"], reply["card"]["kind"]) == ("Please fill in the form below.", "contact_form")
            fields = {"phone": "555-123-4567"}
            await tab.send(type="action", id=str(uuid4()), card=reply["card"]["id"], action="submit", fields=fields)
            while (found := await tab.until(type="message", role="cathy"))["id"] == reply["id"]:
                continue
            assert found["card"]["kind"] == "credit_consent"


async def test_a_number_typed_in_the_chat_is_saved_through_its_placeholder():
    def plan(turn):
        if turn.tool_results:
            return [Say("Saved [PHONE_1].")]
        assert "555" not in turn.last_user
        return [Call("save_phone", {"placeholder": "[PHONE_1]"})]

    with cathy_says(plan):
        async with chatting() as (tab, ready):
            await tab.say("My number is 555-123-4567")
            reply = await tab.until(type="message", role="cathy")
            assert reply["text"] == "Saved 555-123-4567."
    stored = await Message.objects.aget(conversation_id=ready["conversation"], seq=3)
    assert stored.text == "Saved [PHONE_1]."


def at_once(work, count: int = 6) -> list:
    """The results of the same call from several threads, each with a connection of its own."""

    def alone(_):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))


def test_one_message_sent_through_many_doors_is_stored_once(now):
    conversation, same = make_conversation(now=now), uuid4()
    got = at_once(lambda: say(conversation.pk, "Hello", now=now, client_id=same))
    assert {one.seq for one in got} == {2}
    assert conversation.messages.count() == 2


def test_many_processes_begin_one_turn(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, "Hello", now=now)
    begun = at_once(lambda: services.begin_turn(conversation_id=conversation.pk, now=now))
    assert len([turn for turn in begun if turn]) == 1


def test_a_claim_and_a_reply_at_once_leave_one_owner_and_no_late_reply(now):
    conversation = make_conversation(now=now)
    user = get_user_model().objects.create_user(username="ann", first_name="Ann")
    for number in range(5):
        Conversation.objects.filter(pk=conversation.pk).update(owner="ai")
        say(conversation.pk, "Hello", now=now + timedelta(minutes=number))
        turn = services.begin_turn(conversation_id=conversation.pk, now=now)
        acts = iter([True, False])

        def act(turn=turn, acts=acts):
            if next(acts):
                services.claim(conversation_id=conversation.pk, staff_id=user.pk, staff_name="Ann", now=now)
                return "claimed"
            return bool(services.finish_turn(turn=turn, reply=services.Reply(text="Late", run_id=None), now=now))

        results = at_once(act, 2)
        conversation.refresh_from_db()
        assert conversation.owner == "human"
        last = [m.role for m in conversation.messages.order_by("-seq")[:2]]
        # Either the reply was stored before the claim, or not at all.
        assert last == (["system", "cathy"] if True in results else ["system", "customer"])
        services.return_to_ai(conversation_id=conversation.pk, staff_id=user.pk, now=now)


def test_what_a_dead_process_left_is_answered_by_the_sweep(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, "Hello", now=now)
    services.begin_turn(conversation_id=conversation.pk, now=now)
    assert tasks.sweep_turns() == 0
    Conversation.objects.update(turn_until=now - timedelta(seconds=1))
    with cathy_says("Here I am again."):
        assert tasks.sweep_turns() == 1
    assert conversation.messages.last().text == "Here I am again."
    assert tasks.sweep_turns() == 0


def test_what_kept_killing_its_process_goes_to_a_person_by_the_sweep(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, "Hello", now=now)
    Conversation.objects.update(turn_attempts=TURN_ATTEMPTS, turn_token=uuid4(), turn_until=now - timedelta(seconds=1))
    tasks.sweep_turns()
    conversation.refresh_from_db()
    assert conversation.owner == "queue"


def test_silent_conversations_are_closed(now):
    make_site()
    old = make_conversation(now=now - timedelta(days=3))
    make_conversation(now=now)
    assert tasks.close_idle() == 1
    old.refresh_from_db()
    assert old.owner == "closed"


@pytest.mark.parametrize(
    "words", ["I want to talk to a human", "quiero hablar con una persona", "I want to file a complaint"]
)
async def test_a_wish_for_a_person_is_honoured_whatever_the_model_says(words):
    with cathy_says("Let me tell you about our offers first."):
        async with chatting() as (tab, _):
            await tab.say(words)
            await tab.until(type="owner", owner="queue")


async def test_a_stop_ends_all_contact_even_when_the_model_fails():
    def broken(turn):
        raise ValueError

    with cathy_says(broken):
        async with chatting() as (tab, ready):
            await sync_to_async(give_consent)(ready["visitor"])
            await tab.say("Stop contacting me")
            await tab.until(type="owner", owner="queue")
    standing = await sync_to_async(visitors.consents_for)(visitor_id=UUID(ready["visitor"]))
    assert [consent.withdrawn_at is not None for consent in standing] == [True]


async def test_two_misses_in_a_row_bring_a_person():
    def lost(turn):
        return [Say("Could you say that differently?")] if turn.tool_results else [Call("note_not_understood")]

    with cathy_says(lost):
        async with chatting() as (tab, _):
            await tab.say("qwxz")
            await tab.until(type="typing", on=False)
            await tab.say("qwxz again")
            await tab.until(type="owner", owner="queue")


def give_consent(visitor_id: str) -> None:
    now = utc_now()
    visitor_services.record_consent(
        visitor_id=UUID(visitor_id), kind="marketing_email", locale="en", act="ticked", element_id="box", page="/",
        ip="203.0.113.9", user_agent="Test", shown_at=now, now=now,
    )  # fmt: skip
