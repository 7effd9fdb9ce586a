"""The conversation's memory as the SDK sees it, and what a turn may write to it.

A room keeps the items (`SessionStore`, over its own rows). The engine lets a turn read them at once but writes
only when the turn has succeeded, all items together: a failed, cancelled or killed turn leaves no question
without an answer behind, and a blocked turn does not trip the guardrail again on the next, innocent one.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any, TypeAlias

from cathy.engine.redaction import holds_secret, redact_arguments

Item: TypeAlias = dict[str, Any]


class SessionStore(ABC):
    """Where a conversation's items live. Subclass it over rows: (conversation, seq, data JSON)."""

    session_id: str
    #: Part of the SDK's protocol; the engine sets the limit for each run.
    session_settings: Any = None

    @abstractmethod
    async def get_items(self, limit: int | None = None) -> list[Item]:
        """Return the last `limit` items (all when None), oldest first."""

    @abstractmethod
    async def add_items(self, items: list[Item]) -> None:
        """Append items in order, in one transaction."""

    @abstractmethod
    async def pop_item(self) -> Item | None:
        """Remove and return the newest item, or None when there is none."""

    @abstractmethod
    async def clear_session(self) -> None:
        """Remove all items."""


class MemorySession(SessionStore):
    """A session that lives as long as the object: for the terminal, evaluations and tests."""

    def __init__(self, session_id: str = "memory") -> None:
        self.session_id = session_id
        self.items: list[Item] = []

    async def get_items(self, limit: int | None = None) -> list[Item]:
        return list(self.items if limit is None else self.items[-limit:] if limit else [])

    async def add_items(self, items: list[Item]) -> None:
        self.items.extend(items)

    async def pop_item(self) -> Item | None:
        return self.items.pop() if self.items else None

    async def clear_session(self) -> None:
        self.items.clear()


class TurnSession(SessionStore):
    """A turn's view of a session: reads go through, writes wait for `commit`."""

    def __init__(self, inner: SessionStore) -> None:
        self.inner = inner
        self.session_id = inner.session_id
        self.session_settings = inner.session_settings
        self.pending: list[Item] = []

    async def get_items(self, limit: int | None = None) -> list[Item]:
        missing = None if limit is None else max(limit - len(self.pending), 0)
        stored = [] if missing == 0 else await self.inner.get_items(missing)
        items = [*stored, *self.pending]
        return items if limit is None else items[-limit:] if limit else []

    async def add_items(self, items: list[Item]) -> None:
        self.pending.extend(items)

    async def pop_item(self) -> Item | None:
        return self.pending.pop() if self.pending else await self.inner.pop_item()

    async def clear_session(self) -> None:
        self.pending.clear()
        await self.inner.clear_session()

    async def commit(self) -> None:
        """Write what the turn added."""
        if self.pending:
            items, self.pending = [_without_secrets(item) for item in self.pending], []
            await self.inner.add_items(items)


def _without_secrets(item: Item) -> Item:
    """A call whose arguments held a raw number was refused; what is remembered of it holds none either."""
    arguments = item.get("arguments")
    if item.get("type") != "function_call" or not isinstance(arguments, str) or not holds_secret(arguments):
        return item
    return {**item, "arguments": json.dumps(redact_arguments(arguments))}
