"""What a press on a card does. Only a press agrees to anything; typed words never do.

A press is claimed by a conditional UPDATE on the card's state in the same transaction as its effect, so it acts once,
however often and through however many tabs it arrives. A press that is refused leaves the card open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from django.db import transaction

from chat import cards, forms, wording
from chat.errors import BadAction, CardSettled, ContactNeeded, StaleText, UnknownCard
from chat.models import Conversation, Message, Rating
from chat.services import carding, ownership, store
from chat.signals import contact_given
from credit import selectors as credit_selectors
from credit import services as credit
from visitors import consent_texts
from visitors import selectors as visitors
from visitors import services as visitor_services

Fields: TypeAlias = dict[str, str | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a press came from; it becomes part of a consent's proof."""

    ip: str
    user_agent: str
    page: str = "/chat"


@dataclass(frozen=True, slots=True)
class _Press:
    conversation: Conversation
    card: Message
    action: str
    fields: Fields
    origin: Origin
    now: datetime

    @property
    def locale(self) -> str:
        """The language of the card, which is what the customer read."""
        return str((self.card.card or {}).get("locale") or self.conversation.locale)

    @property
    def content(self) -> cards.Content:
        return dict(self.card.card or {})


def press_card(
    *, conversation_id: UUID, press_id: UUID, card_id: UUID, action: str, fields: Fields, origin: Origin, now: datetime
) -> int:
    """Do what a card's button says and return the number of the card's message; the same `press_id` acts once.

    Raises UnknownCard, CardSettled (another press was first), BadAction, BadFields, StaleText (a fresh card was put
    up), ContactNeeded, and what the rooms below raise. Nothing is stored then, except that fresh card.
    """
    conversation = store.load(conversation_id)
    card = conversation.messages.filter(pk=card_id, card__isnull=False).first()
    if card is None:
        raise UnknownCard
    if card.press_id == press_id:
        return card.seq
    if card.card_state != Message.CardState.OPEN:
        raise CardSettled
    press = _Press(conversation, card, action, fields, origin, now)
    try:
        _act(press, press_id)
    except CardSettled:
        # The same press through two sockets at once acts once and is acknowledged twice.
        if not conversation.messages.filter(pk=card_id, press_id=press_id).exists():
            raise
    except (credit.ConsentTextChanged, visitor_services.TextChanged, StaleText) as stale:
        _renew(press)
        raise StaleText from stale
    return card.seq


def _act(press: _Press, press_id: UUID) -> None:
    kind = str(press.content["kind"])
    effect = _EFFECTS.get((kind, press.action))
    if effect is None:
        raise BadAction
    with transaction.atomic():
        _settle(press, press_id)
        effect(press)
        store.announce_card(press.conversation, press.card, now=press.now)


def _settle(press: _Press, press_id: UUID) -> None:
    """Raises CardSettled when another press was first."""
    row = Message.objects.filter(pk=press.card.pk, card_state=Message.CardState.OPEN)
    if not row.update(
        card_state=Message.CardState.SETTLED, card_choice=press.action, press_id=press_id, pressed_at=press.now
    ):
        raise CardSettled


def _say(press: _Press, key: str) -> Message:
    text = wording.say(key, press.conversation.locale)
    message = store.add(press.conversation, role=_voice(press.conversation), text=text, now=press.now)
    store.announce(press.conversation, message, now=press.now)
    return message


def _voice(conversation: Conversation) -> str:
    """Cathy is silent while a person has the conversation: then the system speaks."""
    return Message.Role.SYSTEM if conversation.owner == "human" else Message.Role.CATHY


def _save_contact(press: _Press) -> None:
    allow = press.conversation.site.is_demo
    required = any(one["name"] == "phone" and one["required"] for one in press.content["fields"])
    values = forms.read_contact(press.fields, locale=press.locale, allow_test_numbers=allow, phone_required=required)
    visitor_services.upsert_contact(
        visitor_id=press.conversation.visitor_id, phone=values.phone or None, email=values.email or None, now=press.now
    )
    if values.dealer_contact:
        _record_dealer_consent(press)
    store.report(
        press.conversation, kind="chat.contact_given", summary="A customer left contact details", now=press.now
    )
    conversation = press.conversation
    ids = conversation.pk, conversation.visitor_id, conversation.application_id
    # No partial: Django asks a hook that fails for its name, which a partial has not.
    transaction.on_commit(lambda: _send_contact_given(*ids, press.now), robust=True)
    _after_contact(press)


def _send_contact_given(conversation: UUID, visitor: UUID, application: UUID | None, now: datetime) -> None:
    contact_given.send(None, conversation_id=conversation, visitor_id=visitor, application_id=application, now=now)


def _record_dealer_consent(press: _Press) -> None:
    """The text of the card word for word: another hash than the shown one raises TextChanged."""
    box = next((one for one in press.content["fields"] if one["name"] == "dealer_contact"), None)
    if box is None:
        return
    _record_consent(
        press,
        kind=consent_texts.DEALER_CONTACT,
        act="ticked_and_pressed_send",
        element_id="contact_form.dealer_contact",
        names={"dealers": press.content["dealers"]},
        scope={"buyers": press.content["buyers"]},
        shown_sha256=box["sha256"],
    )


def _record_consent(press: _Press, **what: Any) -> None:
    visitor_services.record_consent(
        visitor_id=press.conversation.visitor_id,
        application_id=press.conversation.application_id,
        conversation_id=press.conversation.pk,
        locale=press.locale,
        page=press.origin.page,
        ip=press.origin.ip,
        user_agent=press.origin.user_agent,
        shown_at=press.card.at,
        shown_in=f"card:{press.card.pk}",
        now=press.now,
        **what,
    )


def _after_contact(press: _Press) -> None:
    """Go on to the credit check when the customer had asked for it before; never offer it twice."""
    conversation = press.conversation
    checked = credit_selectors.latest_outcome(visitor_id=conversation.visitor_id)
    if checked is not None and checked.outcome:
        _say(press, "contact_saved_only")
        return
    if not conversation.wants_check or conversation.owner != "ai":
        _say(press, "contact_saved")
        return
    Conversation.objects.filter(pk=conversation.pk).update(wants_check=False)
    text = wording.say("contact_saved_then_check", conversation.locale)
    card = carding.credit_consent(locale=conversation.locale, company=conversation.site.company_name)
    carding.present_card(conversation=conversation, card=card, text=text, now=press.now)


def _start_check(press: _Press) -> None:
    shown = press.content["consent"]
    _refuse_other_text(press.fields, shown)
    conversation = press.conversation
    if not visitors.visitor_contact(visitor_id=conversation.visitor_id).phone:
        raise ContactNeeded
    check = credit.give_consent_and_request(
        visitor_id=conversation.visitor_id,
        application_id=conversation.application_id,
        conversation_id=conversation.pk,
        locale=press.locale,
        shown_version=shown["version"],
        shown_sha256=shown["sha256"],
        shown_at=press.card.at,
        shown_in=f"card:{press.card.pk}",
        ip=press.origin.ip,
        user_agent=press.origin.user_agent,
        page=press.origin.page,
        now=press.now,
    )
    Conversation.objects.filter(pk=conversation.pk).update(pending_check=check.pk, wants_check=False)
    _say(press, "check_started")


def _refuse_other_text(fields: Fields, shown: dict[str, Any]) -> None:
    """A page may say which text it showed; then it must be the card's."""
    for name in ("version", "sha256"):
        if name in fields and fields[name] != shown[name]:
            raise StaleText


def _request_callback(press: _Press) -> None:
    when = forms.read_choice(press.fields, press.content["fields"], "when", locale=press.locale)
    _say(press, "callback_saved")
    conversation = press.conversation
    ownership.to_queue(conversation, reason=f"callback_wanted: {when}", now=press.now, say="")


def _save_rating(press: _Press) -> None:
    score = forms.read_choice(press.fields, press.content["fields"], "score", locale=press.locale)
    Rating.objects.create(conversation=press.conversation, card=press.card.pk, score=int(score), at=press.now)


def _leave_it(press: _Press) -> None:
    """The card itself says that the answer was no."""


def _back_to_cathy(press: _Press) -> None:
    ownership.back_to_cathy(press.conversation, now=press.now)


def _renew(press: _Press) -> None:
    """Put up the same card with today's text in place of the outdated one."""
    conversation = press.conversation
    if press.content["kind"] == "credit_consent":
        card = carding.credit_consent(locale=conversation.locale, company=conversation.site.company_name)
    else:
        company = conversation.site.company_name
        card = carding.contact_form(visitor_id=conversation.visitor_id, company=company, locale=conversation.locale)
    text = wording.say("fresh_consent", conversation.locale)
    carding.present_card(conversation=conversation, card=card, text=text, now=press.now)


_EFFECTS: dict[tuple[str, str], Callable[[_Press], object]] = {
    ("contact_form", "submit"): _save_contact,
    ("contact_form", "decline"): partial(_say, key="contact_declined"),
    ("credit_consent", "agree"): _start_check,
    ("credit_consent", "decline"): partial(_say, key="check_declined"),
    ("callback", "submit"): _request_callback,
    ("callback", "decline"): partial(_say, key="contact_declined"),
    ("handoff", "decline"): _back_to_cathy,
    ("rating", "submit"): _save_rating,
    ("rating", "decline"): _leave_it,
}
