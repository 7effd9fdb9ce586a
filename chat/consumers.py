"""The chat socket: hello, then messages, presses and small talk; everything stored comes back by its number.

A handler parses, makes one domain call and answers. Turns run in the conversation's room (`chat.hub`), never inside a
handler: a handler that waited for Cathy would keep the next frame and the disconnect waiting as well.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer

from carloans.core.clock import utc_now
from carloans.core.errors import Bug, CarLoansError
from cathy import engine
from cathy.engine import db
from chat import frames, hub, refusals, selectors, services
from chat.frames import BadFrame, ClientFrame, Frame, Hello, MessageView, Ping, Press, Read, Say, Typing
from chat.limits import FRAME_WINDOW_SECONDS, HELLO_SECONDS, IDLE_SECONDS, MAX_FRAMES
from chat.selectors import Snapshot
from chat.services import Knock, Opened, Origin
from chat.sites import Door, client_address, find_door
from chat.tickets import BadTicket, NotYours
from visitors.tokens import read_cookie

log = logging.getLogger(__name__)

BAD_FIRST_FRAME, BAD_TICKET, NOT_YOURS, IDLE, TOO_FAST = 4400, 4401, 4403, 4408, 4429


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser tab in one conversation. `seq` is the last message that this socket was sent."""

    # No channel layer: news comes through the tail, and an unused channel would cost memory for each idle socket.
    channel_layer_alias = "-"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door: Door | None = None
        self.room: hub.Room | None = None
        self.opened: Opened | None = None
        self.seq = 0
        self.owner = ""
        self.locale = "en"
        self._order = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._frames = 0
        self._window_ends = 0.0
        self._closed = False

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As in Channels, without its trip to a thread before each event: `db` looks after connections itself."""
        await getattr(self, get_handler_name(message))(message)

    # Socket events

    async def connect(self) -> None:
        """Accept first: a close code only reaches a browser on an accepted socket."""
        await self.accept()
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

    async def disconnect(self, code: int) -> None:
        self._closed = True
        if self._timer:
            self._timer.cancel()
        if self.room:
            hub.leave(self.room, self)

    # Client frames

    async def _first(self, frame: ClientFrame) -> None:
        if not isinstance(frame, Hello):
            await self._shut(BAD_FIRST_FRAME)
            return
        try:
            await self._enter(frame)
        except BadTicket:
            await self._shut(BAD_TICKET)
        except NotYours:
            await self._shut(NOT_YOURS)
        except CarLoansError as error:
            await self._refuse(error, None)
            await self._shut(1011)

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
                await self._receive(frame)
            case Press():
                await self._press(frame)
            case Read():
                await db(services.mark_read)(conversation_id=self._conversation, seq=frame.seq)
            case Ping():
                await self.push(frames.pong())
            case Typing():
                # Nothing of a message leaves the browser before it is sent, so there is nothing to pass on yet.
                return
            case Hello():
                raise BadFrame

    async def _enter(self, frame: Hello) -> None:
        opened = await db(services.enter)(knock=self._knock(frame), now=utc_now())
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
        state, messages = await db(selectors.news)(self._conversation, after=after)
        if after > state.last_seq:
            state, messages = await db(selectors.news)(self._conversation, after=0)
            after = 0
        pressed = await db(selectors.carded)(self._conversation, until=after) if after else []
        self.seq = messages[-1].seq if messages else after
        self.owner, self.locale = state.owner, state.locale
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
            )
        )
        for view in pressed:
            await self.push(frames.message(view))

    async def _receive(self, frame: Say) -> None:
        async with self._order:
            got = await db(services.receive)(
                conversation_id=self._conversation, client_id=frame.id, text=frame.text, now=utc_now()
            )
            await self.push(frames.ack(frame.id, got.seq))
        assert self.room is not None  # noqa: S101  a message follows a hello
        if got.wake:
            self.room.answer()
        await self.room.show(got.shown)

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
                    origin=Origin(ip=client_address(self.scope), user_agent=self._header(b"user-agent")),
                    now=utc_now(),
                )
                await self.push(frames.ack(frame.id, seq))
        finally:
            # Also after a refusal: a fresh card may have been put up.
            await self.room.look()

    # Listener

    async def push(self, frame: Frame) -> None:
        if not self._closed:
            await self.send(text_data=json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    async def look(self, seq: int | None = None) -> None:
        """Send what is missing, in order, each message once."""
        async with self._order:
            while not self._closed and (seq is None or seq > self.seq):
                state, messages = await db(selectors.news)(self._conversation, after=self.seq)
                self.locale = state.locale
                await self._send_messages(messages)
                await self._tell_owner(state)
                if not messages:
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

    async def _tell_owner(self, state: Snapshot) -> None:
        if state.owner != self.owner:
            self.owner = state.owner
            if state.owner != "ai":
                await self.push(frames.typing("cathy", False))
            await self.push(frames.owner(state.owner, state.name))

    # Limits and refusals

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
