"""What a message's arrival reads of its conversation costs the same after ten messages and after thousands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from chat.limits import BURST_MESSAGES
from chat.models import Conversation, Message
from chat.services import claiming
from chat.tests.factories import make_conversation

pytestmark = [pytest.mark.django_db]
LONG = 3000


def grown(now: Any, length: int = LONG) -> Conversation:
    """A conversation in which customer and Cathy took turns, a minute each; an early card stands open."""
    conversation = make_conversation(now=now)
    Message.objects.filter(conversation=conversation).delete()
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            client_id=uuid4() if seq % 2 else None,
            role="customer" if seq % 2 else "cathy",
            text="Words",
            card={"kind": "privacy"} if seq == 2 else None,
            card_state="open" if seq == 2 else "",
            at=now - timedelta(minutes=length - seq),
        )
        for seq in range(1, length + 1)
    )
    last = {"last_seq": length, "asked_seq": length - 1, "answered_seq": length, "history_seq": length}
    Conversation.objects.filter(pk=conversation.pk).update(**last)
    return Conversation.objects.get(pk=conversation.pk)


def near(conversation: Conversation, now: Any, **given: Any) -> list[int]:
    return [message.seq for message in claiming.near(conversation, now=now, **given)]


def test_an_open_card_a_known_message_and_a_burst_are_found_wherever_they_stand(now):
    conversation = grown(now)
    early = Message.objects.get(conversation=conversation, seq=5)
    assert near(conversation, now + timedelta(hours=1)) == [2]
    assert near(conversation, now + timedelta(hours=1), client_id=early.client_id) == [2, 5]
    burst = range(LONG - 2 * BURST_MESSAGES, LONG + 1)
    Message.objects.filter(conversation=conversation, seq__in=burst).update(at=now)
    written = [seq for seq in burst if seq % 2]
    assert len(written) == BURST_MESSAGES
    assert near(conversation, now) == [2, *written]


def plan(conversation: Conversation, now: Any) -> str:
    query, _ = claiming._NEAR._made
    given = {"conversation": conversation.pk, "since": LONG - 2, "client_id": uuid4(), "burst_among": LONG - 40}
    params = [
        one.bound(given | {"burst_since": now}) if hasattr(one, "bound") else one for one in query._statement._params
    ]
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, TIMING OFF) "
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_message")
        cursor.execute(how + query._statement._sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_database_goes_by_an_index_for_each_part(now):
    conversation = grown(now)
    for _ in range(3):
        grown(now, 200)
    steps = plan(conversation, now)
    if connection.vendor == "sqlite":
        assert "MULTI-INDEX OR" in steps
        assert steps.count("(conversation_id=? AND seq>?)") == 2
        assert "(conversation_id=? AND client_id=?)" in steps
    else:
        assert "BitmapOr" in steps
    assert "chat_open_cards" in steps
