"""`/api/v1/conversations…`: the same frames, rules and services as the socket, over plain requests."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, CarLoansError
from carloans.core.middleware import client_ip, problem_response
from cathy import engine
from cathy.engine import db
from chat import frames, hub, quotas, refusals, selectors, services, staffing, tickets
from chat.frames import BadFrame, ClientFrame, Frame, FrameTooLong, MessageView, Press, Read, Say
from chat.limits import LONG_POLL_SECONDS, MAX_FRAME_BYTES
from chat.selectors import Snapshot
from chat.services import Knock, Origin
from chat.sites import find_door
from chat.staffing import Place
from chat.tickets import BadTicket, NotYours
from chat.views.cors import allow, origin_of, preflight
from visitors.selectors import UnknownSite
from visitors.tokens import read_cookie

log = logging.getLogger(__name__)
Answer = Callable[..., Awaitable[HttpResponse]]
#: Long polls of this process at once, each of which keeps a thread; beyond it a reader gets an answer without waiting.
MOST_WAITING = 200
_waiting: set[_Waiter] = set()


class MethodNotAllowed(BadInput):
    status, code, message = 405, "method_not_allowed", "This address does not know that method."


class Enter(BaseModel):
    """The body of a `POST /api/v1/conversations`: a `hello` with the site's key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str = Field(max_length=40)
    visitor: UUID | None = None
    ticket: str = Field(default="", max_length=600)
    after: frames.Seq = 0
    lang: str = Field(default="", max_length=35)


@csrf_exempt
async def conversations(request: HttpRequest) -> HttpResponseBase:
    """Open a conversation or come back to one: 201 or 200 with the fields of `ready`."""
    return await _respond(request, _enter)


@csrf_exempt
async def messages(request: HttpRequest, conversation_id: UUID) -> HttpResponseBase:
    """Read what is new, waiting for it if asked to, or send a message, a press or how far was read."""
    return await _respond(request, _read if request.method == "GET" else _write, conversation_id)


async def _respond(request: HttpRequest, answer: Answer, *args: Any) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return await db(preflight)(request)
    try:
        if request.method not in {"GET", "POST"} or (answer is _enter and request.method != "POST"):
            raise MethodNotAllowed
        return allow(await answer(request, *args), origin_of(request))
    except CarLoansError as error:
        return allow(problem_response(refusals.localised(error, _language(request))), origin_of(request))


def _language(request: HttpRequest) -> str:
    return "es" if request.headers.get("Accept-Language", "").lower().startswith("es") else "en"


def _body(request: HttpRequest) -> str:
    declared = request.headers.get("Content-Length") or "0"
    if not declared.isdecimal() or int(declared) > MAX_FRAME_BYTES:
        raise FrameTooLong
    if len(request.body) > MAX_FRAME_BYTES:
        raise FrameTooLong
    try:
        return request.body.decode()
    except UnicodeDecodeError as error:
        raise BadFrame from error


async def _enter(request: HttpRequest) -> JsonResponse:
    try:
        wish = Enter.model_validate_json(_body(request))
    except ValidationError as error:
        raise BadFrame from error
    door = await db(find_door)(key=wish.site, origin=origin_of(request), host=request.get_host())
    if door is None:
        raise UnknownSite
    if not door.is_open:
        raise NotYours
    if not wish.ticket:
        quotas.opened_by_address.note(client_ip(request))
    claim = read_cookie(request.COOKIES)
    knock = Knock(
        site_id=door.site_id,
        ticket=wish.ticket,
        visitor=wish.visitor,
        return_visitor=claim.visitor_id if claim else None,
        return_application=claim.application_id if claim else None,
        lang=wish.lang,
    )
    opened = await db(services.enter)(knock=knock, now=utc_now())
    state, views = await db(selectors.news)(opened.conversation_id, after=0 if opened.is_new else wish.after)
    frame = frames.ready(
        conversation=opened.conversation_id,
        visitor=opened.visitor_id,
        ticket=opened.ticket,
        owner=state.owner,
        name=state.name,
        ai_disclosure=state.ai_disclosure,
        mode=engine.mode(),
        lang=state.locale,
        messages=views,
        seq=views[-1].seq if views else wish.after,
        place=await _place(opened.conversation_id, state.owner),
    )
    return JsonResponse(frame, status=201 if opened.is_new else 200)


async def _authorise(request: HttpRequest, conversation_id: UUID) -> UUID:
    """The visitor of this very conversation's ticket, `Authorization: Ticket …`. Raises BadTicket, NotYours."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in {"ticket", "bearer"}:
        raise BadTicket
    ticket = tickets.read(value.strip())
    if ticket.conversation_id != conversation_id:
        raise NotYours
    if not await db(selectors.is_alive)(conversation_id):
        raise BadTicket
    return ticket.visitor_id


async def _read(request: HttpRequest, conversation_id: UUID) -> JsonResponse:
    await _authorise(request, conversation_id)
    known, wait = _known(request), _number(request, "wait")
    after = known.after
    state, views = await db(selectors.news)(conversation_id, after=after)
    if wait and not known.lacks(state, views):
        await _wait_for_news(conversation_id, known, min(wait, LONG_POLL_SECONDS))
        state, views = await db(selectors.news)(conversation_id, after=after)
    body: Frame = {
        "conversation": str(conversation_id),
        "owner": state.owner,
        "messages": [frames.message(view) for view in views],
        "seq": views[-1].seq if views else after,
        "read": state.read,
    }
    place = await _place(conversation_id, state.owner)
    return JsonResponse(body | ({"name": state.name} if state.name else {}) | frames.queue(place))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the reader holds: messages up to `after`, that theirs were read up to `read`, and their `position` in the
    queue. None of what they do not ask for."""

    after: int
    read: int | None
    position: int | None

    def lacks(self, state: Snapshot, views: Sequence[MessageView]) -> bool:
        return bool(views) or (self.read is not None and state.read > self.read)

    def is_elsewhere(self, place: Place | None) -> bool:
        return place is not None and self.position not in {None, place.position}


def _known(request: HttpRequest) -> _Known:
    read, position = (_number(request, name) if name in request.GET else None for name in ("read", "position"))
    return _Known(_number(request, "after"), read, position)


async def _place(conversation_id: UUID, owner: str) -> Place | None:
    if owner != "queue":
        return None
    return await db(staffing.place_of)(conversation_id=conversation_id, now=utc_now())


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "0")
    if not (value.isascii() and value.isdecimal() and len(value) < 17):
        raise BadFrame
    return int(value)


class _Waiter:
    """A listener that only wants to know that something has happened which its reader asks for."""

    def __init__(self, known: _Known) -> None:
        self.news = asyncio.Event()
        self._known = known

    async def push(self, frame: Frame) -> None:
        return

    async def look(self, seq: int | None = None) -> None:
        self.news.set()

    async def show(self, views: Sequence[MessageView]) -> None:
        self.news.set()

    async def look_at_card(self, seq: int) -> None:
        self.news.set()

    async def look_at_owner(self) -> None:
        self.news.set()

    async def look_at_place(self, place: Place) -> None:
        if self._known.is_elsewhere(place):
            self.news.set()

    async def look_at_read(self) -> None:
        if self._known.read is not None:
            self.news.set()


async def _wait_for_news(conversation_id: UUID, known: _Known, seconds: float) -> None:
    if len(_waiting) >= MOST_WAITING:
        return
    waiter = _Waiter(known)
    _waiting.add(waiter)
    room = await hub.join(conversation_id, waiter)
    try:
        # Something may have been stored between the first look and the joining.
        if not await _has_news(room, known):
            async with asyncio.timeout(seconds):
                await waiter.news.wait()
    except TimeoutError:
        return
    finally:
        _waiting.discard(waiter)
        hub.leave(room, waiter)


async def _has_news(room: hub.Room, known: _Known) -> bool:
    """Whether there is something already; from now on the room hears of whatever comes."""
    state, views = await db(selectors.news)(room.conversation_id, after=known.after)
    if known.position is None or state.owner != "queue":
        return known.lacks(state, views)
    await room.wait()
    return known.lacks(state, views) or known.is_elsewhere(await _place(room.conversation_id, state.owner))


async def _write(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    visitor = await _authorise(request, conversation_id)
    frame = _frame(request, visitor)
    if isinstance(frame, Read):
        await db(services.mark_read)(conversation_id=conversation_id, seq=frame.seq)
        return HttpResponse(status=204)
    if isinstance(frame, Say):
        got = await db(services.receive)(
            conversation_id=conversation_id, client_id=frame.id, text=frame.text, now=utc_now()
        )
        seq = got.seq
        if got.wake:
            hub.answer_soon(conversation_id)
    elif isinstance(frame, Press):
        origin = Origin(ip=client_ip(request), user_agent=request.headers.get("User-Agent", "")[:300])
        seq = await db(services.press_card)(
            conversation_id=conversation_id,
            press_id=frame.id,
            card_id=frame.card,
            action=frame.action,
            fields=frame.fields,
            origin=origin,
            now=utc_now(),
        )
    else:
        raise BadFrame
    return JsonResponse(frames.ack(frame.id, seq), status=202)


def _frame(request: HttpRequest, visitor: UUID) -> ClientFrame:
    """What was sent. Whatever does not tell how far was read counts as a message, also a bad one: parsing costs too."""
    frame: ClientFrame | None = None
    try:
        frame = frames.parse(_with_type(_body(request)))
        return frame
    finally:
        if not isinstance(frame, Read):
            quotas.note_message(visitor=str(visitor), address=client_ip(request))


def _with_type(raw: str) -> str:
    """A body without a type is a message."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadFrame from error
    if isinstance(found, dict) and "type" not in found:
        return json.dumps({"type": "message", **found})
    return raw
