"""The sockets of this process, by conversation, and the turns that run for them.

A room exists while somebody listens or a turn runs. It hears of everything through the tail (other processes, other
tabs, staff, credit results) and is told directly of what happens here. Either way it only says "look": a socket reads
what it misses from the database by number, so nothing is lost, doubled or out of order.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from carloans.core import grouping, tail
from cathy.engine import db
from chat import frames, queueing, selectors, turns, vaulting
from chat.frames import Frame, MessageView
from chat.limits import LEFT_SECONDS
from chat.services import Finished, Turn
from chat.staffing import Place
from chat.turns import Claimed, TakenIn

log = logging.getLogger(__name__)


#: Stores a message and acknowledges it.
Store = Callable[[], Awaitable[TakenIn]]


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

    async def look_at_place(self, place: Place) -> None:
        """Send the place in the queue, if the customer still waits and it is another."""

    async def look_at_read(self) -> None:
        """A person has read what the customer wrote; frames that name each message were pushed before."""


class Room:
    """The listeners of one conversation and its running turn."""

    def __init__(self, conversation_id: UUID) -> None:
        self.conversation_id = conversation_id
        self.listeners: set[Listener] = set()
        self._topic = f"conversation:{conversation_id}"
        self._queue: tail.Queue = asyncio.Queue()
        self._pump: asyncio.Task[None] | None = None
        self._turn: asyncio.Task[None] | None = None
        self._claimed: list[Claimed] = []
        self._unit = grouping.under(str(conversation_id))
        self._wanted = False
        self._typing = False
        self._taken = asyncio.Event()
        #: Writes of this process that will be shown without being read, and whether there are none.
        self._writes = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._keeps = False

    async def open(self) -> None:
        """Listen to the tail; on return nothing that is committed from now on is missed."""
        await tail.subscribe(self._topic, self._queue)
        if self._pump is None:
            self._pump = _spawn(self._listen(), "chat tail")

    def is_idle(self) -> bool:
        return not self.listeners and self._turn is None

    def shut(self) -> None:
        queueing.leave(self.conversation_id)
        tail.unsubscribe(self._topic, self._queue)
        if self._pump:
            self._pump.cancel()
            # An ended task keeps how it ended, and with it us: it would take the collector to part us.
            self._pump = None

    async def _listen(self) -> None:
        while True:
            event = await self._queue.get()
            if event["data"].get("owner", "ai") != "ai":
                self._taken.set()
            # News of what is being stored here: whoever stores it shows it, and nobody needs to read it.
            await self._calm.wait()
            try:
                await self._handle(event)
            except Exception as error:
                log.error("A conversation's news could not be shown: %s", type(error).__name__)

    async def _handle(self, event: dict[str, Any]) -> None:
        seq = event["data"].get("seq")
        if event["kind"] == "chat.typing" and event["data"]["who"] == "staff":
            await self.send(frames.typing("staff", bool(event["data"]["on"])))
        if event["kind"] == "chat.read":
            after = int(event["data"]["after"])
            for asked in await db(selectors.asked_ids)(self.conversation_id, after=after):
                await self.send(frames.status(asked, "read"))
        for listener in list(self.listeners):
            if event["kind"] == "chat.message":
                await listener.look(seq)
            elif event["kind"] == "chat.card":
                await listener.look_at_card(seq)
            elif event["kind"] == "chat.owner":
                await listener.look_at_owner()
            elif event["kind"] == "chat.read":
                await listener.look_at_read()

    async def wait(self) -> None:
        """The customer waits for a person: from now on, and as long as we are open, hear when the queue moves."""
        # A listener that has just gone may still ask; nobody would ever call us off.
        if self.listeners:
            await queueing.watch(self.conversation_id, self._tell_place)

    async def _tell_place(self, place: Place) -> None:
        tellings = (listener.look_at_place(place) for listener in list(self.listeners))
        await asyncio.gather(*tellings, return_exceptions=True)

    async def show(self, views: Sequence[MessageView]) -> None:
        """These messages were just stored in this process: nobody here needs to read them again."""
        await asyncio.gather(*(listener.show(views) for listener in list(self.listeners)), return_exceptions=True)

    async def look(self) -> None:
        """Something was stored in this process: let every listener read it now."""
        await asyncio.gather(*(listener.look() for listener in list(self.listeners)), return_exceptions=True)

    async def take(self, store: Store) -> None:
        """Have a listener's message stored, shown and answered.

        What is stored is answered also when the listener has gone in the meantime. Raises what `store` raises.
        """
        taking = _spawn(self._take(store), "chat message")
        # A caller that was ended meanwhile hears of no refusal.
        taking.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.shield(taking)

    async def _take(self, store: Store) -> None:
        self._begin_write()
        try:
            taken = await store()
            try:
                await self.show(taken.received.shown)
            finally:
                if taken.received.wake:
                    self.answer(taken.claimed)
        finally:
            self._end_write()

    def _begin_write(self) -> None:
        self._writes += 1
        self._calm.clear()

    def _end_write(self) -> None:
        self._writes -= 1
        if not self._writes:
            self._calm.set()

    def answer(self, claimed: Claimed | None = None) -> None:
        """Have Cathy answer what waits. A message that arrives while she does so is answered next.

        `claimed` is a turn that was begun already.
        """
        self._wanted = True
        if claimed:
            self._claimed.append(claimed)
        if self._turn is None:
            self._turn = _spawn(self._answer(), "chat turn")

    async def _answer(self) -> None:
        try:
            while self._wanted or self._claimed:
                self._wanted = False
                await self._answer_waiting()
        finally:
            self._turn = None
            await self._stop_typing()
            release(self)

    async def _answer_waiting(self) -> None:
        first = self._claimed.pop(0) if self._claimed else None
        try:
            await turns.answer_all(self.conversation_id, self, first=first, unit=self._unit)
        except Exception as error:
            # The database is out of reach, or worse: the sweep finds the question again.
            log.error("Turns of a conversation stopped: %s", type(error).__name__)

    def left_alone(self) -> None:
        """Nobody listens any more: a running turn may end in a while, then it is given back for a worker to take up."""
        if self._turn:
            asyncio.get_running_loop().call_later(LEFT_SECONDS, self._give_back, self._turn)

    def _give_back(self, turn: asyncio.Task[None]) -> None:
        if turn is self._turn and not self.listeners:
            turn.cancel()

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
        while (await db(selectors.snapshot)(self.conversation_id)).owner == "ai":
            # Old news: it was taken and given back before this turn began.
            self._taken.clear()
            await self._taken.wait()

    def keeps(self, turn: Turn) -> None:
        """Sink of the turn: its reply is being stored."""
        self._keeps = True
        self._begin_write()

    async def ended(self, turn: Turn, finished: Finished | None) -> None:
        """Sink of the turn: show what was stored, then stop typing."""
        try:
            await self.show(finished.shown if finished else [])
        finally:
            if self._keeps:
                self._keeps = False
                self._end_write()
        if finished and finished.moved:
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
    try:
        await room.open()
    except BaseException:
        leave(room, listener)
        raise
    return room


def leave(room: Room, listener: Listener) -> None:
    """Leave; a running turn goes on for a while, its reply is stored and waits for the customer's return."""
    room.listeners.discard(listener)
    if not room.listeners:
        room.left_alone()
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
