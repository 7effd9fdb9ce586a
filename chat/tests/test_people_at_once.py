"""Several people at once, and Cathy among them: one owner, no lost word, nobody left without an answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from chat import hub, services
from chat.models import Conversation, HandOff, Message
from chat.services import Reply
from chat.tests.factories import make_conversation, say
from chat.tests.sockets import PATIENCE_S, cathy_halts, cathy_says, chatting
from chat.tests.test_races import LONG, claim, has_fallen_silent

pytestmark = [pytest.mark.django_db(transaction=True)]


def at_once(*works):
    """Run all of it at the same moment, each over a connection of its own; errors are results."""

    def run(work):
        try:
            return work()
        except CarLoansError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def people(*names):
    users = [get_user_model().objects.create_user(name.lower(), first_name=name) for name in names]
    return {user.first_name: user.pk for user in users}


def claiming(conversation, name, pk):
    return lambda: services.claim(conversation_id=conversation, staff_id=pk, staff_name=name, now=utc_now())


def test_of_five_who_claim_at_once_one_has_it_and_the_others_are_told_who():
    staff = people("Ann", "Bob", "Cleo", "Dan", "Eve")
    conversation = make_conversation(now=utc_now()).pk
    services.hand_off(conversation_id=conversation, reason="asked", now=utc_now())
    results = at_once(*(claiming(conversation, name, pk) for name, pk in staff.items()))
    row = Conversation.objects.get(pk=conversation)
    [winner] = [name for name, pk in staff.items() if pk == row.staff_id]
    assert results.count(None) == 1
    assert {str(one.message) for one in results if one} == {f"{winner} has this conversation."}
    assert Message.objects.filter(conversation=conversation, text__contains="has joined").count() == 1
    assert HandOff.objects.filter(conversation=conversation, ended_at=None).count() == 1


def test_a_claim_and_the_hand_off_of_a_reply_at_once_leave_one_owner():
    staff = people("Ann")
    for _ in range(5):
        conversation = make_conversation(now=utc_now()).pk
        say(conversation, "I want a person", now=utc_now())
        turn = services.begin_turn(conversation_id=conversation, now=utc_now())
        reply = Reply(text="I have asked a person.", run_id=None, hand_off="asked")
        finished, claimed = at_once(
            lambda turn=turn, reply=reply: services.finish_turn(turn=turn, reply=reply, now=utc_now()),
            claiming(conversation, "Ann", staff["Ann"]),
        )
        row = Conversation.objects.get(pk=conversation)
        assert claimed is None
        assert (row.owner, row.staff_id) == ("human", staff["Ann"])
        spoke = Message.objects.filter(conversation=conversation, text="I have asked a person.").exists()
        assert spoke == bool(finished)
        assert HandOff.objects.filter(conversation=conversation, ended_at=None).count() == 1


def test_a_customer_who_writes_while_a_person_closes_is_lost_to_nobody():
    staff = people("Ann")
    for _ in range(5):
        conversation = make_conversation(now=utc_now()).pk
        services.claim(conversation_id=conversation, staff_id=staff["Ann"], staff_name="Ann", now=utc_now())
        at_once(
            lambda conversation=conversation: services.close_by_staff(
                conversation_id=conversation, staff_id=staff["Ann"], outcome="follow_up", now=utc_now()
            ),
            lambda conversation=conversation: say(conversation, "Wait!", now=utc_now()),
        )
        row = Conversation.objects.get(pk=conversation)
        came_last = Message.objects.filter(conversation=conversation).exclude(role="cathy").order_by("-seq")[0].role
        assert row.owner == ("queue" if came_last == "customer" else "closed")
        assert list(row.messages.values_list("seq", flat=True)) == list(range(1, row.last_seq + 1))


def test_a_holder_who_answers_while_the_sweep_takes_it_away_loses_no_word():
    staff, now = people("Ann"), utc_now()
    for _ in range(5):
        conversation = make_conversation(now=now).pk
        services.claim(conversation_id=conversation, staff_id=staff["Ann"], staff_name="Ann", now=now)
        since = now + timedelta(seconds=1)
        answered, left = at_once(
            lambda conversation=conversation, since=since: services.staff_reply(
                conversation_id=conversation, staff_id=staff["Ann"], client_id=uuid4(), text="Here.", now=since
            ),
            lambda conversation=conversation, since=since: services.release_absent(
                conversation_id=conversation, since=since, now=since
            ),
        )
        row = Conversation.objects.get(pk=conversation)
        assert (row.owner == "queue") == (left is True)
        assert row.messages.filter(role="staff").exists() == isinstance(answered, int)


async def test_no_piece_of_a_reply_follows_the_news_that_a_person_has_taken_over():
    """The customer's own message makes the socket look before the tail tells the room who has it."""
    with cathy_halts(LONG) as cathy:
        async with chatting() as (tab, ready):
            await tab.say("Hello")
            await tab.until(type="delta")
            await claim(ready["conversation"])
            await tab.say("And this")
            await tab.until(type="owner")
            cathy.go.set()
            await has_fallen_silent(tab)
    at = next(i for i, frame in enumerate(tab.seen) if frame["type"] == "owner")
    assert not [frame for frame in tab.seen[at:] if frame["type"] == "delta"]


async def test_old_news_of_a_person_does_not_silence_the_turn_that_runs():
    async with chatting() as (_, ready):
        conversation = UUID(ready["conversation"])
        room = hub._rooms[(asyncio.get_running_loop(), conversation)]
        room._taken.set()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await room.until_taken()
        await claim(ready["conversation"])
        async with asyncio.timeout(PATIENCE_S):
            await room.until_taken()


async def test_a_word_for_a_person_hands_off_within_the_turn_whatever_the_model_says():
    with cathy_says("I can certainly help you with that myself."):
        async with chatting() as (tab, ready):
            await tab.say("Let me talk to a real person")
            assert (await tab.until(type="owner"))["owner"] == "queue"
    conversation = await Conversation.objects.aget(pk=ready["conversation"])
    assert (conversation.note, conversation.answered_seq) == ("asked", conversation.asked_seq)
