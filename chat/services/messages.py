"""Taking a customer's message: judged, tokenised, stored once, acknowledged by its number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from chat import selectors, vaulting, wording
from chat.errors import BadText, EmptyText, RateLimited, TextTooLong
from chat.frames import MessageView
from chat.limits import BURST_MESSAGES, BURST_WINDOW, MAX_TEXT
from chat.models import Conversation, Message
from chat.services import store
from visitors import selectors as visitors
from visitors import services as visitor_services

_BREAKS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Received:
    """`seq` is the number to acknowledge; `shown` what was stored, as its customer reads it. `wake` says that Cathy has
    something to answer."""

    seq: int
    duplicate: bool
    wake: bool
    shown: list[MessageView] = field(default_factory=list)


def receive(*, conversation_id: UUID, client_id: UUID, text: str, now: datetime) -> Received:
    """Store a customer's message once per `client_id`; the same id again gets the same number.

    Social security, card and account numbers are gone before anything is stored; other contact data becomes
    placeholders. The customer is told in a message of its own. Raises TextTooLong, EmptyText, BadText, RateLimited,
    UnknownConversation.
    """
    if (known := _known(conversation_id, client_id)) is not None:
        return Received(seq=known, duplicate=True, wake=True)
    clean = clean_text(text)
    conversation = store.load(conversation_id)
    _hold_back_bursts(conversation, now)
    try:
        with transaction.atomic():
            messages = _store(conversation, client_id, clean, now)
    except IntegrityError:
        # The same id arrived twice at once, perhaps through two sockets: the first one counts.
        if (known := _known(conversation_id, client_id)) is None:
            raise
        return Received(seq=known, duplicate=True, wake=True)
    shown = selectors.views(conversation, messages)
    return Received(seq=messages[0].seq, duplicate=False, wake=conversation.owner == "ai", shown=shown)


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


def _known(conversation_id: UUID, client_id: UUID) -> int | None:
    rows = Message.objects.filter(conversation_id=conversation_id, client_id=client_id)
    return rows.values_list("seq", flat=True).first()


def _hold_back_bursts(conversation: Conversation, now: datetime) -> None:
    """Counted in rows, so that two sockets and the HTTP fallback share one limit."""
    if conversation.asked_at is None or conversation.asked_at <= now - BURST_WINDOW:
        return
    recent = conversation.messages.filter(role=Message.Role.CUSTOMER, at__gt=now - BURST_WINDOW)
    if recent.filter(seq__gt=conversation.last_seq - 4 * BURST_MESSAGES).count() >= BURST_MESSAGES:
        raise RateLimited


def _store(conversation: Conversation, client_id: UUID, text: str, now: datetime) -> list[Message]:
    protected = vaulting.protect(conversation.pk, text, now=now, known_names=_names(conversation))
    message = store.add(
        conversation,
        role=Message.Role.CUSTOMER,
        text=protected.text,
        client_id=client_id,
        now=now,
        changes={"asked_seq": F("last_seq") + 1, "asked_at": now},
    )
    store.announce(conversation, message, now=now)
    notices = [_explain(conversation, protected.removed, now)] if protected.removed else []
    _reopen(conversation, now)
    # Who talks with us has not left: without this the form's silence would count as leaving.
    if conversation.application_id:
        visitor_services.note_activity(visitor_id=conversation.visitor_id, now=now)
    return [message, *notices]


def _names(conversation: Conversation) -> list[str]:
    """The customer's own names where we know them: nobody else's are guessed."""
    contact = visitors.visitor_contact(visitor_id=conversation.visitor_id)
    return [name for name in (contact.first_name, contact.last_name) if name]


def _explain(conversation: Conversation, kinds: list[str], now: datetime) -> Message:
    text = wording.removed(kinds, conversation.locale)
    notice = store.add(conversation, role=Message.Role.SYSTEM, text=text, now=now)
    store.announce(conversation, notice, now=now)
    store.report(conversation, kind="chat.data_removed", summary="Sensitive data was removed from a message", now=now)
    return notice


def _reopen(conversation: Conversation, now: datetime) -> None:
    """A customer who writes into a closed conversation is with Cathy again."""
    if conversation.owner != "closed":
        return
    Conversation.objects.filter(pk=conversation.pk).update(owner="ai", closed_at=None, staff=None)
    conversation.owner = "ai"
    store.announce_owner(conversation, "ai", now=now)


def mark_read(*, conversation_id: UUID, seq: int) -> None:
    """The customer has seen everything up to `seq`; numbers that do not exist yet are cut."""
    rows = Conversation.objects.filter(pk=conversation_id, customer_read_seq__lt=seq)
    rows.filter(last_seq__gte=seq).update(customer_read_seq=seq)
