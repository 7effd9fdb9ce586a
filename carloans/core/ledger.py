"""Proof of a ledger row: the digest that the audit trail keeps of it.

A row of the ledger (a consent, its withdrawal, a submission) is written together with an audit entry whose facts hold
a SHA-256 over the row's plain values. So a row that is changed, removed or slipped in behind the trail's back no longer
fits its entry. Values are digested as they read and not as they are encrypted, so that keys can be rotated.

Addresses of networks and devices are *traces*: retention and erasure may empty them while the agreement itself stays
on file. They have a digest of their own, keyed, because an address is short enough to be guessed from a bare one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models

from carloans.core.appendonly import AppendOnly


class LedgerRow(AppendOnly):
    """An append-only row that the audit trail vouches for.

    `PROOFS` names the columns of each edition of the proof, newest last. A new column comes in a new edition: the
    digests of older rows are over the columns of their time.
    """

    PROOFS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    TRACES: ClassVar[tuple[str, ...]] = ()
    #: The actions of the entries that vouch for such a row.
    ACTIONS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def trail_subject(self) -> str:
        """The subject of the entry that vouches for this row."""
        raise NotImplementedError


def ledger_models() -> list[type[LedgerRow]]:
    """Every table of the ledger."""
    return [model for model in apps.get_models() if issubclass(model, LedgerRow)]


def keys() -> list[bytes]:
    """The keys of seals and traces, the newest first; all of them verify.

    AUDIT_KEYS if it is set, then one derived from BLIND_INDEX_KEY, which is what an installation begins with.
    """
    derived = hmac.new(settings.BLIND_INDEX_KEY.encode(), b"carloans audit trail", hashlib.sha256).digest()
    return [*(key.encode() for key in settings.AUDIT_KEYS), derived]


def sign(message: str, key: bytes | None = None) -> str:
    """HMAC-SHA256 with the newest key, hexadecimal."""
    return hmac.new(key or keys()[0], message.encode(), hashlib.sha256).hexdigest()


def signed(message: str, signature: str) -> bool:
    """Whether one of the keys made the signature."""
    return any(hmac.compare_digest(sign(message, key), signature) for key in keys())


def moment(at: datetime) -> str:
    """A time as every digest and document writes it: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat()


def plain(row: models.Model, name: str) -> Any:
    """A column's value as JSON can hold it: the same before it is stored and after it is read on either database."""
    field: Any = row._meta.get_field(name)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    value = target.to_python(getattr(row, field.attname))
    if isinstance(value, datetime):
        return moment(value)
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def _written(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def canonical(row: LedgerRow, edition: str) -> str:
    """The text whose SHA-256 proves the row. Raises KeyError for an edition that never was."""
    return _written([row._meta.label, edition, {name: plain(row, name) for name in row.PROOFS[edition]}])


def canonical_traces(row: LedgerRow) -> str:
    """The text of the keyed digest of what may be emptied; "" when it is empty by now."""
    values = {name: plain(row, name) for name in row.TRACES}
    return _written([row._meta.label, str(row.pk), values]) if all(values.values()) else ""


def proof(row: LedgerRow) -> dict[str, str]:
    """What the row's audit entry keeps of it: ids and digests."""
    edition = list(row.PROOFS)[-1]
    found = {
        "model": row._meta.label,
        "id": str(row.pk),
        "edition": edition,
        "sha256": hashlib.sha256(canonical(row, edition).encode()).hexdigest(),
    }
    traces = canonical_traces(row)
    return found | {"traces": sign(traces)} if traces else found


def fits(row: LedgerRow, said: Mapping[str, str]) -> bool:
    """Whether a row is still what its audit entry said of it. Emptied traces are no contradiction."""
    if said.get("edition") not in row.PROOFS:
        return False
    if hashlib.sha256(canonical(row, said["edition"]).encode()).hexdigest() != said.get("sha256"):
        return False
    traces = canonical_traces(row)
    return not traces or "traces" not in said or signed(traces, said["traces"])


@dataclass(frozen=True, slots=True)
class Named:
    """The row that an entry speaks of."""

    model: type[LedgerRow]
    pk: Any


def named(said: Mapping[str, str]) -> Named | None:
    """The row that a proof names; None when it names no table of the ledger."""
    by_label = {model._meta.label: model for model in ledger_models()}
    model = by_label.get(str(said.get("model")))
    return Named(model, model._meta.pk.to_python(said["id"])) if model else None


def fetch(said: Mapping[str, str]) -> LedgerRow | None:
    """The row that a proof speaks of, as it is now; None when it is gone."""
    found = named(said)
    row = found.model._default_manager.filter(pk=found.pk).first() if found else None
    return row if isinstance(row, LedgerRow) else None
