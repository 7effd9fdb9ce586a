"""Showing the outcome of a credit check, once, in the allowed words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chat.models import Conversation, Message
from chat.services import carding, ownership, store
from credit import selectors as credit
from credit.outcomes import Outcome


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
    if found.outcome == Outcome.NEEDS_PERSON:
        ownership.to_queue(conversation, reason="credit_needs_person", now=now)
    return True
