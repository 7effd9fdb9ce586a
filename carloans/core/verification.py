"""Checking the audit trail: every seal, every entry, every ledger row that an entry vouches for.

Streams: memory and the number of queries per seal stay constant however long the trail is. What each finding means and
what only an outside anchor can show is in docs/privacy.md, "The audit trail".
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from carloans.core import audit, ledger
from carloans.core.appendonly import unprotected
from carloans.core.models import AuditEntry, AuditSeal, AuditSealMember

#: How much later than its own time an entry may be sealed behind a seal that is younger than it.
TOLERANCE = audit.LONGEST_TRANSACTION
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong where. `entry` is the entry's uuid, or "#<id>" when it is gone; `row` is "<table>:<id>".

    Kinds: changed, missing, inserted, reordered, backdated (an entry), broken_chain, missing_seal, forged (a seal),
    row_changed, row_missing, row_unknown (a ledger row), anchor (a seal that is not what was noted outside),
    unprotected (a table whose triggers do not guard it).
    """

    kind: str
    seal: int = 0
    entry: str = ""
    row: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        where = f"seal {self.seal}" if self.seal else "the trail"
        return " ".join(part for part in (f"{where}:", self.kind, self.entry, self.row) if part)


def findings(*, anchors: Iterable[tuple[int, str]] = (), strict: bool = False) -> Iterator[Finding]:
    """Everything that is wrong, in the order of the trail; nothing means that it is whole.

    `anchors` are (number, root) of seals as somebody noted them outside of the database. `strict` also reports entries
    that are dated long before the seal in front of theirs, which simulations with a clock of their own do lawfully.
    """
    yield from (Finding("unprotected", row=table) for table in unprotected())
    yield from _chain(strict)
    yield from _unsealed()
    yield from _gaps()
    yield from _unvouched()
    yield from _anchored(anchors)


@dataclass(slots=True)
class _Walk:
    """What the seals before this one say."""

    root: str = ""
    number: int = 0
    sealed_at: datetime | None = None
    highest: int = audit.LOWEST_ID
    strict: bool = False

    def backdated(self, entry: AuditEntry) -> bool:
        """Dated long before a seal that it is not in: its transaction would have had to last as long.

        An id out of the sealed range makes it certain; an id of its own and a wrong date is for the strict.
        """
        late = self.sealed_at is not None and bool(entry.at + TOLERANCE < self.sealed_at)
        return late and (self.strict or entry.pk < self.highest)


def _chain(strict: bool) -> Iterator[Finding]:
    walk = _Walk(strict=strict)
    for one in AuditSeal.objects.order_by("number").iterator(chunk_size=CHUNK):
        yield from (Finding("missing_seal", number) for number in range(walk.number + 1, one.number))
        if one.number == walk.number + 1 and one.previous_root != walk.root:
            yield Finding("broken_chain", one.number)
        if not ledger.signed(audit.statement(one), one.signature):
            yield Finding("forged", one.number)
        yield from _seal(one, walk)
        walk.root, walk.number, walk.sealed_at = one.root, one.number, one.sealed_at
    if walk.number:
        ever = _sequence(AuditSeal._meta.db_table)
        yield from (Finding("missing_seal", number) for number in range(walk.number + 1, ever + 1))


def _sequence(table: str) -> int:
    """The highest id that SQLite ever gave out; PostgreSQL's sequences also count what never came to be: 0."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _seal(one: AuditSeal, walk: _Walk) -> Iterator[Finding]:
    """One seal's members against their entries, their order and its root: two queries and one for each table."""
    # One more than there should be is enough to see that there are too many.
    members = list(one.members.order_by("position")[: one.size + 1])
    entries = AuditEntry.objects.in_bulk([member.entry_id for member in members])
    found = [*_missing(one, members), *_members(one, members, entries, walk)]
    yield from found
    if not found and audit.root_of(one.previous_root, (member.digest for member in members)) != one.root:
        yield Finding("broken_chain", one.number)
    yield from _rows(one, entries.values())
    walk.highest = max([walk.highest, *entries])


def _missing(one: AuditSeal, members: list[AuditSealMember]) -> Iterator[Finding]:
    """Members that are one too many, and places ("@<position>") that nobody takes."""
    if len(members) > one.size:
        yield Finding("inserted", one.number)
    gone = set(range(one.size)) - {member.position for member in members}
    yield from (Finding("missing", one.number, f"@{position}") for position in sorted(gone))


def _members(
    one: AuditSeal, members: list[AuditSealMember], entries: dict[int, AuditEntry], walk: _Walk
) -> Iterator[Finding]:
    last = audit.LOWEST_ID
    for member in members:
        entry = entries.get(member.entry_id)
        if entry is None:
            yield Finding("missing", one.number, f"#{member.entry_id}")
            continue
        kinds = {
            "changed": audit.digest(entry) != member.digest,
            "reordered": member.entry_id < last,
            "backdated": walk.backdated(entry),
        }
        yield from (Finding(kind, one.number, str(entry.uuid)) for kind, wrong in kinds.items() if wrong)
        last = member.entry_id


def _unsealed() -> Iterator[Finding]:
    """Entries that wait for a seal although their time is long past and higher numbers are sealed."""
    last = AuditSeal.objects.order_by("-number").first()
    highest = last and last.members.aggregate(highest=Max("entry_id"))["highest"]
    if last is None or highest is None:
        return
    old = AuditEntry.objects.filter(sealed__isnull=True, at__lt=last.sealed_at - TOLERANCE, pk__lt=highest)
    yield from (Finding("backdated", 0, str(entry.uuid)) for entry in old.order_by("id").iterator(chunk_size=CHUNK))


_HOLES = (
    "SELECT before + 1, id - 1 FROM (SELECT id, LAG(id) OVER (ORDER BY id) AS before FROM core_auditentry) "
    "WHERE id > before + 1"
)


def _gaps() -> Iterator[Finding]:
    """On SQLite a number that is not there was deleted: it hands out ids without gaps, and takes back what fails."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(_HOLES)
        holes = cursor.fetchall()
    newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"]
    if newest and (ever := _sequence(AuditEntry._meta.db_table)) > newest:
        holes.append((newest + 1, ever))
    for first, last in holes:
        # Entries with a place in a seal were named with it.
        if AuditSealMember.objects.filter(entry__gte=first, entry__lte=last).count() <= last - first:
            yield Finding("missing", 0, f"#{first}" if first == last else f"#{first}-#{last}")


def _rows(one: AuditSeal, entries: Iterable[AuditEntry]) -> Iterator[Finding]:
    """The ledger rows that a seal's entries vouch for, one query for each table."""
    said: dict[type[ledger.LedgerRow], dict[Any, dict[str, str]]] = defaultdict(dict)
    for entry in entries:
        proof = _proof(entry)
        row = ledger.named(proof) if proof else None
        if row:
            said[row.model][row.pk] = proof
    for model, proofs in said.items():
        kept = model._default_manager.in_bulk(list(proofs))
        for pk, proof in proofs.items():
            name = f"{model._meta.db_table}:{pk}"
            if pk not in kept:
                yield from () if _purged(model, one) else [Finding("row_missing", one.number, row=name)]
            elif not ledger.fits(kept[pk], proof):
                yield Finding("row_changed", one.number, row=name)


def _proof(entry: AuditEntry) -> dict[str, str]:
    said = entry.facts.get("row") if isinstance(entry.facts, dict) else None
    return said if isinstance(said, dict) else {}


def _purged(model: type[ledger.LedgerRow], one: AuditSeal) -> bool:
    """Whether retention took rows out of this table after the seal; its own entry says so."""
    return audit.was_purged(model._meta.db_table, since=one.sealed_at)


def _unvouched() -> Iterator[Finding]:
    """Rows of the ledger that no entry speaks of: somebody slipped them in."""
    for model in ledger.ledger_models():
        rows = model._default_manager.order_by("pk").iterator(chunk_size=CHUNK)
        while chunk := list(itertools.islice(rows, CHUNK)):
            known = _vouched(model, {row.trail_subject() for row in chunk})
            for row in chunk:
                if not {(row.trail_subject(), str(row.pk)), (row.trail_subject(), "")} & known:
                    yield Finding("row_unknown", row=f"{model._meta.db_table}:{row.pk}")


def _vouched(model: type[ledger.LedgerRow], subjects: set[str]) -> set[tuple[str, str]]:
    """(subject, row's id) of the entries; the id is empty where the entry is older than proofs are."""
    entries = AuditEntry.objects.filter(subject__in=subjects, action__in=model.ACTIONS)
    return {(entry.subject, _proof(entry).get("id", "")) for entry in entries.iterator(chunk_size=CHUNK)}


_NOTED = re.compile(r"(?:number=|^)(\d+)(?: size=\d+)?[ \t](?:root=)?([0-9a-f]{64})\b")


def read_anchors(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(number, root) from a log, whatever else is on its lines, or from lines of "<number> <root>"."""
    return ((int(found[1]), found[2]) for line in lines if (found := _NOTED.search(line.strip())))


def _anchored(anchors: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    """Seals that are gone, or whose root is another than the one that was noted."""
    noted = iter(anchors)
    while chunk := list(itertools.islice(noted, CHUNK)):
        numbers = [number for number, _ in chunk]
        roots = dict(AuditSeal.objects.filter(number__in=numbers).values_list("number", "root"))
        yield from (Finding("anchor", number) for number, root in chunk if roots.get(number) != root)
