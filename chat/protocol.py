"""The frames that a client gets, as types: the promise that the builders of `chat.frames` keep.

Builders make plain dictionaries, because checking each frame on its way out would cost more than the frame. The tests
hold every frame that a socket sends to these types, and the AsyncAPI document is made from them (`chat.asyncapi`), so
none of the three can drift from the others.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chat.frames import Seq

Owner = Literal["ai", "queue", "human", "closed"]
Text = Annotated[str, Field(min_length=1)]


class _Promised(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Promised):
    """One answer of a field of type `choice`."""

    value: str
    label: str
    #: A few words below the label.
    hint: str | None = None


class FormField(_Promised):
    """A field of a card's form. A checkbox is never ticked beforehand."""

    name: str
    type: Literal["tel", "email", "text", "checkbox", "choice"]
    label: str
    required: bool
    autocomplete: str | None = None
    help: str | None = None
    options: list[Option] | None = None
    version: str | None = None
    sha256: str | None = None


class Button(_Promised):
    """A button of a card; the first is the main one."""

    action: Literal["agree", "decline", "submit"]
    label: Text


class Consent(_Promised):
    """The whole text of an agreement, to stand directly above the buttons."""

    title: Text
    paragraphs: list[str]
    version: Text
    sha256: Text
    locale: Text


class Link(_Promised):
    """Opened in a new tab, without a referrer."""

    label: Text
    href: Text


class Card(_Promised):
    """A form or notice inside a message, written by the server. Only an `open` card has live buttons."""

    type: Literal["card"]
    id: UUID
    kind: Literal["contact_form", "credit_consent", "credit_result", "callback", "handoff", "privacy", "rating"]
    state: Literal["open", "settled", "replaced"]
    choice: str | None = None
    title: str
    body: list[str]
    locale: Literal["en", "es"]
    fields: list[FormField] | None = None
    actions: list[Button]
    consent: Consent | None = None
    tone: Literal["good", "neutral"] | None = None
    link: Link | None = None


class Message(_Promised):
    """A whole message, in order of `seq`. One whose `id` the client holds already replaces it."""

    type: Literal["message"]
    id: UUID
    seq: Seq
    role: Literal["customer", "cathy", "staff", "system"]
    name: str
    text: str
    card: Card | None = None
    #: What the customer may say with one press.
    suggestions: list[Text] | None = None
    at: datetime
    status: Literal["delivered", "read"] | None = None


class Place(_Promised):
    """Where a waiting customer stands, and what may be promised to them."""

    position: Annotated[int, Field(ge=1)]
    promise: str | None = None


class Ready(_Promised):
    """The answer to `hello`: who answers, and the messages after `after`."""

    type: Literal["ready"]
    conversation: UUID
    visitor: UUID
    ticket: Text
    owner: Owner
    name: str | None = None
    ai_disclosure: Text
    mode: Literal["simulated", "live"]
    lang: Literal["en", "es"]
    messages: list[Message]
    seq: Seq
    queue: Place | None = None


class Ack(_Promised):
    """Stored. Only now does a client show its message as sent."""

    type: Literal["ack"]
    id: UUID
    seq: Seq


class Delta(_Promised):
    """The next checked piece of the message `id`, which follows as a whole."""

    type: Literal["delta"]
    id: UUID
    text: Text


class TypingNews(_Promised):
    """Somebody began or stopped to type."""

    type: Literal["typing"]
    who: Literal["cathy", "staff"]
    on: bool


class Status(_Promised):
    """How far a message of the client's own has come."""

    type: Literal["status"]
    id: UUID
    status: Literal["delivered", "read", "failed"]


class OwnerNews(_Promised):
    """Who answers from now on. Deltas without their message are void from here."""

    type: Literal["owner"]
    owner: Owner
    name: str | None = None
    queue: Place | None = None


class QueueNews(_Promised):
    """The customer waits as before, at another place or with another promise."""

    type: Literal["queue"]
    queue: Place


class FieldFault(_Promised):
    """Why one field of a form was refused."""

    code: Text
    message: Text


class Refusal(_Promised):
    """A frame was refused; the socket stays open. `message` is for the customer, in the conversation's language."""

    type: Literal["error"]
    code: Text
    message: Text
    id: UUID | None = None
    fields: dict[str, FieldFault] | None = None


class Pong(_Promised):
    """The answer to `ping`."""

    type: Literal["pong"]


ServerFrame = Ready | Ack | Message | Delta | TypingNews | Status | OwnerNews | QueueNews | Refusal | Pong
SERVER_FRAMES: tuple[type[BaseModel], ...] = (
    Ready, Ack, Message, Delta, TypingNews, Status, OwnerNews, QueueNews, Refusal, Pong,
)  # fmt: skip
_server: TypeAdapter[ServerFrame] = TypeAdapter(Annotated[ServerFrame, Field(discriminator="type")])


def promised(raw: str) -> ServerFrame:
    """A frame that was sent to a client. Raises pydantic's ValidationError for one that was never promised."""
    return _server.validate_json(raw)
