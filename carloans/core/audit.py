"""The audit trail's writer, its sealer and its reader.

Writers only insert. A periodic task seals what is not sealed yet: it orders the entries, digests each, and chains the
batch to the seal before it. So concurrent writers never wait for each other, and a changed, missing or moved row breaks
the chain from its seal on. Each root is signed with a key outside the database and written to the log, which whoever
keeps a copy of it can hold against us (`verify_audit --anchor`). `carloans.core.verification` checks all of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from carloans.core import ledger
from carloans.core.models import AuditEntry, AuditSeal, AuditSealMember
from carloans.core.models.audit import FORMER_NAMES

logger = logging.getLogger(__name__)

BATCH = 1000
#: No transaction of ours lasts as long. What commits later than this after its entry is left to the late look.
LONGEST_TRANSACTION = timedelta(hours=1)
#: Below every id, also those that only somebody who slips an entry in would use.
LOWEST_ID = -(2**63)


def record(
    *,
    action: str,
    actor: str,
    subject: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
    row: ledger.LedgerRow | None = None,
) -> AuditEntry:
    """Append one entry within the caller's transaction: the fact and its proof commit together.

    `actor` is "system", "visitor:<uuid>", "staff:<id>" or "agent:<name>"; `subject` is "<kind>:<uuid>". Facts hold ids
    and codes only. `row` is the ledger row that this entry vouches for from now on.
    """
    said = {**(facts or {}), **({"row": ledger.proof(row)} if row is not None else {})}
    return AuditEntry.objects.create(action=action, actor=actor, subject=subject, facts=said, at=now)


def canonical(entry: AuditEntry) -> str:
    """Everything that an entry says, as the text whose SHA-256 is its digest."""
    at = entry.at.astimezone(UTC).isoformat()
    content = [entry.pk, str(entry.uuid), entry.action, entry.actor, entry.subject, entry.facts, at]
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()


def root_of(previous: str, digests: Iterable[str]) -> str:
    """SHA-256 over the previous root and the digests in order, one a line, without a line end behind the last."""
    return hashlib.sha256("\n".join([previous, *digests]).encode()).hexdigest()


def statement(one: AuditSeal) -> str:
    """What the signature of a seal covers."""
    at = one.sealed_at.astimezone(UTC).isoformat()
    return "\n".join([str(one.number), one.previous_root, one.root, str(one.size), at])


def seal(*, now: datetime, after: int | None = None) -> int:
    """Seal one batch of entries that are not sealed yet, oldest first. Returns how many; 0 if another was faster.

    Looks at ids above `after`; without it, from where nothing can have been left behind by a transaction.
    """
    return len(_seal_batch(_floor(now) if after is None else after, now))


def seal_all(*, now: datetime, late: bool = False) -> int:
    """Seal batch by batch until nothing is left; memory does not grow with their number. Returns how many.

    `late` looks at the whole trail, for an entry whose transaction outlasted LONGEST_TRANSACTION.
    """
    after, total = LOWEST_ID if late else _floor(now), 0
    while sealed := _seal_batch(after, now):
        after, total = sealed[-1].pk, total + len(sealed)
    return total


def _floor(now: datetime) -> int:
    """The id below which all entries have had their time to commit and to be sealed: spares a walk over the trail."""
    old = AuditSeal.objects.filter(sealed_at__lt=now - LONGEST_TRANSACTION).order_by("-number").first()
    last = old.members.order_by("-position").first() if old else None
    return last.entry_id if last else 0


def _seal_batch(after: int, now: datetime) -> list[AuditEntry]:
    waiting = AuditEntry.objects.filter(pk__gt=after, sealed__isnull=True).order_by("id")
    entries = list(waiting[:BATCH])
    if not entries:
        return []
    try:
        with transaction.atomic():
            _write_seal(entries, now)
    except IntegrityError:
        # Another sealer took the same number or the same entries; what it left is for the next look.
        return []
    return entries


def _write_seal(entries: list[AuditEntry], now: datetime) -> None:
    last = AuditSeal.objects.order_by("-number").first()
    digests = [digest(entry) for entry in entries]
    previous = last.root if last else ""
    new = AuditSeal(
        number=last.number + 1 if last else 1,
        previous_root=previous,
        root=root_of(previous, digests),
        size=len(entries),
        sealed_at=now,
    )
    new.signature = ledger.sign(statement(new))
    new.save()
    AuditSealMember.objects.bulk_create(
        AuditSealMember(seal=new, entry=entry, position=position, digest=one)
        for position, (entry, one) in enumerate(zip(entries, digests, strict=True))
    )
    transaction.on_commit(lambda: logger.info(ANCHOR_LINE, new.number, new.size, new.root))


#: What the log says of each seal: the anchor that nobody with the database alone can change.
ANCHOR_LINE = "audit.sealed number=%d size=%d root=%s"


#: Retention says so with the facts {"table": …} when it takes rows out of a table of the ledger.
PURGED = "retention.purged"


def was_purged(table: str, *, since: datetime) -> bool:
    """Whether retention lawfully removed rows from a table of the ledger after a moment."""
    return AuditEntry.objects.filter(action=PURGED, subject=f"table:{table}", at__gte=since).exists()


def about(subject: str, *, limit: int = 100) -> list[AuditEntry]:
    """What the trail says of a subject ("lead:<uuid>"), oldest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("-id")[:limit])[::-1]


def about_any(subjects: Iterable[str], *, actors: Iterable[str] = (), limit: int = 500) -> list[AuditEntry]:
    """The newest entries about any of the subjects or by any of the actors, newest first."""
    concerned = Q(subject__in=list(subjects)) | Q(actor__in=list(actors))
    return list(AuditEntry.objects.filter(concerned).order_by("-at", "-id")[:limit])


#: The kinds of things that a subject names, so that an id alone finds its entries.
KINDS = (
    "lead", "conversation", "application", "visitor", "consent", "credit_consent", "credit_check", "submission",
    "message", "mail", "notice_duty", "erasure", "staff",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for in the trail; empty fields do not matter. `before` is the (time, id) of the last one shown."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


def search(wanted: Wanted, *, limit: int = 50) -> list[AuditEntry]:
    """Matching entries, newest first, each with its place in the chain; one query by index, however long the trail."""
    exact = {"actor": wanted.actor, "at__gte": wanted.since, "at__lt": wanted.until}
    rows = AuditEntry.objects.filter(**{name: value for name, value in exact.items() if value})
    if wanted.action:
        rows = rows.filter(action__in=_names_of(wanted.action))
    if wanted.subject:
        rows = rows.filter(subject__in=_subjects(wanted.subject))
    if wanted.before:
        at, pk = wanted.before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    return list(rows.select_related("sealed__seal").order_by("-at", "-id")[:limit])


def _names_of(action: str) -> list[str]:
    """Every name that an action has had, whichever of them is asked for."""
    today = FORMER_NAMES.get(action, action)
    return [today, *(former for former, now in FORMER_NAMES.items() if now == today)]


def _subjects(searched: str) -> list[str]:
    try:
        key = UUID(searched)
    except ValueError:
        return [searched]
    return [f"{kind}:{key}" for kind in KINDS]


def known_actions(*, among: int = 2000) -> list[str]:
    """The actions among the newest entries, for suggestions."""
    newest = AuditEntry.objects.order_by("-id").values_list("action", flat=True)[:among]
    return sorted({FORMER_NAMES.get(action, action) for action in newest})


@dataclass(frozen=True, slots=True)
class SealState:
    """Where the chain stands."""

    number: int
    root: str
    sealed_at: datetime | None
    waiting: bool


def state() -> SealState:
    """The newest seal, and whether the newest entry waits for the next one."""
    last = AuditSeal.objects.order_by("-number").first()
    newest = AuditEntry.objects.select_related("sealed").order_by("-id").first()
    waiting = newest is not None and not hasattr(newest, "sealed")
    return SealState(last.number, last.root, last.sealed_at, waiting) if last else SealState(0, "", None, waiting)
