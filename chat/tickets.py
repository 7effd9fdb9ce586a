"""Signed tickets: the only key to a conversation. An id alone opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from carloans.core.errors import NotAllowed
from chat.limits import TICKET_AGE

_SALT = "chat.ticket"


class BadTicket(NotAllowed):
    """Forged, altered, outdated, or for a conversation that no longer exists: close code 4401."""

    status, code = 401, "bad_ticket"
    message = "Your chat has expired. Please open it again."


class NotYours(NotAllowed):
    """A good ticket in the wrong hands, or a page that may not embed this chat: close code 4403."""

    code = "not_yours"
    message = "This conversation belongs to somebody else."


@dataclass(frozen=True, slots=True)
class Ticket:
    conversation_id: UUID
    visitor_id: UUID


def issue(*, conversation_id: UUID, visitor_id: UUID) -> str:
    """A ticket for this visitor and this conversation, good for TICKET_AGE."""
    return signing.dumps([conversation_id.hex, visitor_id.hex], salt=_SALT)


def read(ticket: str) -> Ticket:
    """What the ticket says. Raises BadTicket when we did not sign it or it is too old."""
    try:
        conversation, visitor = signing.loads(ticket, salt=_SALT, max_age=TICKET_AGE)
        return Ticket(conversation_id=UUID(conversation), visitor_id=UUID(visitor))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadTicket from error
