"""The model's memory of a conversation, as one turn sees it.

What was said is read with the claim of the turn, and what the turn adds is written with its reply, in one transaction
(`services.finish_turn`): a turn that fails, is dropped or dies leaves no torn history, and no turn costs extra round
trips to the database.
"""

from __future__ import annotations

from typing import Any

from cathy.engine import SessionStore
from chat.services import Turn

Item = dict[str, Any]


class TurnMemory(SessionStore):
    """Stored items and the bridge over what was said without the model; new items wait in `added`."""

    def __init__(self, turn: Turn) -> None:
        self.session_id = str(turn.conversation_id)
        self._known: list[Item] = [*turn.history, *turn.bridge]
        self.added: list[Item] = []

    async def get_items(self, limit: int | None = None) -> list[Item]:
        items = [*self._known, *self.added]
        if limit is None:
            return items
        return items[-limit:] if limit else []

    async def add_items(self, items: list[Item]) -> None:
        self.added.extend(items)

    async def pop_item(self) -> Item | None:
        """The newest item of this turn; what is stored stays."""
        return self.added.pop() if self.added else None

    async def clear_session(self) -> None:
        self.added.clear()
        self._known.clear()
