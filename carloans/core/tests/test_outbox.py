"""Claims are exclusive, leases end, retries back off and parking keeps the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from carloans.core import outbox
from carloans.core.errors import BadInput, NetworkError

with isolate_apps("carloans.core"):

    class Parcel(outbox.OutboxRow):
        """A table of this test's own, unknown to everybody else."""

        class Meta:
            app_label = "core"


@pytest.fixture
def parcels(transactional_db, now):
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)
    yield Parcel.objects.create(idempotency_key="one", due_at=now)
    with connection.schema_editor() as editor:
        editor.delete_model(Parcel)


def test_a_row_is_claimed_by_one_alone(parcels, now):
    assert [row.pk for row in outbox.claim(Parcel.objects.all(), now=now)] == [parcels.pk]
    assert outbox.claim(Parcel.objects.all(), now=now) == []


def test_a_row_that_is_not_due_waits(parcels, now):
    assert outbox.claim(Parcel.objects.all(), now=now - timedelta(seconds=1)) == []


def test_a_lease_that_ran_out_frees_the_row(parcels, now):
    outbox.claim(Parcel.objects.all(), now=now, lease_seconds=60)
    [row] = outbox.claim(Parcel.objects.all(), now=now + timedelta(seconds=61))
    assert row.attempts == 2


def test_a_worker_whose_lease_was_taken_cannot_finish(parcels, now):
    [late] = outbox.claim(Parcel.objects.all(), now=now, lease_seconds=60)
    outbox.claim(Parcel.objects.all(), now=now + timedelta(seconds=61))
    assert outbox.finish(late, now=now) is False
    assert Parcel.objects.get().state == outbox.CLAIMED


def test_a_retryable_error_waits_longer_each_time(parcels, now):
    for attempt in range(1, 5):
        [row] = outbox.claim(Parcel.objects.all(), now=now)
        outbox.retry_or_park(row, now=now, error=NetworkError())
        wait = (row.due_at - now).total_seconds()
        assert 2**attempt / 2 <= wait <= 2**attempt
        now = row.due_at


def test_what_cannot_be_mended_is_parked_with_its_reason(parcels, now):
    [row] = outbox.claim(Parcel.objects.all(), now=now)
    outbox.retry_or_park(row, now=now, error=BadInput(code="unknown_buyer"))
    row.refresh_from_db()
    assert (row.state, row.last_error_code, row.last_error_category) == ("parked", "unknown_buyer", "bad_input")


def test_the_last_attempt_parks(parcels, now):
    Parcel.objects.update(attempts=7)
    [row] = outbox.claim(Parcel.objects.all(), now=now)
    outbox.retry_or_park(row, now=now, error=NetworkError(), max_attempts=8)
    assert row.state == outbox.PARKED


def test_the_outbox_is_abstract():
    assert outbox.OutboxRow._meta.abstract
    assert issubclass(Parcel, models.Model)
