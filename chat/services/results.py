"""Showing the outcome of a credit check, once, in the allowed words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chat import wording
from chat.models import Conversation, Message
from chat.services import carding, ownership, store
from credit import selectors as credit
from credit.outcomes import Outcome
from visitors import consent_texts
from visitors import selectors as visitors


@transaction.atomic
def present_result(*, check_id: UUID, now: datetime) -> bool:
    """Put the result card into the conversation that waits for it; False when it was shown or nobody waits.

    A check that a person must look at brings one in; the words for that never deny anything.
    """
    found = credit.outcome_for(check_id)
    conversation = Conversation.objects.select_related("site", "staff").filter(pending_check=check_id).first()
    if found is None or not found.decided or conversation is None:
        return False
    message = store.append(
        conversation,
        role=Message.Role.SYSTEM if conversation.owner == "human" else Message.Role.CATHY,
        card=carding.credit_result(phrase=found.phrase, outcome=found.outcome, locale=conversation.locale),
        now=now,
        only_if=Q(pending_check=check_id),
        changes={"pending_check": None},
    )
    if message is None:
        return False
    store.announce(conversation, message, now=now)
    store.report(conversation, kind="chat.result_shown", summary=f"A credit result was shown: {found.outcome}", now=now)
    if found.outcome == Outcome.PREQUALIFIED:
        _ask_for_dealer_contact(conversation, now)
    if found.outcome == Outcome.NEEDS_PERSON:
        ownership.to_queue(conversation, reason="credit_needs_person", now=now)
    return True


def _ask_for_dealer_contact(conversation: Conversation, now: datetime) -> None:
    """Without the customer's agreement no dealer hears of them: ask for it, once, where it is still missing."""
    agreed = visitors.active_consent(visitor_id=conversation.visitor_id, kind=consent_texts.DEALER_CONTACT, now=now)
    if agreed or conversation.owner != "ai":
        return
    company, locale = conversation.site.company_name, conversation.locale
    form = carding.contact_form(visitor_id=conversation.visitor_id, company=company, locale=locale)
    if form["buyers"]:
        text = wording.say("may_a_dealer", locale)
        carding.present_card(conversation=conversation, card=form, text=text, now=now)
