"""The round that removes what no class needs any more: in batches, each its own transaction, in constant memory."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from carloans.core import audit
from carloans.core.appendonly import AppendOnly, maintenance
from carloans.core.models import PurgeRun
from carloans.core.retention import rooms
from carloans.core.retention.rules import Rule

BATCH = 1000
NEEDED = "Another record still needs it"


class _Round(NamedTuple):
    """One pass; `pk` of its report names it in the audit trail."""

    run: PurgeRun
    now: datetime
    dry_run: bool


def purge(*, now: datetime, dry_run: bool = False) -> PurgeRun:
    """Apply every rule. The report says by rule what was due, what was purged, and what is held back for which reason.

    With `dry_run` nothing changes but for the report. Safe to repeat and to interrupt: the next round does the rest.
    """
    run = PurgeRun.objects.create(started_at=now, dry_run=dry_run)
    this = _Round(run, now, dry_run)
    run.lines = [_apply(rule, this) for rule in rooms.rules()]
    for name in ("due", "purged", "held"):
        setattr(run, name, sum(line[name] for line in run.lines))
    run.finished_at = now
    run.save()
    return run


def latest() -> PurgeRun | None:
    """The report of the last real round, None before the first."""
    return PurgeRun.objects.filter(dry_run=False, finished_at__isnull=False).order_by("-pk").first()


def _apply(rule: Rule, this: _Round) -> dict[str, Any]:
    """One rule over all its due rows. What it counts in a dry run is what it would do now, before other rules."""
    due = purged = 0
    reasons: Counter[str] = Counter()
    last: Any = None
    while batch := _batch(rule, this.now, last):
        last, due = batch[-1][0], due + len(batch)
        free, held = _free(rule, batch, this.now)
        reasons.update(held)
        try:
            purged += len(free) if this.dry_run else _remove(rule, free, this)
        except IntegrityError:
            # Somebody pointed to one of them a moment ago; the next round takes the others.
            reasons[NEEDED] += len(free)
    return {
        "rule": rule.name,
        "class": rule.kind,
        "table": rule.table,
        "keeps": str(rule.keeps),
        "does": f"empties {', '.join(rule.empties)}" if rule.empties else "deletes",
        "due": due,
        "purged": purged,
        "held": sum(reasons.values()),
        "reasons": dict(reasons),
    }


def _batch(rule: Rule, now: datetime, last: Any) -> list[tuple[Any, UUID | None]]:
    """The next due rows by primary key, each with its visitor."""
    rows = rule.due(now=now).order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last)
    if rule.visitor:
        return list(rows.values_list("pk", rule.visitor)[:BATCH])
    return [(pk, None) for pk in rows.values_list("pk", flat=True)[:BATCH]]


def _free(rule: Rule, batch: list[tuple[Any, UUID | None]], now: datetime) -> tuple[list[Any], Counter[str]]:
    """Those of a batch that nothing holds, and how many are held for which reason."""
    why: dict[Any, str] = {}
    people = {visitor for _, visitor in batch if visitor}
    for hold in rooms.holds() if people else ():
        spared = set(hold.visitors(people))
        why |= {pk: str(hold.reason) for pk, visitor in batch if visitor in spared and pk not in why}
    ids = [pk for pk, _ in batch]
    for held in rule.held:
        why |= {pk: str(held.reason) for pk in _rows(rule, ids).filter(held.rows(now)).values_list("pk", flat=True)}
    if (needed := rule.pointed_to()) and not rule.empties:
        pointed = _rows(rule, ids).filter(needed).values_list("pk", flat=True)
        why |= {pk: NEEDED for pk in pointed if pk not in why}
    return [pk for pk in ids if pk not in why], Counter(why.values())


def _rows(rule: Rule, ids: list[Any]) -> QuerySet[Model]:
    return rule.model._base_manager.filter(pk__in=ids)


def _remove(rule: Rule, ids: list[Any], this: _Round) -> int:
    """One batch and the proof of it in one transaction. Returns how many rows."""
    if not ids:
        return 0
    with _permitted(rule):
        rows = _rows(rule, ids)
        done = int(rows.update(**rule.empties) if rule.empties else rows._raw_delete(rows.db))
        facts = {"table": rule.table, "rule": rule.name, "rows": done, "run": this.run.pk}
        subject = f"table:{rule.table}"
        audit.record(action=audit.PURGED, actor="system", subject=subject, now=this.now, facts=facts)
    return done


def _permitted(rule: Rule) -> AbstractContextManager[Any]:
    return maintenance() if issubclass(rule.model, AppendOnly) else transaction.atomic()
