"""The sockets of this process, by conversation, and the turns that run for them.

A room exists while somebody listens or a turn runs. It hears of everything through the tail (other processes, other
tabs, staff, credit results) and is told directly of what happens here. Either way it only says "look": a socket reads
what it misses from the database by number, so nothing is lost, doubled or out of order.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from carloans.core import tail
from cathy.engine import db
from chat import frames, turns, vaulting
from chat.frames import Frame, MessageView
from chat.services import Reply, Turn

log = logging.getLogger(__name__)


class Listener(Protocol):
    """A socket, or a waiting request of the HTTP fallback."""

    async def push(self, frame: Frame) -> None:
        """Send a passing frame: typing, a piece of text."""

    async def look(self, seq: int | None = None) -> None:
        """Send the messages that are missing, and who answers if that is news; nothing when `seq` was sent already."""

    async def show(self, views: Sequence[MessageView]) -> None:
        """Send these messages if they are the next ones, else look."""

    async def look_at_card(self, seq: int) -> None:
        """Send a message again whose card has changed."""

    async def look_at_owner(self) -> None:
        """Send who answers now, if that is news."""


class Room:
    """The listeners of one conversation and its running turn."""

    def __init__(self, conversation_id: UUID) -> None:
        self.conversation_id = conversation_id
        self.listeners: set[Listener] = set()
        self._topic = f"conversation:{conversation_id}"
        self._queue: tail.Queue = asyncio.Queue()
        self._pump: asyncio.Task[None] | None = None
        self._turn: asyncio.Task[None] | None = None
        self._wanted = False
        self._typing = False
        self._taken = asyncio.Event()

    async def open(self) -> None:
        """Listen to the tail; on return nothing that is committed from now on is missed."""
        await tail.subscribe(self._topic, self._queue)
        if self._pump is None:
            self._pump = _spawn(self._listen(), "chat tail")

    def is_idle(self) -> bool:
        return not self.listeners and self._turn is None

    def shut(self) -> None:
        tail.unsubscribe(self._topic, self._queue)
        if self._pump:
            self._pump.cancel()

    async def _listen(self) -> None:
        while True:
            event = await self._queue.get()
            try:
                await self._handle(event)
            except Exception as error:
                log.error("A conversation's news could not be shown: %s", type(error).__name__)

    async def _handle(self, event: dict[str, Any]) -> None:
        seq = event["data"].get("seq")
        if event["kind"] == "chat.owner" and event["data"]["owner"] != "ai":
            self._taken.set()
        for listener in list(self.listeners):
            if event["kind"] == "chat.message":
                await listener.look(seq)
            elif event["kind"] == "chat.card":
                await listener.look_at_card(seq)
            elif event["kind"] == "chat.owner":
                await listener.look_at_owner()

    async def show(self, views: Sequence[MessageView]) -> None:
        """These messages were just stored in this process: nobody here needs to read them again."""
        await asyncio.gather(*(listener.show(views) for listener in list(self.listeners)), return_exceptions=True)

    async def look(self) -> None:
        """Something was stored in this process: let every listener read it now."""
        await asyncio.gather(*(listener.look() for listener in list(self.listeners)), return_exceptions=True)

    def answer(self) -> None:
        """Have Cathy answer what waits. A message that arrives while she does so is answered next."""
        self._wanted = True
        if self._turn is None:
            self._turn = _spawn(self._answer(), "chat turn")

    async def _answer(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                await turns.answer_all(self.conversation_id, self)
        except Exception as error:
            # The database is out of reach, or worse: the sweep finds the question again.
            log.error("Turns of a conversation stopped: %s", type(error).__name__)
        finally:
            self._turn = None
            await self._stop_typing()
            release(self)

    async def began(self, turn: Turn) -> None:
        """Sink of the turn: Cathy starts to type, and the customer's messages count as read."""
        self._typing = True
        self._taken.clear()
        await self.send(frames.typing("cathy", True))
        for asked in turn.asked_ids:
            await self.send(frames.status(asked, "read"))

    async def said(self, turn: Turn, text: str) -> None:
        """Sink of the turn: a checked piece, with the customer's own data in place of its placeholders."""
        if vaulting.may_hold_placeholders(text):
            [text] = await db(vaulting.reveal)(turn.conversation_id, [text])
        await self.send(frames.delta(turn.message_id, text))

    async def until_taken(self) -> None:
        """Sink of the turn: Cathy falls silent in mid-sentence when a person takes over."""
        await self._taken.wait()

    async def ended(self, turn: Turn, reply: Reply | None) -> None:
        """Sink of the turn: show what was stored, then stop typing."""
        await self.look()
        await self._stop_typing()

    async def _stop_typing(self) -> None:
        if self._typing:
            self._typing = False
            await self.send(frames.typing("cathy", False))

    async def send(self, frame: Frame) -> None:
        """A passing frame to everybody here; a listener that has just gone does not keep it from the others."""
        for listener in list(self.listeners):
            try:
                await listener.push(frame)
            except Exception as error:
                log.debug("A listener has gone (%s).", type(error).__name__)


_rooms: dict[tuple[asyncio.AbstractEventLoop, UUID], Room] = {}
_tasks: set[asyncio.Task[Any]] = set()


def _spawn(work: Any, name: str) -> asyncio.Task[Any]:
    """A task of its own context: it must outlive the request or socket that happened to start it."""
    task = asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def join(conversation_id: UUID, listener: Listener) -> Room:
    """Enter the conversation's room; from now on the listener is told of everything that is stored."""
    key = (asyncio.get_running_loop(), conversation_id)
    room = _rooms.setdefault(key, Room(conversation_id))
    room.listeners.add(listener)
    await room.open()
    return room


def leave(room: Room, listener: Listener) -> None:
    """Leave; a running turn goes on, its reply is stored and waits for the customer's return."""
    room.listeners.discard(listener)
    release(room)


def release(room: Room) -> None:
    """Forget a room that nobody needs."""
    key = (asyncio.get_running_loop(), room.conversation_id)
    if room.is_idle() and _rooms.get(key) is room:
        del _rooms[key]
        room.shut()


def answer_soon(conversation_id: UUID) -> None:
    """Have Cathy answer although nobody listens through a socket here."""
    key = (asyncio.get_running_loop(), conversation_id)
    _rooms.setdefault(key, Room(conversation_id)).answer()
