"""A customer's message is judged, made safe, stored once and numbered."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from chat.errors import BadText, EmptyText, RateLimited, TextTooLong
from chat.models import Conversation, Message
from chat.tests.factories import make_conversation, say
from visitors import selectors as visitors
from visitors.tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


def test_numbers_messages_without_a_gap(now):
    conversation = make_conversation(now=now)
    numbers = [say(conversation.pk, f"message {i}", now=now + timedelta(seconds=i)).seq for i in range(3)]
    assert numbers == [2, 3, 4]  # the greeting is number 1


def test_stores_the_same_client_id_once(now):
    conversation, same = make_conversation(now=now), uuid4()
    first = say(conversation.pk, "Hello", now=now, client_id=same)
    again = say(conversation.pk, "Hello", now=now, client_id=same)
    assert (first.seq, again.seq, again.duplicate) == (2, 2, True)
    assert conversation.messages.filter(role="customer").count() == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [("", EmptyText), (" \n\t ", EmptyText), ("x" * 4001, TextTooLong), ("a\x00b", BadText), ("a\x1bb", BadText)],
)
def test_refuses_what_is_no_message(now, text, error):
    conversation = make_conversation(now=now)
    with pytest.raises(error):
        say(conversation.pk, text, now=now)
    assert conversation.messages.count() == 1


@pytest.mark.parametrize("text", ["x" * 4000, "مرحبا بك", "👩‍👩‍👧 hola\nsegunda línea", "a\tb"])
def test_takes_any_script_up_to_the_limit(now, text):
    conversation = make_conversation(now=now)
    say(conversation.pk, text, now=now)
    assert conversation.messages.get(seq=2).text == text


def test_holds_back_the_sixth_message_within_two_seconds(now):
    conversation = make_conversation(now=now)
    for i in range(5):
        say(conversation.pk, "hi", now=now + timedelta(milliseconds=100 * i))
    with pytest.raises(RateLimited):
        say(conversation.pk, "hi", now=now + timedelta(milliseconds=600))
    assert say(conversation.pk, "hi", now=now + timedelta(seconds=2.2)).seq == 7


def test_a_repeat_of_a_known_message_is_never_too_fast(now):
    conversation, same = make_conversation(now=now), uuid4()
    say(conversation.pk, "hi", now=now, client_id=same)
    for _ in range(8):
        assert say(conversation.pk, "hi", now=now, client_id=same).seq == 2


def test_contact_data_becomes_placeholders(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, "Call me at 555-123-4567 or jo@example.com", now=now)
    text = conversation.messages.get(seq=2).text
    assert "[PHONE_1]" in text
    assert "[EMAIL_1]" in text


SECRET = "My SSN is 123-45-6789 and I was born on 01/01/1990"


def test_a_social_security_number_is_nowhere_in_the_database(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, SECRET, now=now)
    for needle in ("123-45-6789", "123456789"):
        assert not rows_that_hold(needle)


def test_a_date_of_birth_is_nowhere_in_the_database(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, SECRET, now=now)
    assert not rows_that_hold("01/01/1990")
    assert conversation.messages.get(seq=2).text == "My SSN is [SSN] and I was born on [DOB]"


def test_tells_kindly_why_something_was_removed(now):
    conversation = make_conversation(now=now)
    say(conversation.pk, SECRET, now=now)
    notice = conversation.messages.get(seq=3)
    assert notice.role == Message.Role.SYSTEM
    assert "a Social Security number and a date of birth" in notice.text


def test_a_customer_who_writes_opens_a_closed_conversation(now):
    conversation = make_conversation(now=now)
    Conversation.objects.filter(pk=conversation.pk).update(owner="closed")
    say(conversation.pk, "Hello again", now=now)
    conversation.refresh_from_db()
    assert conversation.owner == "ai"


def rows_that_hold(needle: str) -> list[str]:
    """Every table and column in which the text can be found, read as the database holds it and decrypted."""
    from carloans.core.models import VaultValue

    found = [f"vault.{row.label}" for row in VaultValue.objects.all() if needle in row.value]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(needle in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


def test_who_talks_has_not_left(now):
    """An hour in the chat is no silence: the form's clock starts afresh with each message."""
    application = ApplicationFactory(status="saved", last_event_at=now - timedelta(hours=2))
    conversation = make_conversation(now=now)
    Conversation.objects.filter(pk=conversation.pk).update(
        visitor_id=application.visitor_id, application_id=application.pk
    )
    say(conversation.pk, "Are you there?", now=now)
    assert visitors.due_for_abandonment(now=now + timedelta(minutes=30)) == []
