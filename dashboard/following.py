"""What a page of the inbox listens to beside the feed, and what it tells: that somebody is there, looks, types.

A page asks for it in its first words: {"type":"follow","inbox":true} for a list, {"type":"follow","conversation":id}
for one conversation. Later it says {"type":"view","active":bool} every 15 seconds and {"type":"typing","on":bool}.
Events arrive as {"type":"chat", …}; they hold ids and numbers and no words.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from carloans.core import tail
from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from cathy.engine import db
from chat import services
from dashboard.finding import as_uuid

#: What of a room's news concerns the inbox.
KINDS = frozenset({"chat.opened", "chat.message", "chat.card", "chat.owner", "chat.typing", "chat.desk", "chat.read"})
ROOM = "room:chat"


class Following:
    """What one socket of one member of staff follows. `works` says whether they may take conversations."""

    def __init__(self, queue: tail.Queue, *, staff_id: int, works: bool) -> None:
        self._queue, self._staff_id, self._works = queue, staff_id, works
        self._topic = ""
        self._conversation: UUID | None = None

    async def hear(self, frame: dict[str, Any]) -> bool:
        """Do what a page asks for; False for words that are none of the above."""
        match frame:
            case {"type": "follow", "inbox": True}:
                await self._follow(ROOM, None)
            case {"type": "follow", "conversation": str(key)} if conversation := as_uuid(key):
                await self._follow(f"conversation:{conversation}", conversation)
                await self._view(active=True)
            case {"type": "view", "active": bool(active)}:
                await self._view(active=active)
            case {"type": "typing", "on": bool(on)}:
                await self._types(on)
            case _:
                return False
        return True

    async def _follow(self, topic: str, conversation: UUID | None) -> None:
        await self.leave()
        self._topic, self._conversation = topic, conversation
        await tail.subscribe(topic, self._queue)

    async def _view(self, *, active: bool) -> None:
        """An open page is a look; only a person who does something on it is a sign of life."""
        now = utc_now()
        if self._works and active:
            await db(services.sign_of_life)(staff_id=self._staff_id, now=now)
        if self._conversation:
            await _safely(services.note_view, conversation_id=self._conversation, staff_id=self._staff_id, now=now)

    async def _types(self, on: bool) -> None:
        if self._works and self._conversation:
            about = {"conversation_id": self._conversation, "staff_id": self._staff_id}
            await _safely(services.note_typing, **about, on=on, now=utc_now())

    async def leave(self) -> None:
        """Follow nothing any more."""
        if self._topic:
            tail.unsubscribe(self._topic, self._queue)
        if self._conversation:
            about = {"conversation_id": self._conversation, "staff_id": self._staff_id}
            await _safely(services.end_view, **about, now=utc_now())
        self._topic, self._conversation = "", None


async def _safely(service: Any, **kwargs: Any) -> None:
    """A conversation that does not exist is looked at by nobody."""
    try:
        await db(service)(**kwargs)
    except CarLoansError:
        return
