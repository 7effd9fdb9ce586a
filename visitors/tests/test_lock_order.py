"""Who locks more than one row of a person begins with the visitor's: in any other order two of them stop each other.

Only PostgreSQL locks rows; each test waits until the service that it is about stands at the visitor's lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from carloans.core.clock import utc_now
from visitors import services
from visitors.models import Application, ReturnLink, Visitor
from visitors.selectors import site_by_key
from visitors.services import LinkUsed
from visitors.tests.factories import KnownVisitorFactory, SiteFactory, make_abandoned

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@pytest.fixture
def application() -> Application:
    return make_abandoned(visitor=KnownVisitorFactory.create(site=SiteFactory.create(key="test-site")))


def in_thread(work: Callable[[], Any], failed: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for_somebody_who_waits() -> None:
    """Until the other thread stands at a lock of ours."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(_WAITS)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("The service never asked for a row of this visitor.")


def meet(application: Application, work: Callable[[], Any], then: Callable[[], Any]) -> list[BaseException]:
    """Hold the visitor's row as an arriving event does, let the service begin, go on to its other row."""
    failed: list[BaseException] = []
    with transaction.atomic():
        Visitor.objects.select_for_update().get(pk=application.visitor_id)
        other = in_thread(work, failed)
        wait_for_somebody_who_waits()
        then()
    other.join()
    return failed


def lock(application: Application) -> None:
    Application.objects.select_for_update().get(pk=application.pk)


def test_a_judgement_and_an_event_do_not_stop_each_other(application: Application) -> None:
    def judge() -> None:
        assert services.record_assessment(
            application_id=application.pk, identity="probable", channels=[], stop_reason="unknown", priority="low",
            next_step="none", source="rule", now=utc_now(),
        )  # fmt: skip

    assert meet(application, judge, lambda: lock(application)) == []
    assert application.assessments.count() == 1


def test_a_way_back_and_a_submission_do_not_stop_each_other(application: Application) -> None:
    token = services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=utc_now())

    def redeem() -> None:
        with pytest.raises(LinkUsed):
            services.redeem_return_link(token=token, now=utc_now())

    assert meet(application, redeem, lambda: ReturnLink.objects.update(revoked_at=utc_now())) == []


def test_a_repeated_import_and_an_event_do_not_stop_each_other(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(external_id="A-1")
    raw = {"external_id": "A-1", "email": "jane@gmail.com", "step": 5}
    one = services.read_import(raw, allow_test_numbers=True, now=utc_now())

    def again() -> None:
        services.import_application(site=site_by_key(key="test-site"), one=one, now=utc_now())

    assert meet(application, again, lambda: lock(application)) == []
    application.refresh_from_db()
    assert application.step_reached == 5
