"""Nobody gets more mails than they can bear: one in 20 hours, four in 90 days, on a site."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from campaigns import pacing, services
from campaigns.models import Message
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from campaigns.tests.test_sending import carry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


def test_a_second_mail_to_an_address_waits_twenty_hours(provider):
    first, second = (factories.message(email="jane@gmail.com") for _ in range(2))
    assert carry(first).state == "done"
    second = carry(second)
    assert (second.state, second.last_error_code, second.attempts) == ("pending", "paced", 0)
    assert second.due_at == NOON + pacing.GAP
    assert carry(second, NOON + timedelta(hours=20)).state == "done"


def test_other_addresses_and_other_sites_have_their_own_pace(provider):
    other = factories.site("other")
    people: list[dict[str, Any]] = [
        {"email": "jane@gmail.com"},
        {"email": "joe@gmail.com"},
        {"email": "jane@gmail.com", "site_key": other},
    ]
    assert [carry(factories.message(**person)).state for person in people] == ["done", "done", "done"]


def test_on_a_demo_site_each_application_has_its_own_pace(provider):
    demo = factories.site("demo", is_demo=True)
    mails = [factories.message(email="jane@gmail.com", site_key=demo) for _ in range(2)]
    assert [carry(one).state for one in mails] == ["done", "done"]


def test_the_fifth_mail_in_ninety_days_waits_for_the_first_to_grow_old(provider):
    now = NOON
    for _ in range(pacing.MOST):
        assert carry(factories.message(email="jane@gmail.com", now=now), now).state == "done"
        now += timedelta(days=2)
    fifth = carry(factories.message(email="jane@gmail.com", now=now), now)
    assert (fifth.state, fifth.due_at) == ("pending", NOON + pacing.PERIOD)


def test_a_parked_mail_gives_its_turn_back(provider):
    first, second = (factories.message(email="jane@gmail.com") for _ in range(2))
    provider.fails_with("refused")
    assert carry(first).state == "parked"
    provider.works()
    assert carry(second).state == "done"


def test_a_failed_try_keeps_its_turn(provider):
    first, second = (factories.message(email="jane@gmail.com") for _ in range(2))
    provider.fails_with("error")
    first = carry(first)
    provider.works()
    assert carry(second).last_error_code == "paced"
    assert carry(first, first.due_at).state == "done"


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_two_mails_to_one_address_send_one(provider):
    mails = [factories.message(email="jane@gmail.com") for _ in range(2)]
    start = threading.Barrier(2)

    def run(message: Message) -> None:
        start.wait()
        carry(message)
        connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in mails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(provider.got(one) for one in mails) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["done", "pending"]


def test_a_requested_link_does_not_count(provider):
    message = factories.message()
    carry(message)
    fresh = services.write_fresh_link(
        link_id=message.pk, application_id=message.enrollment.application_id, now=NOON + timedelta(minutes=1)
    )
    assert fresh is not None
    assert carry(fresh, NOON + timedelta(minutes=1)).state == "done"
