"""The audit trail's writer, its sealer and its verifier.

Writers only insert. A periodic task seals what is not sealed yet: it orders the entries, digests each, and chains the
batch to the seal before it. So concurrent writers never wait for each other, and a changed, missing or moved row breaks
the chain from its seal on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from carloans.core.models import AuditEntry, AuditSeal, AuditSealMember

BATCH = 1000


def record(*, action: str, actor: str, subject: str, now: datetime, facts: dict[str, Any] | None = None) -> AuditEntry:
    """Append one entry within the caller's transaction: the fact and its proof commit together.

    `actor` is "system", "visitor:<uuid>", "staff:<id>" or "agent:<name>"; `subject` is "<kind>:<uuid>". Facts hold ids
    and codes only.
    """
    return AuditEntry.objects.create(action=action, actor=actor, subject=subject, facts=facts or {}, at=now)


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the canonical form of everything that the entry says."""
    content = [entry.pk, str(entry.uuid), entry.action, entry.actor, entry.subject, entry.facts, entry.at.isoformat()]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _root(previous: str, digests: list[str]) -> str:
    return hashlib.sha256("\n".join([previous, *digests]).encode()).hexdigest()


def seal(*, now: datetime) -> int:
    """Seal the entries that are not sealed yet, oldest first, one batch. Returns how many; 0 if another was faster."""
    entries = list(AuditEntry.objects.filter(sealed__isnull=True).order_by("id")[:BATCH])
    if not entries:
        return 0
    try:
        with transaction.atomic():
            _write_seal(entries, now)
    except IntegrityError:
        return 0
    return len(entries)


def _write_seal(entries: list[AuditEntry], now: datetime) -> None:
    last = AuditSeal.objects.order_by("-number").first()
    digests = [digest(entry) for entry in entries]
    previous = last.root if last else ""
    new = AuditSeal.objects.create(
        number=last.number + 1 if last else 1,
        previous_root=previous,
        root=_root(previous, digests),
        size=len(entries),
        sealed_at=now,
    )
    AuditSealMember.objects.bulk_create(
        AuditSealMember(seal=new, entry=entry, position=position, digest=one)
        for position, (entry, one) in enumerate(zip(entries, digests, strict=True))
    )


@dataclass(frozen=True)
class Finding:
    """What is wrong where: `kind` is changed, missing, reordered or broken_chain."""

    kind: str
    seal: int
    entry: str


def verify() -> Iterator[Finding]:
    """Walk every seal in order and report each deviation; nothing means that the trail is whole."""
    previous, expected = "", 1
    for one in AuditSeal.objects.order_by("number").iterator():
        if one.number != expected or one.previous_root != previous:
            yield Finding("broken_chain", one.number, "")
        yield from _verify_members(one)
        previous, expected = one.root, one.number + 1


def _verify_members(one: AuditSeal) -> Iterator[Finding]:
    members = list(one.members.select_related("entry").order_by("position"))
    if len(members) != one.size:
        yield Finding("missing", one.number, "")
    for member in members:
        if digest(member.entry) != member.digest:
            yield Finding("changed", one.number, str(member.entry.uuid))
    if [member.position for member in members] != list(range(len(members))):
        yield Finding("reordered", one.number, "")
    elif _root(one.previous_root, [member.digest for member in members]) != one.root:
        yield Finding("broken_chain", one.number, "")


def about(subject: str, *, limit: int = 100) -> list[AuditEntry]:
    """What the trail says of a subject ("lead:<uuid>"), oldest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("-id")[:limit])[::-1]
