"""Forgetting somebody in every room, at once and to the end.

The request is recorded first. Then each room in turn, in one transaction: its open work is stopped, its rows are
erased. Both can be repeated, so a crash between any two lines is mended by the next run or by the sweep. Work that was
under way at that moment may still write a line, so the sweep goes over every erasure once more when all leases have
ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from carloans.core import audit
from carloans.core.models import Erasure, ErasureKey
from carloans.core.rights import rooms
from carloans.core.rights.declare import ROW, Person, Table
from carloans.core.rights.finding import person_of
from carloans.core.rights.report import Line, Report

#: Longer than any lease of a turn, a mail, a check or a submission.
LOOK_AGAIN = timedelta(minutes=15)
HELD_LOOK = timedelta(days=1)


def plan(person: Person, *, now: datetime) -> Report:
    """What `erase` would do. Changes nothing."""
    held = _Held.of(person)
    lines = [_line(table, person, held) for module in rooms.modules() for table in rooms.tables(module)]
    return Report(lines=lines, complete=not held.any, dry_run=True, holds=held.reasons)


def erase(person: Person, *, actor: str, reason: str, now: datetime) -> Report:
    """Erase what is kept about a person; what the law makes us keep stays, and the report says what, why and how long.

    `actor` is "system", "staff:<id>" or "visitor:<uuid>"; `reason` is free of personal data. Safe to repeat: a second
    run finishes the first or finds nothing left. A duty that holds something back leaves the erasure open.
    """
    foretold = plan(person, now=now)
    if not foretold.erased and foretold.complete and _is_settled(person):
        return replace(foretold, dry_run=False)
    return proceed(_record(person, actor, reason, now), now=now)


def _is_settled(person: Person) -> bool:
    """Whether every row of the person was erased before, and gone over."""
    ids = [str(one) for one in person.visitors]
    rows = ErasureKey.objects.filter(kind="visitors", value__in=ids, erasure__state=Erasure.State.SETTLED)
    return set(rows.values_list("value", flat=True)) == set(ids)


def proceed(erasure: Erasure, *, now: datetime) -> Report:
    """Do what is left of a recorded erasure."""
    person = person_of(list(erasure.keys.values_list("kind", "value")), now=now)
    _note(erasure, person)
    held = _Held.of(person)
    lines: list[Line] = []
    for module in rooms.modules():
        with transaction.atomic():
            lines += _erase_room(module, person, held, now)
    report = Report(lines=lines, complete=not held.any, holds=held.reasons)
    _close(erasure, report, now)
    return report


def finish_due(*, now: datetime, limit: int = 100) -> int:
    """Go on with erasures that are not finished, and once more over those that are fresh. Returns how many."""
    rows = list(Erasure.objects.filter(look_at__lte=now).order_by("look_at")[:limit])
    for one in rows:
        proceed(one, now=now)
    return len(rows)


def _record(person: Person, actor: str, reason: str, now: datetime) -> Erasure:
    """The open erasure of the same visitors, or a new one with its proof; it commits before anything is erased."""
    ids = [str(one) for one in person.visitors]
    same = ErasureKey.objects.filter(kind="visitors", value__in=ids).exclude(erasure__state=Erasure.State.SETTLED)
    with transaction.atomic():
        erasure = Erasure.objects.filter(keys__in=same).order_by("asked_at").first()
        if erasure is None:
            erasure = Erasure.objects.create(actor=actor, reason=reason, asked_at=now, look_at=now + LOOK_AGAIN)
            facts = {"erasure": str(erasure.pk), "visitors": len(ids)}
            for one in ids:
                audit.record(action="rights.erasure_asked", actor=actor, subject=f"visitor:{one}", now=now, facts=facts)
        _note(erasure, person)
    return erasure


def _note(erasure: Erasure, person: Person) -> None:
    rows = [ErasureKey(erasure=erasure, kind=kind, value=value) for kind, value in person.names()]
    ErasureKey.objects.bulk_create(rows, ignore_conflicts=True)


def _close(erasure: Erasure, report: Report, now: datetime) -> None:
    """First time: to be gone over once more. Second time: settled. Held: looked at every day."""
    state = Erasure.State.ERASED
    look_at: datetime | None = now + LOOK_AGAIN
    if not report.complete:
        state, look_at = Erasure.State.HELD, now + HELD_LOOK
    elif erasure.state == Erasure.State.ERASED and erasure.look_at and erasure.look_at <= now:
        state, look_at = Erasure.State.SETTLED, None
    changes: dict[str, Any] = {"state": state, "look_at": look_at, "erased_at": erasure.erased_at or now}
    if erasure.state == Erasure.State.ASKED or report.erased:
        rounds = erasure.report.get("rounds", [])
        changes["report"] = {"rounds": [*rounds, {"at": now.isoformat(), **report.as_dict()}]}
    with transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(**changes)
        facts = {"state": str(state), "erased": {line.table: line.erased for line in report.erased}}
        audit.record(action="rights.erased", actor=erasure.actor, subject=f"erasure:{erasure.pk}", now=now, facts=facts)


@dataclass(frozen=True)
class _Held:
    """Whose data is held back at this moment: all of it, or what is needed to reach them; and by which duties."""

    everything: frozenset[UUID]
    contact: frozenset[UUID]
    reasons: list[str]

    @classmethod
    def of(cls, person: Person) -> _Held:
        whole: set[UUID] = set()
        contact: set[UUID] = set()
        reasons = []
        for one in rooms.holds():
            if ids := set(one.visitors(person.visitors)):
                reasons.append(str(one.reason))
                (contact if one.contact_only else whole).update(ids)
        return cls(frozenset(whole), frozenset(contact | whole), reasons)

    @property
    def any(self) -> bool:
        return bool(self.contact)


def _erase_room(module: ModuleType, person: Person, held: _Held, now: datetime) -> list[Line]:
    if hasattr(module, "stop"):
        module.stop(person, now=now)
    lines = [_line(table, person, held) for table in rooms.tables(module)]
    if not held.everything:
        for table in rooms.tables(module):
            _apply(table, person, held)
    return lines


def _apply(table: Table, person: Person, held: _Held) -> None:
    doomed = table.doomed(person, spared=held.contact)
    if table.erases is ROW:
        doomed.delete()
    elif table.blanks:
        doomed.update(**table.blanks)


def _line(table: Table, person: Person, held: _Held) -> Line:
    found = table.rows(person).count()
    erased = 0 if held.everything or not found else table.doomed(person, spared=held.contact).count()
    stays = found - erased if table.erases is ROW else found
    why, until = _why(table, person, held) if stays else ("", None)
    return Line(
        room=table.room, table=table.name, title=table.title, found=found, erased=erased, stays=stays,
        reason=why, until=until,
    )  # fmt: skip


def _why(table: Table, person: Person, held: _Held) -> tuple[Any, datetime | None]:
    """Why rows of this table stay; a hold's reasons come first."""
    if held.everything or (held.contact and table.contact):
        return "; ".join(held.reasons), None
    if table.stays is None:
        return "", None
    newest = table.rows(person).aggregate(newest=Max(table.stays.since))["newest"] if table.stays.since else None
    return table.stays.reason, table.stays.keeps.after(newest) if newest else None
