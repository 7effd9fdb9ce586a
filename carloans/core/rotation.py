"""Key rotation: every encrypted column of every model moves to the first key, while the house goes on working.

Rows are found by the key id in their tokens, so there is no state to lose: a run that was killed is simply started
again. Each value is written by compare-and-swap on the token that was read, so that a newer value is never overwritten.
Locks are held for some milliseconds and never waited for.

Append-only rows are moved as well: what they say stays the same, only its wrapping changes, inside
`appendonly.maintenance()` and with an audit entry in the same transaction. No digest covers a token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Case, CharField, Count, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Substr

from carloans.core import appendonly, audit
from carloans.core.appendonly import AppendOnly
from carloans.core.encryption import FORMAT, UnreadableValue, decrypt, encrypt, keyring
from carloans.core.fields import EncryptedField

#: Rows per transaction: the longest that a writer of the same rows may wait, about 20 ms.
BATCH = 200
#: How often the tables are walked: rows that somebody held or changed are met again in the next walk.
WALKS = 5
#: What the report calls tokens that do not name their key.
OLDER_FORMAT = "fernet"


@dataclass(frozen=True, slots=True)
class Place:
    """A model with encrypted columns."""

    model: type[Model]
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def rows(self) -> QuerySet[Any]:
        """All rows, past the guard in Python of append-only models; the triggers of the database still stand."""
        return QuerySet(self.model)

    def stale(self) -> QuerySet[Any]:
        """Rows with a value that is not under the current key."""
        wrong = Q()
        for column in self.columns:
            wrong |= _stale(column)
        return self.rows().filter(wrong)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many values of a column are under a key."""

    table: str
    column: str
    key: str
    values: int


@dataclass(slots=True)
class Outcome:
    """What a rotation did."""

    moved: int = 0
    left: int = 0
    #: what could not be read, worded for the operator: {reason: rows}
    unreadable: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    """The tokens of one row that are to be replaced: {column: (old, new)}."""

    pk: Any
    swaps: dict[str, tuple[str, str]]


def places() -> list[Place]:
    """Every model that has encrypted columns, found by the class of its fields."""
    found = [Place(model, _columns(model)) for model in apps.get_models(include_auto_created=True)]
    return [place for place in found if place.columns and place.model._meta.managed]


def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(one.name for one in model._meta.local_concrete_fields if isinstance(one, EncryptedField))


def _stale(column: str) -> Q:
    current = {f"{column}__token__startswith": keyring().current}
    return Q(**{f"{column}__isnull": False}) & ~Q(**{f"{column}__token": ""}) & ~Q(**current)


def standings() -> Iterator[Standing]:
    """How many values of each column are under which key; empty columns are left out."""
    for place in places():
        for column in place.columns:
            yield from _standings(place, column)


def _standings(place: Place, column: str) -> Iterator[Standing]:
    named = When(**{f"{column}__token__startswith": FORMAT}, then=Substr(f"{column}__token", len(FORMAT) + 1, 8))
    key = Case(named, default=Value(OLDER_FORMAT), output_field=CharField())
    filled = place.rows().filter(**{f"{column}__isnull": False}).exclude(**{f"{column}__token": ""})
    for row in filled.order_by().annotate(under=key).values("under").annotate(n=Count("pk")).order_by("under"):
        yield Standing(place.table, column, row["under"], row["n"])


def readable() -> None:
    """Read the first and the last value of the first table that has any. Raises UnreadableValue.

    Cheap enough for a probe: both stand at the ends of an index. The oldest misses a key that was removed too early,
    the newest one that this process was not given yet.
    """
    for place in places():
        for column in place.columns:
            filled = place.rows().exclude(**{f"{column}__token": ""}).filter(**{f"{column}__isnull": False})
            values = filled.values_list(column, flat=True)
            if values.order_by("pk").first() is not None and values.order_by("-pk").first() is not None:
                return


def left() -> int:
    """How many rows still have a value under an old key."""
    return sum(place.stale().count() for place in places())


def rotate(
    *, now: datetime, batch: int = BATCH, tell: Callable[[str, int], None] = lambda table, moved: None
) -> Outcome:
    """Move every value to the current key. `tell` hears, after each batch, which table and how many rows so far.

    Safe to run at any time, also twice at once. What is left (see `Outcome.left`) was held by somebody, was written by
    a process that does not know the current key yet, or cannot be read.
    """
    outcome = Outcome()
    for _ in range(WALKS):
        outcome.unreadable.clear()
        for place in places():
            for moved in _walk(place, batch, outcome, now):
                outcome.moved += moved
                tell(place.table, outcome.moved)
        outcome.left = left()
        if outcome.left <= sum(outcome.unreadable.values()):
            break
    _note_end(outcome, now)
    return outcome


def _note_end(outcome: Outcome, now: datetime) -> None:
    if outcome.moved:
        facts = {"rows": outcome.moved, "left": outcome.left}
        audit.record(action="keys.rotated", actor="system", subject=_subject(), now=now, facts=facts)


def _subject() -> str:
    return f"key:{keyring().ids()[0]}"


def _walk(place: Place, batch: int, outcome: Outcome, now: datetime) -> Iterator[int]:
    """One walk over a table in the order of its key; yields how many rows each batch moved."""
    last: Any = None
    while page := _page(place, last, batch):
        last = page[-1][0]
        rows = [row for one in page if (row := _rewrapped(place, one, outcome)) and row.swaps]
        started = time.monotonic()
        yield _write(place, rows, now)
        # As long a rest as the lock was held: on SQLite there is one writer at a time, and it is not to be us always.
        time.sleep(time.monotonic() - started)


def _page(place: Place, last: Any, size: int) -> list[tuple[Any, ...]]:
    found = place.stale() if last is None else place.stale().filter(pk__gt=last)
    return list(found.order_by("pk").values_list("pk", *(f"{name}__token" for name in place.columns))[:size])


def _rewrapped(place: Place, read: tuple[Any, ...], outcome: Outcome) -> _Row | None:
    """The row's values under the current key; None, and noted, for one that cannot be read."""
    current = keyring().current
    old = {name: token for name, token in zip(place.columns, read[1:], strict=True) if token}
    try:
        swaps = {name: (token, encrypt(decrypt(token))) for name, token in old.items() if not token.startswith(current)}
    except UnreadableValue as error:
        outcome.unreadable[str(error)] = outcome.unreadable.get(str(error), 0) + 1
        return None
    return _Row(read[0], swaps)


def _write(place: Place, rows: list[_Row], now: datetime) -> int:
    """Swap the tokens of the rows that nobody holds, in one transaction; returns how many."""
    if not rows:
        return 0
    if not issubclass(place.model, AppendOnly):
        with transaction.atomic():
            return _swap_free(place, rows)
    with appendonly.maintenance():
        moved = _swap_free(place, rows)
        facts = {"table": place.table, "rows": moved}
        audit.record(action="keys.rewrapped", actor="system", subject=_subject(), now=now, facts=facts)
        return moved


def _swap_free(place: Place, rows: list[_Row]) -> int:
    """Rows that somebody holds are left for the next walk: who never waits for a lock can cause no deadlock."""
    free = {row.pk for row in rows}
    if connection.features.has_select_for_update_skip_locked:
        wanted = place.rows().filter(pk__in=free).select_for_update(skip_locked=True, no_key=True)
        free = set(wanted.order_by().values_list("pk", flat=True))
    return sum(_swap(place, row) for row in rows if row.pk in free)


def _swap(place: Place, row: _Row) -> int:
    """Compare and swap: 1, or 0 when a value has changed since it was read."""
    as_read = {f"{name}__token": old for name, (old, _) in row.swaps.items()}
    rewrapped = {name: Value(new, output_field=TextField()) for name, (_, new) in row.swaps.items()}
    return place.rows().filter(pk=row.pk, **as_read).update(**rewrapped)
