"""The chat socket: hello, then messages, presses and small talk; everything stored comes back by its number.

A handler parses, makes one domain call and answers. Turns run in the conversation's room (`chat.hub`), never inside a
handler: a handler that waited for Cathy would keep the next frame and the disconnect waiting as well.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer

from carloans.core import grouping
from carloans.core.clock import utc_now
from carloans.core.errors import Bug, CarLoansError
from cathy import engine
from cathy.engine import db
from chat import frames, hub, quotas, refusals, selectors, services, staffing
from chat.errors import RateLimited
from chat.frames import BadFrame, ClientFrame, Frame, Hello, MessageView, Ping, Press, Read, Say, Typing
from chat.limits import FRAME_WINDOW_SECONDS, HELLO_SECONDS, IDLE_SECONDS, MAX_FRAMES, PAGE, TYPING_EVERY_SECONDS
from chat.selectors import Snapshot
from chat.services import Knock, Opened, Origin
from chat.sites import Door, client_address, find_door
from chat.staffing import Place
from chat.tickets import BadTicket, NotYours
from chat.turns import TakenIn, take_in
from visitors.tokens import read_cookie

log = logging.getLogger(__name__)

BAD_FIRST_FRAME, BAD_TICKET, NOT_YOURS, IDLE, TOO_FAST = 4400, 4401, 4403, 4408, 4429
#: The customer's page tries again later, as after any lost connection.
UNAVAILABLE = 1011


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser tab in one conversation. `seq` is the last message that this socket was sent."""

    # No channel layer: news comes through the tail, and an unused channel would cost memory for each idle socket.
    channel_layer_alias = "-"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self.door: Door | None = None
        self.room: hub.Room | None = None
        self.opened: Opened | None = None
        self.seq = 0
        self.owner = ""
        self.holder = ""
        self.place: Place | None = None
        self._told_typing_at = 0.0
        self.locale = "en"
        self._order = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._frames = 0
        self._window_ends = 0.0
        self._closed = False
        self._has_left = False

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As in Channels, without its trip to a thread before each event: `db` looks after connections itself."""
        await getattr(self, get_handler_name(message))(message)

    # Socket events

    async def connect(self) -> None:
        """Accept first: a close code only reaches a browser on an accepted socket."""
        await self.accept()
        self.address = client_address(self.scope)
        if not quotas.sockets_of_address.take(self.address):
            self.address = ""
            await self._shut(TOO_FAST)
            return
        query = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        door = await db(find_door)(
            key=query.get("site", [""])[0], origin=self._header(b"origin"), host=self._header(b"host")
        )
        if door is None:
            await self._shut(BAD_FIRST_FRAME)
        elif not door.is_open:
            await self._shut(NOT_YOURS)
        else:
            self.door = door
            self._expect_news_within(HELLO_SECONDS)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._closed or self.door is None:
            return
        if self._is_too_fast():
            await self._shut(TOO_FAST)
            return
        try:
            frame = frames.parse(text_data or "")
        except BadFrame as error:
            await self._refuse_frame(error)
            return
        await (self._first(frame) if self.room is None else self._next(frame))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """A server may end us without a word, for instance when its client left many frames to handle."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def disconnect(self, code: int) -> None:
        self._leave()

    def _leave(self) -> None:
        """Give back everything that we hold; a second call does nothing."""
        self._closed = True
        if self._has_left:
            return
        self._has_left = True
        if self._timer:
            self._timer.cancel()
        if self.room:
            hub.leave(self.room, self)
        if self.address:
            quotas.sockets_of_address.leave(self.address)
        if self.opened:
            quotas.sockets_of_visitor.leave(str(self.opened.visitor_id))

    # Client frames

    async def _first(self, frame: ClientFrame) -> None:
        if not isinstance(frame, Hello):
            await self._shut(BAD_FIRST_FRAME)
            return
        # From here on it is we who are slow.
        self._expect_news_within(IDLE_SECONDS)
        try:
            await self._enter(frame)
        except BadTicket:
            await self._shut(BAD_TICKET)
        except NotYours:
            await self._shut(NOT_YOURS)
        except RateLimited:
            await self._shut(TOO_FAST)
        except Exception as error:
            ours = error if isinstance(error, CarLoansError) else Bug(code="unavailable")
            if ours is not error:
                log.error("A hello failed: %s", type(error).__name__)
            await self._refuse(ours, None)
            await self._shut(UNAVAILABLE)

    async def _next(self, frame: ClientFrame) -> None:
        self._expect_news_within(IDLE_SECONDS)
        try:
            await self._handle(frame)
        except CarLoansError as error:
            await self._refuse(error, _id_of(frame))
        except Exception as error:
            # The type alone: an exception's text may hold what the customer wrote.
            log.error("A %s frame failed: %s", frame.type, type(error).__name__)
            await self._refuse(Bug(code="unavailable"), _id_of(frame))

    async def _handle(self, frame: ClientFrame) -> None:
        match frame:
            case Say():
                self._note_message()
                await self._receive(frame)
            case Press():
                self._note_message()
                await self._press(frame)
            case Read():
                await db(services.mark_read)(conversation_id=self._conversation, seq=frame.seq)
            case Ping():
                await self.push(frames.pong())
            case Typing():
                await self._customer_types(frame.on)
            case Hello():
                raise BadFrame

    async def _enter(self, frame: Hello) -> None:
        if not frame.ticket:
            quotas.opened_by_address.note(self.address)
        # Sharing a commit matters most when a thousand tabs come back at once.
        knock = self._knock(frame)
        opened = await grouping.together(knock.ticket or str(id(self)), services.enter, knock=knock, now=utc_now())
        if not quotas.sockets_of_visitor.take(str(opened.visitor_id)):
            raise RateLimited
        self.opened = opened
        async with self._order:
            # First listen, then read: what is stored in between is told twice and sent once.
            self.room = await hub.join(opened.conversation_id, self)
            await self._greet(0 if opened.is_new else frame.after)
        self._expect_news_within(IDLE_SECONDS)
        await self.look()
        self.room.answer()

    async def _greet(self, after: int) -> None:
        assert self.opened is not None  # noqa: S101  set by the only caller
        key = str(self._conversation)
        state, messages = await grouping.together(key, selectors.news, self._conversation, after=after)
        if after > state.last_seq:
            state, messages = await grouping.together(key, selectors.news, self._conversation, after=0)
            after = 0
        pressed = await db(selectors.carded)(self._conversation, until=after) if after else []
        self.seq = messages[-1].seq if messages else after
        self.owner, self.holder, self.locale = state.owner, state.name, state.locale
        await self.push(
            frames.ready(
                conversation=self.opened.conversation_id,
                visitor=self.opened.visitor_id,
                ticket=self.opened.ticket,
                owner=state.owner,
                name=state.name,
                ai_disclosure=state.ai_disclosure,
                mode=engine.mode(),
                lang=state.locale,
                messages=messages,
                seq=self.seq,
                place=await self._place(state),
            )
        )
        for view in pressed:
            await self.push(frames.message(view))

    async def _receive(self, frame: Say) -> None:
        assert self.room is not None  # noqa: S101  a message follows a hello
        await self.room.take(partial(self._store, frame))

    async def _store(self, frame: Say) -> TakenIn:
        async with self._order:
            taken = await grouping.together(
                str(self._conversation),
                take_in,
                conversation_id=self._conversation,
                client_id=frame.id,
                text=frame.text,
                now=utc_now(),
            )
            await self.push(frames.ack(frame.id, taken.received.seq))
        return taken

    async def _press(self, frame: Press) -> None:
        assert self.room is not None  # noqa: S101  a press follows a hello
        try:
            async with self._order:
                seq = await db(services.press_card)(
                    conversation_id=self._conversation,
                    press_id=frame.id,
                    card_id=frame.card,
                    action=frame.action,
                    fields=frame.fields,
                    origin=Origin(ip=self.address, user_agent=self._header(b"user-agent")),
                    now=utc_now(),
                )
                await self.push(frames.ack(frame.id, seq))
        finally:
            # Also after a refusal: a fresh card may have been put up.
            await self.room.look()

    # Listener

    async def push(self, frame: Frame) -> None:
        # A piece of Cathy's reply that was on its way when somebody took over must not follow the news of it.
        if not self._closed and (frame["type"] != "delta" or self.owner == "ai"):
            await self.send(text_data=json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    async def look(self, seq: int | None = None) -> None:
        """Send what is missing, in order, each message once."""
        async with self._order:
            while not self._closed and (seq is None or seq > self.seq):
                state, messages = await db(selectors.news)(self._conversation, after=self.seq)
                self.locale = state.locale
                await self._send_messages(messages)
                await self._tell_owner(state)
                if len(messages) < PAGE:
                    return

    async def show(self, views: Sequence[MessageView]) -> None:
        async with self._order:
            if views and views[0].seq == self.seq + 1:
                await self._send_messages(views)
                return
        await self.look()

    async def _send_messages(self, messages: Sequence[MessageView]) -> None:
        for view in messages:
            await self.push(frames.message(view))
            self.seq = view.seq

    async def look_at_card(self, seq: int) -> None:
        async with self._order:
            if seq <= self.seq:
                for view in await db(selectors.carded)(self._conversation, seqs=[seq]):
                    await self.push(frames.message(view))

    async def look_at_owner(self) -> None:
        await self._tell_owner(await db(selectors.snapshot)(self._conversation))

    async def look_at_place(self, place: Place) -> None:
        if self.owner == "queue" and place != self.place:
            self.place = place
            await self.push(frames.place(place))

    async def look_at_read(self) -> None:
        """The frames that were pushed say it all."""

    async def _tell_owner(self, state: Snapshot) -> None:
        if (state.owner, state.name) == (self.owner, self.holder):
            return
        before, self.owner, self.holder = self.owner, state.owner, state.name
        if before == "human":
            await self.push(frames.typing("staff", False))
        if state.owner != "ai":
            await self.push(frames.typing("cathy", False))
        await self.push(frames.owner(state.owner, state.name, await self._place(state)))

    async def _place(self, state: Snapshot) -> Place | None:
        """Where we stand. First listen, then read: a move in between is told by itself."""
        assert self.room is not None  # noqa: S101  asked after hello
        self.place = None
        if state.owner == "queue":
            await self.room.wait()
            self.place = await db(staffing.place_of)(conversation_id=self._conversation, now=utc_now())
        return self.place

    async def _customer_types(self, on: bool) -> None:
        """Told to the person who has the conversation, and not more often than they need it."""
        moment = asyncio.get_running_loop().time()
        if self.owner != "human" or (on and moment - self._told_typing_at < TYPING_EVERY_SECONDS):
            return
        self._told_typing_at = moment if on else 0.0
        await db(services.note_customer_typing)(conversation_id=self._conversation, on=on, now=utc_now())

    # Limits and refusals

    def _note_message(self) -> None:
        assert self.opened is not None  # noqa: S101  nothing is handled before hello
        quotas.note_message(visitor=str(self.opened.visitor_id), address=self.address)

    def _is_too_fast(self) -> bool:
        """Any frame counts, also a bad one: parsing costs too."""
        moment = asyncio.get_running_loop().time()
        if moment >= self._window_ends:
            self._frames, self._window_ends = 0, moment + FRAME_WINDOW_SECONDS
        self._frames += 1
        return self._frames > MAX_FRAMES

    def _expect_news_within(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, lambda: loop.create_task(self._shut(IDLE)))

    async def _refuse_frame(self, error: BadFrame) -> None:
        if self.room is None:
            await self._shut(BAD_FIRST_FRAME)
        else:
            await self._refuse(error, error.frame_id)

    async def _refuse(self, error: CarLoansError, frame_id: str | None) -> None:
        # On its way it passed futures that keep it, and keeps their frames: it would stay until the collector comes by.
        error.__traceback__ = None
        await self.push(refusals.frame(error, self.locale, frame_id))

    async def _shut(self, code: int) -> None:
        if not self._closed:
            self._closed = True
            await self.close(code=code)

    # Scope

    @property
    def _conversation(self) -> Any:
        assert self.opened is not None  # noqa: S101  nothing is handled before hello
        return self.opened.conversation_id

    def _knock(self, frame: Hello) -> Knock:
        assert self.door is not None  # noqa: S101  the socket closes without one
        cookies = {name: morsel.value for name, morsel in SimpleCookie(self._header(b"cookie")).items()}
        claim = read_cookie(cookies)
        return Knock(
            site_id=self.door.site_id,
            ticket=frame.ticket or "",
            visitor=frame.visitor,
            return_visitor=claim.visitor_id if claim else None,
            return_application=claim.application_id if claim else None,
            lang=frame.lang or "",
        )

    def _header(self, name: bytes) -> str:
        values = (value for key, value in self.scope.get("headers", []) if key == name)
        return str(next(values, b"").decode("latin-1"))


def _id_of(frame: ClientFrame) -> str | None:
    return str(frame.id) if isinstance(frame, Say | Press) else None
