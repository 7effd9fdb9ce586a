"""The outbox: every effect on the outside world is a row first, claimed once, retried, and parked with a reason.

Claim with a conditional UPDATE, act outside any transaction, then finish, retry or park. A worker that dies in
between loses its lease after `lease_seconds`, and the next sweep claims the row again; `attempts` tells the new owner
to ask the provider what became of the first try before it acts again.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet

from carloans.core.errors import Bug, CarLoansError, categorise

PENDING, CLAIMED, DONE, PARKED, CANCELLED = "pending", "claimed", "done", "parked", "cancelled"
STATES = [(state, state) for state in (PENDING, CLAIMED, DONE, PARKED, CANCELLED)]


class OutboxRow(models.Model):
    """What every outbox table shares."""

    idempotency_key = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error_code = models.CharField(max_length=60, blank=True)
    last_error_category = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=OutboxRow)


def open_rows(now: datetime) -> Q:
    """The condition of a claimable row: due, and free or left behind by a dead worker."""
    return Q(due_at__lte=now) & (Q(state=PENDING) | Q(state=CLAIMED, claimed_until__lt=now))


def claim(queryset: QuerySet[Row], *, now: datetime, lease_seconds: int = 60, limit: int = 20) -> list[Row]:
    """Up to `limit` due rows that now belong to the caller until the lease ends, oldest first."""
    candidates = list(queryset.filter(open_rows(now)).order_by("due_at")[:limit])
    return [row for row in candidates if _take(row, now=now, lease_seconds=lease_seconds)]


def claim_one(row: Row, *, now: datetime, lease_seconds: int = 60) -> bool:
    """Claim exactly this row; False when it is not due or another worker has it."""
    return _take(row, now=now, lease_seconds=lease_seconds)


def _take(row: OutboxRow, *, now: datetime, lease_seconds: int) -> bool:
    until = now + timedelta(seconds=lease_seconds)
    rows = type(row)._base_manager.filter(open_rows(now), pk=row.pk, attempts=row.attempts)
    if not rows.update(state=CLAIMED, claimed_until=until, attempts=F("attempts") + 1):
        return False
    row.state, row.claimed_until, row.attempts = CLAIMED, until, row.attempts + 1
    return True


def _close(row: OutboxRow, state: str, **fields: Any) -> bool:
    """Leave the claim. The claim's attempt number guards against a worker whose lease ran out meanwhile."""
    changes = {"state": state, "claimed_until": None, **fields}
    rows = type(row)._base_manager.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if not rows.update(**changes):
        return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def finish(row: OutboxRow, *, now: datetime, **fields: Any) -> bool:
    """The effect happened: done, with what is known of it. False when the lease was lost."""
    return _close(row, DONE, done_at=now, last_error_code="", last_error_category="", **fields)


def cancel(row: OutboxRow, *, now: datetime, reason: str, **fields: Any) -> bool:
    """The effect is no longer wanted."""
    return _close(row, CANCELLED, done_at=now, last_error_code=reason, **fields)


def postpone(row: OutboxRow, *, until: datetime, reason: str) -> bool:
    """Not yet: back to waiting without a try, which does not count as an attempt (a switch, quiet hours, a cap)."""
    return _close(row, PENDING, due_at=until, attempts=row.attempts - 1, last_error_code=reason)


def park(row: OutboxRow, *, now: datetime, reason: str, category: str = "", **fields: Any) -> bool:
    """A person must look: nothing tries it again by itself."""
    return _close(row, PARKED, last_error_code=reason, last_error_category=category, **fields)


def backoff_seconds(attempts: int, *, base: float = 2.0, most: float = 900.0) -> float:
    """Exponential with full jitter on its upper half: 1-2, 2-4, 4-8 … seconds, at most 15 minutes."""
    ceiling = min(most, base * 2 ** max(attempts - 1, 0))
    return float(ceiling / 2 + random.uniform(0, ceiling / 2))  # noqa: S311  jitter needs no secrecy


def worth_a_retry(error: Exception) -> CarLoansError:
    """Our own errors as they are. What nobody anticipated (a locked database, a bug) may pass, so it is tried again
    too, under its type's name, and parked when it does not: a row that nobody closes would be begun for ever."""
    if isinstance(error, CarLoansError):
        return error
    unforeseen = Bug(code=type(error).__name__[:60])
    unforeseen.retryable = True
    return unforeseen


def retry_or_park(row: OutboxRow, *, now: datetime, error: BaseException, max_attempts: int = 8) -> bool:
    """Try again later when that can help and attempts remain; else park with the error's code."""
    code = error.code if isinstance(error, CarLoansError) else type(error).__name__
    category = str(categorise(error))
    if not getattr(error, "retryable", False) or row.attempts >= max_attempts:
        return park(row, now=now, reason=code, category=category)
    due = now + timedelta(seconds=backoff_seconds(row.attempts))
    return _close(row, PENDING, due_at=due, last_error_code=code, last_error_category=category)
