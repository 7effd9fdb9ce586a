"""Each answer of the provider leads to the right outcome, and whatever goes wrong, one pull at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from carloans.core.errors import CarLoansError, ExternalApiError, NetworkError
from carloans.core.models import AuditEntry, ErrorRecord, FeedEvent
from credit import flexpath, selectors, services, tasks
from credit.models import CreditCheck, NoticeDuty
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


def do(check, now):
    return services.start_pull(check_id=check.pk, now=now)


def retry(check, now):
    """What the sweep does when the row is due again."""
    row = CreditCheck.objects.get(pk=check.pk)
    return services.start_pull(check_id=check.pk, now=max(row.due_at, now + timedelta(minutes=2)))


def test_a_fault_that_nobody_foresaw_is_retried_and_at_last_told(bureau, press, now, monkeypatch):
    monkeypatch.setattr(services, "MAX_ATTEMPTS", 2)
    monkeypatch.setattr(flexpath, "request_pull", lambda **kwargs: {}["+15551234567"])
    check = press(KnownVisitorFactory())
    for attempt in (do, retry):
        with pytest.raises(CarLoansError, match="KeyError"):
            attempt(check, now)
    row = CreditCheck.objects.get(pk=check.pk)
    assert (row.state, row.outcome, row.phrase, row.last_error_code) == (
        "parked",
        "unavailable",
        "try_later",
        "KeyError",
    )


@pytest.mark.parametrize(
    ("phone", "outcome"),
    [
        ("+15551234567", "prequalified"),
        ("+15559876543", "prequalified"),
        ("+15554567890", "prequalified"),
        ("+15553210987", "needs_person"),
    ],
)
def test_the_four_customers_get_their_outcome(bureau, press, now, phone, outcome):
    assert do(press(KnownVisitorFactory(phone=phone)), now).outcome == outcome


@pytest.mark.parametrize(
    ("digits", "status", "phrase"),
    [
        ("01", "no_hit", "no_file"),
        ("02", "thin_file", "no_file"),
        ("03", "frozen", "file_locked"),
        ("04", "locked", "file_locked"),
        ("05", "identity_unconfirmed", "identity_unconfirmed"),
    ],
)
def test_a_result_without_a_pull_goes_to_a_person(bureau, press, now, digits, status, phrase):
    found = do(press(KnownVisitorFactory(phone=f"+151255501{digits}")), now)
    assert (found.status, found.outcome, found.phrase, found.next_step) == (status, "needs_person", phrase, "person")


def test_the_score_is_stored_encrypted_and_stays_inside(bureau, customer, press, now):
    check = press(customer)
    found = do(check, now)
    row = CreditCheck.objects.get(pk=check.pk)
    assert (row.score, row.tier, row.bureau["model"]) == (825, "super_prime", "VantageScore 4.0")
    with connection.cursor() as cursor:
        cursor.execute("SELECT score, tier, bureau FROM credit_creditcheck")
        stored = cursor.fetchone()
    assert not any("825" in value or "prime" in value or "Vantage" in value for value in stored)
    assert not {"score", "tier", "bureau"} & set(found.__slots__)


def test_result_and_audit_stand_together(bureau, customer, press, now, django_capture_on_commit_callbacks):
    check = press(customer)
    do(check, now)
    entry = AuditEntry.objects.get(action="credit.decided")
    assert entry.subject == f"credit_check:{check.pk}"
    assert entry.facts == {"outcome": "prequalified", "served_from": ""}
    assert FeedEvent.objects.get(kind="credit.decided").data == {"check": str(check.pk), "outcome": "prequalified"}


def test_a_check_without_an_offer_starts_the_notice_clock(bureau, press, now):
    check = press(KnownVisitorFactory(phone="+15553210987"))
    do(check, now)
    duty = NoticeDuty.objects.get()
    assert (duty.check_row_id, duty.kind, duty.due_at) == (check.pk, "adverse_action", now + timedelta(days=30))


def test_an_offer_starts_no_clock(bureau, customer, press, now):
    do(press(customer), now)
    assert not NoticeDuty.objects.exists()


def test_a_time_out_is_retried_and_never_a_decline(bureau, press, now, impatient):
    check = press(KnownVisitorFactory(phone="+15125550107"))
    with impatient(), pytest.raises(NetworkError):
        do(check, now)
    row = CreditCheck.objects.get(pk=check.pk)
    assert (row.state, row.outcome, row.last_error_category) == ("pending", "", "network")
    assert not NoticeDuty.objects.exists()
    assert ErrorRecord.objects.get().category == "network"


def test_after_a_time_out_the_provider_is_asked_and_pulls_once(bureau, press, now, impatient):
    check = press(KnownVisitorFactory(phone="+15125550106"))
    with impatient(), pytest.raises(NetworkError):
        do(check, now)
    found = retry(check, now)
    assert found.decided
    assert bureau.requests == ["POST", "GET"]
    assert bureau.pulls(check.idempotency_key) == 1


@pytest.mark.parametrize("digits", ["08", "10", "12", "16"])
def test_a_passing_fault_ends_in_a_result_with_one_pull(bureau, press, now, digits, monkeypatch):
    check = press(KnownVisitorFactory(phone=f"+151255501{digits}"))
    with pytest.raises(ExternalApiError):
        do(check, now)
    if digits == "16":
        monkeypatch.setattr("credit.sandbox.utc_now", lambda: now + timedelta(days=1))
    assert retry(check, now).decided
    assert bureau.pulls(check.idempotency_key) == 1


@pytest.mark.parametrize("digits", ["13", "14"])
def test_a_refusal_of_our_key_ends_at_once_without_a_decline(bureau, press, now, digits):
    check = press(KnownVisitorFactory(phone=f"+151255501{digits}"))
    with pytest.raises(flexpath.RefusedError):
        do(check, now)
    found = selectors.outcome_for(check.pk)
    assert (found.state, found.outcome, found.phrase, found.next_step) == (
        "parked",
        "unavailable",
        "try_later",
        "retry",
    )


@pytest.mark.parametrize("digits", ["09", "11", "15"])
def test_a_lasting_fault_is_given_up_and_says_try_later(bureau, press, now, digits):
    check = press(KnownVisitorFactory(phone=f"+151255501{digits}"))
    for _ in range(services.MAX_ATTEMPTS):
        with pytest.raises(CarLoansError):
            retry(check, now)
    found = selectors.outcome_for(check.pk)
    assert (found.state, found.outcome, found.phrase) == ("parked", "unavailable", "try_later")
    assert bureau.pulls() == 0
    assert not NoticeDuty.objects.exists()


def test_the_providers_wish_to_wait_is_kept(bureau, press, now, monkeypatch):
    monkeypatch.setattr(flexpath, "_retry_after", lambda response: 120)
    check = press(KnownVisitorFactory(phone="+15125550110"))
    with pytest.raises(ExternalApiError):
        do(check, now)
    check.refresh_from_db()
    assert check.due_at == now + timedelta(seconds=120)


def give_up(check, now):
    for _ in range(services.MAX_ATTEMPTS):
        with pytest.raises(CarLoansError):
            retry(check, now)


def test_a_press_after_an_interrupted_check_takes_up_the_same_one(bureau, press, now):
    visitor = KnownVisitorFactory(phone="+15125550109")
    check = press(visitor)
    give_up(check, now)
    later = now + timedelta(hours=3)
    again = press(visitor, at=later)
    assert again.pk == check.pk
    assert (again.state, again.outcome, again.attempts) == ("pending", "", 0)


def test_a_result_that_the_provider_had_after_all_is_found_later(bureau, press, now):
    check = press(KnownVisitorFactory(phone="+15125550109"))
    give_up(check, now)
    from credit.sandbox import _accept

    _accept(check.idempotency_key, "+15551234567", "")
    decided_at = CreditCheck.objects.get(pk=check.pk).decided_at
    assert selectors.unknown_checks(now=decided_at) == [check.pk]
    assert services.reconcile(check_id=check.pk, now=decided_at) is True
    assert selectors.outcome_for(check.pk).outcome == "prequalified"


class Crash(BaseException):
    """The process dies here: nothing below may catch it."""


STEPS = [
    "credit.flexpath.request_pull",
    "credit.services.record_result",
    "credit.services.outbox.finish",
    "credit.services.audit.record",
    "credit.services.feed.publish",
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_is_healed_by_the_sweep_with_one_pull(
    bureau, customer, press, now, monkeypatch, step, when, django_capture_on_commit_callbacks
):
    check = press(customer)
    crash_once(monkeypatch, step, when)
    with pytest.raises(Crash):
        tasks.services.start_pull(check_id=check.pk, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_at(monkeypatch, now + timedelta(minutes=3))
    assert selectors.outcome_for(check.pk).outcome == "prequalified"
    assert bureau.pulls(check.idempotency_key) == 1
    assert AuditEntry.objects.filter(action="credit.decided").count() == 1


def crash_once(monkeypatch, step, when):
    from django.utils.module_loading import import_string

    module, _, name = step.rpartition(".")
    owner = import_string(module) if module.count(".") > 1 else __import__(module, fromlist=[name])
    real, done = getattr(owner, name), []

    def die(*args, **kwargs):
        if done:
            return real(*args, **kwargs)
        done.append(True)
        if when == "after":
            from django.db import transaction

            # What the step wrote dies with the process, unless it was committed on its own.
            with transaction.atomic():
                real(*args, **kwargs)
                raise Crash
        raise Crash

    monkeypatch.setattr(owner, name, die)


def sweep_at(monkeypatch, moment):
    monkeypatch.setattr(tasks, "utc_now", lambda: moment)
    assert tasks.sweep_checks() == 1
