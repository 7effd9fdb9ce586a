"""Personal data in a conversation's texts: placeholders on the way in, values only for the one who wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carloans.core.errors import BadInput
from carloans.core.privacy import vault
from carloans.core.privacy.placeholders import NEVER_KEPT, labels_in, rehydrate


@dataclass(frozen=True, slots=True)
class Protected:
    """`text` may be stored and shown to a model; `removed` names the kinds of data that are gone for good."""

    text: str
    removed: list[str]


class UnknownPlaceholder(BadInput):
    code = "unknown_placeholder"
    message = "The customer has not given that. Ask for it with the contact form."


def protect(conversation_id: UUID, text: str, *, now: datetime, known_names: Iterable[str] = ()) -> Protected:
    """Take personal data out of a text. What we may keep goes to the vault; the rest is nowhere."""
    tokenised = vault.tokenise_for(owner=conversation_id, text=text, now=now, known_names=known_names)
    removed = [kind for kind, mark in NEVER_KEPT.items() if tokenised.text.count(mark) > text.count(mark)]
    return Protected(tokenised.text, removed)


def may_hold_placeholders(text: str) -> bool:
    """A quick look that spares a query."""
    return bool(labels_in(text))


def reveal(conversation_id: UUID, texts: Sequence[str]) -> list[str]:
    """Texts as the customer wrote them; for that customer and for staff who may see contact data."""
    if not any(may_hold_placeholders(text) for text in texts):
        return list(texts)
    values = vault.mapping_of(owner=conversation_id)
    return [rehydrate(text, values) for text in texts]


def value_of(conversation_id: UUID, placeholder: str, *, kind: str) -> str:
    """What the customer wrote where the model reads a placeholder of this kind. Raises UnknownPlaceholder."""
    label = placeholder.strip().strip("[]")
    value = vault.resolve(owner=conversation_id, label=label) if label.startswith(f"{kind}_") else None
    if not value:
        raise UnknownPlaceholder
    return value
