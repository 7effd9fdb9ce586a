"""Making cards from the rooms that own their texts, and putting them into a conversation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation

from carloans.core.privacy.mask import mask_phone
from chat import cards
from chat.cards import Content, ShownText
from chat.models import Conversation, Message
from chat.partners import partners
from chat.services import store
from credit import outcomes
from credit import selectors as credit
from visitors import consent_texts
from visitors import selectors as visitors
from visitors import services as visitor_services
from visitors.consent_texts import ConsentText


def _shown(text: ConsentText) -> ShownText:
    return ShownText(version=text.version, sha256=text.sha256, body=text.body)


def contact_form(*, visitor_id: UUID, company: str, locale: str) -> Content:
    """The contact form with the names of the dealers that serve the visitor's state, if there are any."""
    contact = visitors.visitor_contact(visitor_id=visitor_id)
    named, on_file = partners(contact.state), mask_phone(contact.phone)
    if not named:
        return cards.contact_form(locale=locale, dealer_contact=None, dealers="", buyers=[], phone_on_file=on_file)
    dealers = consent_texts.and_list([one.name for one in named], locale)
    text = consent_texts.text(consent_texts.DEALER_CONTACT, locale, company=company, dealers=dealers)
    slugs = [one.slug for one in named]
    return cards.contact_form(
        locale=locale, dealer_contact=_shown(text), dealers=dealers, buyers=slugs, phone_on_file=on_file
    )


def credit_consent(*, locale: str, company: str) -> Content:
    """The current written instruction for a soft pull, in the name of the site's company."""
    return cards.credit_consent(locale=locale, shown=_shown(credit.consent_text(locale=locale, company=company)))


def credit_result(*, phrase: str, outcome: str, locale: str) -> Content:
    """The outcome in the words that belong to its phrase."""
    with translation.override(locale):
        sentence = outcomes.sentence(phrase)
    return cards.credit_result(locale=locale, sentence=sentence, good=outcome == outcomes.Outcome.PREQUALIFIED)


def privacy_card(*, visitor_id: UUID, message_id: UUID, locale: str, now: datetime) -> Content:
    """The card about the customer's data, with a link to their own page that belongs to this message.

    The link opens masked values only. Although it goes to the browser that this conversation belongs to, it proves
    nobody: all that a browser shows to begin a conversation is a visitor's id, and that stands in our feeds and logs.
    """
    try:
        visitor_services.issue_privacy_link(visitor_id=visitor_id, source_id=message_id, origin="chat", now=now)
    except visitor_services.PrivacyLinkUnknown:
        return cards.privacy(locale=locale)
    return cards.privacy(locale=locale, page=visitors.privacy_link_id(source_id=message_id))


@transaction.atomic
def present_card(*, conversation: Conversation, card: Content, text: str, now: datetime) -> Message:
    """Put a card into the conversation, with a line of Cathy's above it. Older open ones of its kind are replaced."""
    replace_open(conversation, kind=str(card["kind"]), now=now)
    message = store.add(conversation, role=Message.Role.CATHY, text=text, card=card, now=now)
    store.announce(conversation, message, now=now)
    return message


def replace_open(conversation: Conversation, *, kind: str, now: datetime) -> None:
    """One open card of a kind at a time: an older one loses its buttons."""
    older = conversation.messages.filter(card_state=Message.CardState.OPEN, card__kind=kind)
    for message in list(older):
        if Message.objects.filter(pk=message.pk, card_state=Message.CardState.OPEN).update(
            card_state=Message.CardState.REPLACED
        ):
            store.announce_card(conversation, message, now=now)
