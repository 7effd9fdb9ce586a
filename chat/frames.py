"""The socket's frames: strict parsing of what a client sends, plain building of what it gets.

The words of the protocol stand in docs/chat-socket.md. A frame that does not fit raises `BadFrame` with the id that
it carried, if that could be read; nothing of the frame's content is repeated in the error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from carloans.core.errors import BadInput
from chat.limits import MAX_FRAME_BYTES
from chat.staffing import Place

Frame = dict[str, Any]
#: Sequence numbers that survive a browser's number type.
Seq = Annotated[int, Field(ge=0, le=2**53 - 1)]
FieldValue = Annotated[str, Field(max_length=1000)] | bool


class BadFrame(BadInput):
    """`frame_id` is the id of the message or action that the client should mark as failed."""

    code = "bad_frame"
    message = "The page sent something that we could not read. Please reload it if this happens again."

    def __init__(self, message: str | None = None, *, code: str | None = None, frame_id: str | None = None) -> None:
        super().__init__(message, code=code)
        self.frame_id = frame_id


class FrameTooLong(BadFrame):
    status, code = 413, "too_long"
    message = "That is too long to send at once. Please shorten it or send it in parts."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hello(_Strict):
    """The first frame. Without a ticket it asks for a new conversation."""

    type: Literal["hello"]
    visitor: UUID | None = None
    ticket: Annotated[str, Field(max_length=600)] | None = None
    after: Seq = 0
    lang: Annotated[str, Field(max_length=35)] | None = None


class Say(_Strict):
    """A customer's message; its length and characters are judged by the service, as for the HTTP fallback."""

    type: Literal["message"]
    id: UUID
    text: str


class Press(_Strict):
    """A press on a card's button, with the fields of its form."""

    type: Literal["action"]
    id: UUID
    card: UUID
    action: Literal["agree", "decline", "submit"]
    fields: Annotated[dict[Annotated[str, Field(max_length=40)], FieldValue], Field(max_length=12)] = {}


class Typing(_Strict):
    """The customer began or stopped to type; a person who has the conversation sees it."""

    type: Literal["typing"]
    on: bool


class Read(_Strict):
    """The customer has seen everything up to `seq`."""

    type: Literal["read"]
    seq: Seq


class Ping(_Strict):
    """Are you there?"""

    type: Literal["ping"]


ClientFrame = Hello | Say | Press | Typing | Read | Ping
CLIENT_FRAMES: tuple[type[BaseModel], ...] = (Hello, Say, Press, Typing, Read, Ping)
_parser: TypeAdapter[ClientFrame] = TypeAdapter(Annotated[ClientFrame, Field(discriminator="type")])


def parse(raw: str) -> ClientFrame:
    """The frame in `raw`. Raises FrameTooLong beyond 16 KiB, BadFrame for anything that is not of the protocol."""
    if len(raw) > MAX_FRAME_BYTES or len(raw.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise FrameTooLong
    try:
        return _parser.validate_json(raw)
    except ValidationError as error:
        raise BadFrame(frame_id=_id_of(raw)) from error


def _id_of(raw: str) -> str | None:
    """The frame's id where it is a UUID: only then may it be sent back."""
    try:
        found = json.loads(raw)
        return str(UUID(found["id"])) if isinstance(found, dict) and isinstance(found["id"], str) else None
    except (ValueError, KeyError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader may see it: placeholders already filled in or not, by who asks."""

    id: str
    seq: int
    role: str
    name: str
    text: str
    card: Frame | None
    at: str
    status: str = ""
    #: What the customer may want to say next; of the newest message only.
    suggestions: tuple[str, ...] = ()


def message(view: MessageView) -> Frame:
    frame: Frame = {
        "type": "message",
        "id": view.id,
        "seq": view.seq,
        "role": view.role,
        "name": view.name,
        "text": view.text,
        "at": view.at,
    }
    if view.card:
        frame["card"] = view.card
    if view.status:
        frame["status"] = view.status
    if view.suggestions:
        frame["suggestions"] = list(view.suggestions)
    return frame


def ready(
    *,
    conversation: UUID,
    visitor: UUID,
    ticket: str,
    owner: str,
    name: str,
    ai_disclosure: str,
    mode: str,
    lang: str,
    messages: list[MessageView],
    seq: int,
    place: Place | None = None,
) -> Frame:
    frame: Frame = {
        "type": "ready",
        "conversation": str(conversation),
        "visitor": str(visitor),
        "ticket": ticket,
        "owner": owner,
        "ai_disclosure": ai_disclosure,
        "mode": mode,
        "lang": lang,
        "messages": [message(view) for view in messages],
        "seq": seq,
    }
    return frame | ({"name": name} if name else {}) | queue(place)


def queue(place: Place | None) -> Frame:
    """Where a waiting customer stands, as part of a frame; nothing for one who does not wait."""
    if place is None:
        return {}
    return {"queue": {"position": place.position} | ({"promise": place.promise} if place.promise else {})}


def ack(frame_id: UUID, seq: int) -> Frame:
    return {"type": "ack", "id": str(frame_id), "seq": seq}


def delta(message_id: UUID, text: str) -> Frame:
    return {"type": "delta", "id": str(message_id), "text": text}


def typing(who: Literal["cathy", "staff"], on: bool) -> Frame:
    return {"type": "typing", "who": who, "on": on}


def status(frame_id: str, state: Literal["delivered", "read", "failed"]) -> Frame:
    return {"type": "status", "id": frame_id, "status": state}


def owner(state: str, name: str = "", place: Place | None = None) -> Frame:
    return {"type": "owner", "owner": state} | ({"name": name} if name else {}) | queue(place)


def place(place: Place) -> Frame:
    return {"type": "queue", **queue(place)}


def pong() -> Frame:
    return {"type": "pong"}
