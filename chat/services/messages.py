"""Taking a customer's message: judged, tokenised, stored once, acknowledged by its number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from carloans.core import grouping
from cathy.simulation.understanding.slots import introductions
from chat import selectors, standing, vaulting, wording
from chat.errors import BadText, EmptyText, RateLimited, TextTooLong
from chat.frames import MessageView
from chat.limits import BURST_MESSAGES, BURST_WINDOW, MAX_TEXT
from chat.models import Conversation, Message
from chat.services import claiming, ownership, store
from chat.services.claiming import Turn
from visitors import selectors as visitors
from visitors import services as visitor_services

_BREAKS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Received:
    """`seq` is the number to acknowledge; `shown` what was stored, as its customer reads it. `wake` says that Cathy has
    something to answer; `turn` is that turn where it was begun with the message."""

    seq: int
    duplicate: bool
    wake: bool
    shown: list[MessageView] = field(default_factory=list)
    turn: Turn | None = None


@grouping.in_one
def receive(*, conversation_id: UUID, client_id: UUID, text: str, now: datetime, begin: bool = False) -> Received:
    """Store a customer's message once per `client_id`; the same id again gets the same number.

    Social security, card and account numbers are gone before anything is stored; other contact data becomes
    placeholders. The customer is told in a message of its own. With `begin` the turn that answers it is claimed in the
    same breath, where it is free. Raises TextTooLong, EmptyText, BadText, RateLimited, UnknownConversation.
    """
    # Under the row's lock the same id cannot arrive twice at once, whichever sockets it came through.
    conversation = store.load_open(conversation_id, now=now)
    near = claiming.near(conversation, now=now, client_id=client_id)
    if known := next((one.seq for one in near if one.client_id == client_id), 0):
        return Received(seq=known, duplicate=True, wake=True)
    clean = clean_text(text)
    _hold_back_bursts(near, now)
    claims = begin and claiming.may_begin(conversation, now=now)
    messages = _store(conversation, client_id, clean, now, claims=claims)
    turn = _turn(conversation, [*near, *messages], now) if claims else None
    return Received(
        seq=messages[0].seq,
        duplicate=False,
        wake=conversation.owner == "ai",
        shown=selectors.views(conversation, messages),
        turn=turn,
    )


def clean_text(text: str) -> str:
    """The text in NFC with plain line breaks. Raises TextTooLong, EmptyText, BadText."""
    if len(text) > MAX_TEXT:
        raise TextTooLong
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _BREAKS for char in clean):
        raise BadText
    if not clean.strip():
        raise EmptyText
    return clean.strip()


def _turn(conversation: Conversation, messages: list[Message], now: datetime) -> Turn | None:
    """The turn that the row was just claimed for, with what Cathy may know for it."""
    if conversation.turn_token is None:
        return None
    standing.note(conversation, messages)
    return claiming.describe(conversation, conversation.turn_token, messages=messages, now=now)


def _hold_back_bursts(near: list[Message], now: datetime) -> None:
    """Counted in rows, so that two sockets and the HTTP fallback share one limit."""
    asked = (one.at for one in near if one.role == Message.Role.CUSTOMER)
    if sum(at > now - BURST_WINDOW for at in asked) >= BURST_MESSAGES:
        raise RateLimited


def _store(conversation: Conversation, client_id: UUID, text: str, now: datetime, *, claims: bool) -> list[Message]:
    # A name that is said in this very message is known from here on, whether or not it is on file.
    names = [*_names(visitors.contact_of(conversation.visitor)), *introductions(text)]
    protected = vaulting.protect(conversation.pk, text, now=now, known_names=names)
    message = store.append_locked(
        conversation,
        role=Message.Role.CUSTOMER,
        text=protected.text,
        client_id=client_id,
        now=now,
        changes={
            "asked_seq": conversation.last_seq + 1,
            "asked_at": now,
            **(claiming.claim_changes(conversation, now=now) if claims else {}),
        },
    )
    store.announce(conversation, message, now=now)
    notices = [_explain(conversation, protected.removed, now)] if protected.removed else []
    if conversation.owner == "closed":
        ownership.reopen(conversation, now=now)
    # Who talks with us has not left: without this the form's silence would count as leaving.
    if conversation.application_id:
        visitor_services.note_activity(visitor_id=conversation.visitor_id, now=now)
    return [message, *notices]


def names_of(conversation: Conversation) -> list[str]:
    """The customer's own names where we know them: nobody else's are guessed."""
    return _names(visitors.visitor_contact(visitor_id=conversation.visitor_id))


def _names(contact: visitors.Contact) -> list[str]:
    return [name for name in (contact.first_name, contact.last_name) if name]


def _explain(conversation: Conversation, kinds: list[str], now: datetime) -> Message:
    text = wording.removed(kinds, conversation.locale)
    notice = store.add(conversation, role=Message.Role.SYSTEM, text=text, now=now)
    store.announce(conversation, notice, now=now)
    store.report(conversation, kind="chat.data_removed", summary="Sensitive data was removed from a message", now=now)
    return notice


def mark_read(*, conversation_id: UUID, seq: int) -> None:
    """The customer has seen everything up to `seq`; numbers that do not exist yet are cut."""
    rows = Conversation.objects.filter(pk=conversation_id, customer_read_seq__lt=seq)
    rows.filter(last_seq__gte=seq).update(customer_read_seq=seq)
