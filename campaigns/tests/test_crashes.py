"""A worker dies before any line of the sending code: the mail is neither lost nor doubled."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from campaigns import letters, mail, pacing, services
from campaigns.models import Message, Pace
from campaigns.services import enrolment, sending
from campaigns.tests import factories
from campaigns.tests.conftest import Provider
from campaigns.tests.factories import NOON
from carloans.core import outbox
from carloans.core.models import AuditEntry

#: Real transactions: what a dead worker had not committed must be rolled back by the database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_model")]

#: The files in which a worker may die.
WATCHED = {module.__file__ for module in (sending, letters, mail, pacing, outbox, enrolment)}


class Killed(BaseException):
    """Like SIGKILL, no `except Exception` gets to see it."""


@contextmanager
def dying_at(line: int) -> Iterator[list[str]]:
    """Die before the line-th line that is executed in the watched files; yields where that was."""
    left, place = [line], list[str]()

    def watch(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line" and not place:
            left[0] -= 1
            if left[0] == 0:
                place.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
                raise Killed
        return watch

    sys.settrace(watch)
    try:
        yield place
    finally:
        sys.settrace(None)


def drop_the_connection() -> None:
    """What the database sees of a dead process: the connection is gone, and an open transaction with it."""
    connection.close()
    connection.connect()


def another(message: Message) -> Message:
    """A waiting mail like the first one, for the next death."""
    Pace.objects.all().delete()
    copied = Message.objects.get(pk=message.pk)
    copied.pk, copied.idempotency_key, copied._state.adding = uuid4(), uuid4().hex, True
    copied.step = None
    copied.save()
    return Message.objects.select_related("enrollment").get(pk=copied.pk)


def survive(message: Message) -> Message:
    """The sweeps that come after the lease has run out."""
    now = NOON
    for _ in range(4):
        now += timedelta(seconds=61)
        message = Message.objects.select_related("enrollment").get(pk=message.pk)
        services.deliver(message=message, now=now)
    return Message.objects.get(pk=message.pk)


def die_and_survive(provider: Provider, *, fault: str, lines: range) -> int:
    """Die at each of these lines in turn, with a mail for each death; returns how often somebody died."""
    template = factories.message(site_key=factories.site("demo", is_demo=True))
    for deaths, line in enumerate(lines):
        message = another(template)
        provider.fails_with(*([fault] if fault else []))
        with dying_at(line) as place, suppress(Killed):
            services.deliver(message=message, now=NOON)
        drop_the_connection()
        provider.works()
        survived = survive(message)
        assert (survived.state, provider.got(survived)) == ("done", 1), place
        assert AuditEntry.objects.filter(subject=f"message:{message.pk}", action="email.sent").count() == 1, place
        if not place:
            return deaths
    raise AssertionError("The code is longer than these lines.")


@pytest.mark.slow
def test_dying_at_every_line(provider):
    assert die_and_survive(provider, fault="", lines=range(1, 1000)) >= 100


@pytest.mark.slow
def test_dying_at_every_sixth_line(provider):
    assert die_and_survive(provider, fault="", lines=range(3, 1000, 6)) >= 17


@pytest.mark.slow
def test_dying_while_a_silence_is_handled(provider):
    """The way up to the silence is the same as above: only what follows it is walked."""
    assert die_and_survive(provider, fault="stall_after_accept", lines=range(90, 1000, 6)) >= 4
