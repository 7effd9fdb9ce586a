"""The vault of placeholders: what a conversation's [PHONE_1] stands for, encrypted, and found again by blind index.

The owner is a conversation (or whatever a room keys its text by). Never-kept values (SSN, cards, accounts) do not come
here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from carloans.core.models.vault import VaultValue
from carloans.core.privacy.index import blind_index
from carloans.core.privacy.placeholders import KEPT, next_label, rehydrate, same_key, tokenize_with
from carloans.core.privacy.spans import Span

#: Two writers may choose the same label at the same moment; the loser looks again.
_ATTEMPTS = 5


class Tokenised(NamedTuple):
    """`text` with placeholders; `found` are the labels in it by kind, each once, in order ({"PHONE": ["PHONE_1"]})."""

    text: str
    found: dict[str, list[str]]


def tokenise_for(*, owner: UUID, text: str, now: datetime, known_names: Iterable[str] = ()) -> Tokenised:
    """`text` with placeholders, its kept values stored for `owner`. The same value keeps its label for ever."""
    found: dict[str, list[str]] = {}

    def label_for(span: Span, value: str) -> str:
        kind = KEPT[span.type]
        label = remember(owner=owner, kind=kind, value=value, now=now)
        labels = found.setdefault(kind, [])
        if label not in labels:
            labels.append(label)
        return label

    return Tokenised(tokenize_with(text, label_for=label_for, known_names=known_names), found)


def remember(*, owner: UUID, kind: str, value: str, now: datetime) -> str:
    """The label of `value`, which is stored under the next free one if it is new to `owner`."""
    index = blind_index(f"vault:{kind}", same_key(kind, value))
    for _ in range(_ATTEMPTS):
        known = VaultValue.objects.filter(owner=owner, kind=kind, value_index=index).values_list("label", flat=True)
        if label := known.first():
            return label
        try:
            return _insert(owner=owner, kind=kind, value=value, index=index, now=now)
        except IntegrityError:
            continue
    raise IntegrityError(f"no free {kind} label in the vault after {_ATTEMPTS} attempts")


def _insert(*, owner: UUID, kind: str, value: str, index: str, now: datetime) -> str:
    taken = VaultValue.objects.filter(owner=owner, kind=kind).values_list("label", flat=True)
    label = next_label(kind, taken)
    with transaction.atomic():
        VaultValue.objects.create(owner=owner, label=label, kind=kind, value=value, value_index=index, created_at=now)
    return label


def resolve(*, owner: UUID, label: str) -> str | None:
    """The value behind a label, with or without its brackets; None if this owner has none."""
    row = VaultValue.objects.filter(owner=owner, label=label.strip("[]")).first()
    return row.value if row is not None else None


def rehydrate_for(*, owner: UUID, text: str) -> str:
    """`text` as the customer wrote it, but for never-kept values. Only for the customer and permitted staff."""
    if "[" not in text:
        return text
    return rehydrate(text, mapping_of(owner=owner))


def mapping_of(*, owner: UUID) -> dict[str, str]:
    """All labels of an owner with their values: one query for a whole transcript."""
    return {row.label: row.value for row in VaultValue.objects.filter(owner=owner)}


def mappings_of(*, owners: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """The same for many owners, in one query."""
    found: dict[UUID, dict[str, str]] = {}
    for row in VaultValue.objects.filter(owner__in=owners):
        found.setdefault(row.owner, {})[row.label] = row.value
    return found


def forget_all(*, owners: Collection[UUID]) -> int:
    """`forget` for many owners at once."""
    deleted, _ = VaultValue.objects.filter(owner__in=owners).delete()
    return deleted


def forget(*, owner: UUID) -> int:
    """Delete everything kept for `owner`; returns how many values. Texts keep their placeholders."""
    deleted, _ = VaultValue.objects.filter(owner=owner).delete()
    return deleted
