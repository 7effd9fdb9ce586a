"""What staff writes: replies to the customer, notes for colleagues, tags. Contact data in it becomes placeholders."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from carloans.core import audit
from carloans.core.privacy import redaction
from chat import staff_words, vaulting
from chat.errors import BadTag, WordsRefused
from chat.models import Conversation, ConversationTag, Message, StaffNote
from chat.services import ownership, store
from chat.services.messages import clean_text, names_of

_TAG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@transaction.atomic
def staff_reply(
    *, conversation_id: UUID, staff_id: int, client_id: UUID, text: str, now: datetime, override: str = ""
) -> int:
    """Store what a member of staff writes and return its number; the same `client_id` is stored once.

    Contact data and the customer's name in it are tokenised like a customer's. Raises Taken unless that person owns
    the conversation, TextTooLong, EmptyText, BadText, and WordsRefused for words that break a rule, unless `override`
    is one of the reasons for sending them all the same (the caller asks whether this person may).
    """
    conversation = store.load(conversation_id)
    known = conversation.messages.filter(client_id=client_id).values_list("seq", flat=True).first()
    if known is not None:
        return int(known)
    clean = clean_text(text)
    rules = _judged(conversation, clean, override)
    message = store.append(
        conversation,
        role=Message.Role.STAFF,
        text=vaulting.protect(conversation_id, clean, now=now, known_names=names_of(conversation)).text,
        client_id=client_id,
        staff_id=staff_id,
        now=now,
        only_if=Q(owner="human", staff_id=staff_id),
        changes={"answered_seq": F("asked_seq"), "staff_seen_at": now, "alarmed_at": None},
    )
    if message is None:
        raise ownership.taken(conversation_id)
    _staff_has_read(conversation, message.seq)
    store.announce(conversation, message, now=now)
    facts: dict[str, Any] = {"seq": message.seq} | ({"override": override, "rules": rules} if rules else {})
    _record(conversation, "conversation.rule_overridden" if rules else "conversation.answered", staff_id, now, **facts)
    return message.seq


def _judged(conversation: Conversation, text: str, override: str) -> list[str]:
    """The rules that the text breaks with leave to do so. Raises WordsRefused."""
    found = staff_words.judge(text, before=last_words(conversation))
    if found and override not in staff_words.OVERRIDES:
        raise WordsRefused([{"rule": one.rule, "excerpt": one.excerpt} for one in found])
    return [one.rule for one in found]


def last_words(conversation: Conversation) -> str:
    """The customer's newest message as it is stored."""
    asked = conversation.messages.filter(role=Message.Role.CUSTOMER).order_by("-seq")
    return asked.values_list("text", flat=True).first() or ""


def _staff_has_read(conversation: Conversation, seq: int) -> None:
    Conversation.objects.filter(pk=conversation.pk, staff_read_seq__lt=seq).update(staff_read_seq=seq)


@transaction.atomic
def add_note(*, conversation_id: UUID, staff_id: int, text: str, now: datetime) -> None:
    """Keep a note for colleagues. Raises TextTooLong, EmptyText, BadText, UnknownConversation."""
    conversation = store.load_open(conversation_id, now=now)
    words = vaulting.protect(conversation_id, clean_text(text), now=now, known_names=names_of(conversation)).text
    StaffNote.objects.create(conversation=conversation, staff_id=staff_id, text=words, at=now)
    store.announce_desk(conversation, now=now)
    _record(conversation, "conversation.noted", staff_id, now)


@transaction.atomic
def add_tag(*, conversation_id: UUID, staff_id: int, name: str, now: datetime) -> None:
    """Put a word on the conversation, once. Raises BadTag, UnknownConversation."""
    word = "-".join(name.lower().split())
    if not _TAG.fullmatch(word) or redaction.find(name):
        raise BadTag
    conversation = store.load_open(conversation_id, now=now)
    ConversationTag.objects.get_or_create(
        conversation=conversation, name=word, defaults={"staff_id": staff_id, "at": now}
    )
    store.announce_desk(conversation, now=now)


@transaction.atomic
def remove_tag(*, conversation_id: UUID, name: str, now: datetime) -> None:
    """Take a word off again."""
    conversation = store.load_open(conversation_id, now=now)
    if ConversationTag.objects.filter(conversation=conversation, name=name).delete()[0]:
        store.announce_desk(conversation, now=now)


def _record(conversation: Conversation, action: str, staff_id: int, now: datetime, **facts: Any) -> None:
    subject = f"conversation:{conversation.pk}"
    audit.record(action=action, actor=f"staff:{staff_id}", subject=subject, now=now, facts=facts)
