"""Reading a conversation for its customer: whole messages in order, with their own data filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from carloans.core import switches
from cathy import persona
from chat import cards, standing, suggestions, vaulting, wording
from chat.errors import UnknownConversation
from chat.frames import MessageView
from chat.limits import IDLE_CLOSE, PAGE, TURN_ATTEMPTS, TURN_GRACE
from chat.models import Conversation, Message
from credit import selectors as credit
from visitors import selectors as visitors


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a socket needs to know of its conversation. `name` is that of the person who owns it; the customer's own
    messages were read up to the number `read`."""

    conversation_id: UUID
    visitor_id: UUID
    owner: str
    name: str
    locale: str
    company: str
    last_seq: int
    read: int

    @property
    def ai_disclosure(self) -> str:
        return persona.disclosure(self.company, self.locale)


def snapshot(conversation_id: UUID) -> Snapshot:
    """The present state. Raises UnknownConversation."""
    return _snapshot(_load(conversation_id))


def is_alive(conversation_id: UUID) -> bool:
    """Whether there is such a conversation and its words were not erased."""
    return Conversation.objects.filter(pk=conversation_id, forgotten_at__isnull=True).exists()


def news(conversation_id: UUID, *, after: int) -> tuple[Snapshot, list[MessageView]]:
    """The state and the messages after a number, oldest first, at most PAGE of them. Raises UnknownConversation."""
    conversation = _load(conversation_id)
    rows = conversation.messages.filter(seq__gt=after).select_related("staff").order_by("seq")[:PAGE]
    return _snapshot(conversation), views(conversation, list(rows))


def carded(conversation_id: UUID, *, seqs: Sequence[int] = (), until: int = 0) -> list[MessageView]:
    """Messages with cards: those with these numbers, or all up to a number. Their cards may have been pressed since."""
    conversation = _load(conversation_id)
    rows = conversation.messages.filter(card__isnull=False).filter(Q(seq__in=seqs) | Q(seq__lte=until))
    return views(conversation, list(rows.select_related("staff").order_by("seq")))


def _load(conversation_id: UUID) -> Conversation:
    found = Conversation.objects.select_related("site", "staff").filter(pk=conversation_id).first()
    if found is None:
        raise UnknownConversation
    return found


def _snapshot(conversation: Conversation) -> Snapshot:
    return Snapshot(
        conversation_id=conversation.pk,
        visitor_id=conversation.visitor_id,
        owner=conversation.owner,
        name=staff_name(conversation.staff, conversation.locale) if conversation.owner == "human" else "",
        locale=conversation.locale,
        company=conversation.site.company_name,
        last_seq=conversation.last_seq,
        read=_read(conversation),
    )


def staff_name(staff: Any, locale: str) -> str:
    """The first name of a member of staff, as customers see it."""
    return (staff.get_short_name() if staff else "") or wording.say("a_person", locale)


def views(conversation: Conversation, messages: Sequence[Message]) -> list[MessageView]:
    """Messages as their customer reads them."""
    texts = vaulting.reveal(conversation.pk, [message.text for message in messages])
    return [_view(conversation, message, text) for message, text in zip(messages, texts, strict=True)]


def _view(conversation: Conversation, message: Message, text: str) -> MessageView:
    mine = message.role == Message.Role.CUSTOMER
    return MessageView(
        id=str(message.client_id or message.pk),
        seq=message.seq,
        role=message.role,
        name=_name(conversation, message),
        text=text,
        card=card_payload(message),
        at=message.at.isoformat(),
        status=_status(conversation, message) if mine else "",
        suggestions=_suggestions(conversation, message),
    )


def _suggestions(conversation: Conversation, message: Message) -> tuple[str, ...]:
    """Under Cathy's newest message, while she is the one who answers."""
    is_newest = message.seq >= conversation.last_seq and message.role == Message.Role.CATHY
    if not is_newest or conversation.owner != "ai":
        return ()
    if message.seq == 1:
        known = conversation.application_id is not None
        return suggestions.under_greeting(locale=conversation.locale, has_application=known)
    if not message.card or message.card_state == Message.CardState.REPLACED or message.card_choice:
        return ()
    return suggestions.under_card(locale=conversation.locale, kind=str(message.card["kind"]))


def _name(conversation: Conversation, message: Message) -> str:
    if message.role == Message.Role.STAFF:
        return staff_name(message.staff, conversation.locale)
    return persona.NAME if message.role == Message.Role.CATHY else ""


def _status(conversation: Conversation, message: Message) -> str:
    return "read" if message.seq <= _read(conversation) else "delivered"


def _read(conversation: Conversation) -> int:
    return max(conversation.answered_seq, conversation.staff_read_seq)


def card_payload(message: Message) -> cards.Content | None:
    """The card of a message as a browser gets it."""
    if not message.card:
        return None
    return cards.payload(str(message.pk), message.card, state=message.card_state, choice=message.card_choice)


def facts(conversation: Conversation, *, now: datetime) -> tuple[dict[str, Any], str | None]:
    """What Cathy may know: whether things are there, never what they are; and the visitor's US state, for switches."""
    contact = visitors.contact_of(conversation.visitor)
    application_id = conversation.application_id
    found = visitors.application_ref(application_id=application_id) if application_id else None
    here = standing.of(conversation, now=now)
    known = {
        "company": conversation.site.company_name,
        "contact": {"phone": bool(contact.phone), "email": bool(contact.email), "name": bool(contact.first_name)},
        "application": _application(found),
        # none, running, prequalified or needs_person
        "credit": "running" if conversation.pending_check else here.credit,
        "dealer_contact_agreed": here.agreed,
        "open_cards": list(here.open_cards),
        "misunderstandings": conversation.misunderstandings,
    }
    return known, contact.state or None


def _application(found: visitors.ApplicationRef | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"step_reached": found.step_reached, "status": found.status, "vehicle": found.vehicle}


def may_answer(conversation: Conversation, *, state: str | None, now: datetime) -> bool:
    """Whether the AI is switched on for this customer."""
    return not standing.of(conversation, now=now).ai_off or switches.is_on("ai", state=state)


def _waiting() -> QuerySet[Conversation]:
    return Conversation.objects.filter(owner="ai", asked_seq__gt=F("answered_seq"), rehearsal=False)


def stuck_turns(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Conversations whose answer nobody is working on: never begun, or begun by a process that died."""
    never = Q(turn_token__isnull=True, asked_at__lt=now - TURN_GRACE)
    died = Q(turn_token__isnull=False, turn_until__lt=now)
    rows = _waiting().filter(never | died, turn_attempts__lt=TURN_ATTEMPTS).order_by("asked_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def exhausted_turns(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Conversations whose turn was begun too often."""
    over = Q(turn_token__isnull=True) | Q(turn_until__lt=now)
    rows = _waiting().filter(over, turn_attempts__gte=TURN_ATTEMPTS)
    return list(rows.values_list("pk", flat=True)[:limit])


def unshown_checks(*, limit: int = 100) -> list[UUID]:
    """Credit checks that are decided while a conversation still waits for their outcome."""
    waiting = Conversation.objects.filter(pending_check__isnull=False).order_by("last_at")
    checks = [check for check in waiting.values_list("pending_check", flat=True)[:limit] if check]
    found = [credit.outcome_for(check) for check in checks]
    return [one.check_id for one in found if one and one.decided]


def idle_conversations(*, now: datetime, limit: int = 200) -> list[UUID]:
    """Cathy's conversations in which nothing has happened for two days."""
    rows = Conversation.objects.filter(owner="ai", last_at__lt=now - IDLE_CLOSE).order_by("last_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def erased_with_words(*, limit: int = 100) -> list[UUID]:
    """Visitors who were erased while their conversations still hold what they wrote."""
    rows = Conversation.objects.filter(visitor__erased_at__isnull=False, forgotten_at__isnull=True)
    return list(rows.values_list("visitor_id", flat=True).distinct()[:limit])


def asked_ids(conversation_id: UUID, *, after: int) -> list[str]:
    """The customer's newest messages behind a number, by the ids that their page knows them by."""
    rows = Message.objects.filter(conversation=conversation_id, role=Message.Role.CUSTOMER, seq__gt=after)
    newest = rows.order_by("-seq").values_list("client_id", "pk")[:PAGE]
    return [str(client_id or pk) for client_id, pk in newest]


def held_by_absent(*, since: datetime, limit: int = 50) -> list[UUID]:
    """Conversations of people who gave no sign of life since then."""
    gone = Q(staff_seen_at__lt=since) | Q(staff_seen_at__isnull=True)
    rows = Conversation.objects.filter(gone, owner="human", rehearsal=False)
    return list(rows.values_list("pk", flat=True)[:limit])


def waiting_since(since: datetime, *, limit: int = 100) -> list[UUID]:
    """Conversations whose customer has waited for a person, or for the answer of one, since then, untold to staff."""
    calls = Conversation.objects.filter(owner="queue", queued_at__lt=since, alarmed_at=None, rehearsal=False)
    unheard = Conversation.objects.filter(
        owner="human", asked_seq__gt=F("answered_seq"), asked_at__lt=since, alarmed_at=None, rehearsal=False
    )
    return [one for rows in (calls, unheard) for one in rows.values_list("pk", flat=True)[:limit]]
