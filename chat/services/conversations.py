"""Opening a conversation and coming back to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chat import tickets, wording
from chat.models import Conversation, Message
from chat.services import store
from chat.tickets import BadTicket, NotYours
from visitors import selectors as visitors
from visitors import services as visitor_services
from visitors.errors import UnknownVisitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What a browser brings along. `return_visitor` and `return_application` come from the signed cookie of a return
    link; `visitor` is only a claim."""

    site_id: int
    ticket: str = ""
    visitor: UUID | None = None
    return_visitor: UUID | None = None
    return_application: UUID | None = None
    lang: str = ""
    #: Nobody is there: kept out of the operations room, removed afterwards.
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    conversation_id: UUID
    visitor_id: UUID
    ticket: str
    is_new: bool


def enter(*, knock: Knock, now: datetime) -> Opened:
    """The conversation that the ticket opens, or a new one that Cathy greets.

    Raises BadTicket for one that we did not sign, that is too old or whose conversation is gone; NotYours when it was
    issued to another visitor or for another site.
    """
    if not knock.ticket:
        return _open(knock, now=now)
    conversation = _of_ticket(knock)
    if knock.return_visitor and knock.return_visitor != conversation.visitor_id:
        # Somebody else has just come in through their own mail on this browser: never show them this thread.
        return _open(knock, now=now)
    _link(conversation, knock)
    return _opened(conversation, is_new=False)


def ticket_for(*, site_id: int, visitor_id: UUID, application_id: UUID, now: datetime) -> Opened:
    """The ticket of a visitor whom their lender vouches for: of their newest conversation, else of a new one."""
    rows = Conversation.objects.filter(site_id=site_id, visitor_id=visitor_id, forgotten_at__isnull=True)
    found = rows.filter(rehearsal=False).order_by("-created_at").first()
    if found:
        return _opened(found, is_new=False)
    return enter(knock=Knock(site_id=site_id, return_visitor=visitor_id, return_application=application_id), now=now)


def _of_ticket(knock: Knock) -> Conversation:
    ticket = tickets.read(knock.ticket)
    conversation = Conversation.objects.filter(pk=ticket.conversation_id).first()
    if conversation is None or conversation.forgotten_at:
        raise BadTicket
    mine = conversation.visitor_id == ticket.visitor_id and conversation.site_id == knock.site_id
    if not mine or (knock.visitor and knock.visitor != ticket.visitor_id):
        raise NotYours
    return conversation


def _opened(conversation: Conversation, *, is_new: bool) -> Opened:
    ticket = tickets.issue(conversation_id=conversation.pk, visitor_id=conversation.visitor_id)
    return Opened(conversation.pk, conversation.visitor_id, ticket, is_new)


def _link(conversation: Conversation, knock: Knock) -> None:
    """Remember the application of a returner, and a language that the customer switched to."""
    changes: dict[str, object] = {}
    returned = knock.return_visitor == conversation.visitor_id
    if returned and knock.return_application and conversation.application_id != knock.return_application:
        changes["application_id"] = knock.return_application
    if knock.lang and _language(knock.lang) != conversation.locale:
        changes["locale"] = _language(knock.lang)
    if changes:
        Conversation.objects.filter(pk=conversation.pk).update(**changes)


def _language(lang: str) -> str:
    return "es" if lang.lower().startswith("es") else "en"


@transaction.atomic
def _open(knock: Knock, *, now: datetime) -> Opened:
    visitor_id = _visitor(knock, now)
    locale = _language(knock.lang or visitors.visitor_contact(visitor_id=visitor_id).locale)
    conversation = Conversation.objects.create(
        site_id=knock.site_id,
        visitor_id=visitor_id,
        application_id=_application(knock, visitor_id),
        locale=locale,
        rehearsal=knock.rehearsal,
        created_at=now,
        last_at=now,
        disclosed_at=now,
    )
    _greet(conversation, returning=visitor_id == knock.return_visitor, now=now)
    store.report(conversation, kind="chat.opened", summary="A conversation began", now=now)
    return _opened(conversation, is_new=True)


def _visitor(knock: Knock, now: datetime) -> UUID:
    """The returner, else the browser's own visitor of this site, else a new one."""
    for visitor_id in (knock.return_visitor, knock.visitor):
        if visitor_id and _belongs_to(visitor_id, knock.site_id):
            return visitor_id
    return visitor_services.register_visitor(
        site_id=knock.site_id, locale=_language(knock.lang), is_bot=knock.rehearsal, now=now
    )


def _belongs_to(visitor_id: UUID, site_id: int) -> bool:
    try:
        contact = visitors.visitor_contact(visitor_id=visitor_id)
    except UnknownVisitor:
        return False
    return contact.site_id == site_id and not contact.erased


def _application(knock: Knock, visitor_id: UUID) -> UUID | None:
    """The one that the return link is about, else the one that this browser has open."""
    if knock.return_application and visitor_id == knock.return_visitor:
        return knock.return_application
    latest = visitors.latest_application(visitor_id=visitor_id)
    return latest.id if latest and latest.is_open else None


def _greet(conversation: Conversation, *, returning: bool, now: datetime) -> None:
    """Cathy says first what she is. Only somebody with the signed cookie is greeted with their vehicle and step."""
    application_id = conversation.application_id
    found = visitors.application_ref(application_id=application_id) if returning and application_id else None
    text = wording.greeting(
        company=conversation.site.company_name,
        locale=conversation.locale,
        returning=found is not None,
        vehicle=vehicle_name(found.vehicle) if found else "",
        step=found.step_reached if found else None,
    )
    store.add(conversation, role=Message.Role.CATHY, text=text, now=now)


def vehicle_name(vehicle: dict[str, Any] | None) -> str:
    """Year, make and model as far as they are known."""
    return " ".join(str(part) for part in (vehicle or {}).values() if part)


def set_locale(*, conversation_id: UUID, lang: str) -> str:
    """Speak another language from now on; returns "en" or "es"."""
    locale = _language(lang)
    Conversation.objects.filter(pk=conversation_id).update(locale=locale)
    return locale


def want_check(*, conversation_id: UUID) -> None:
    """Remember that the customer asked for the credit check: it is offered once they have left a phone number."""
    Conversation.objects.filter(pk=conversation_id).update(wants_check=True)
