"""Never again: the suppression list, and every way onto it (the link in a mail, a word in the chat, a complaint)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from campaigns import people, selectors
from campaigns.models import Message, Suppression
from campaigns.services.enrolment import ROOM, stop_by_address
from campaigns.signals import address_suppressed
from carloans.core import audit, feed
from carloans.core.errors import NotFound


def suppress(*, email_index: str, reason: str, source: str, now: datetime) -> bool:
    """Put an address (by its blind index) on the list, stop its journeys and withdraw its marketing consents.

    Global over all sites and permanent. Safe to repeat; False when it was on the list already.
    """
    with transaction.atomic():
        _, created = Suppression.objects.get_or_create(
            email_index=email_index, defaults={"reason": reason, "source": source, "at": now}
        )
        visitor_ids = selectors.visitors_of_address(email_index=email_index)
        stop_by_address(email_index=email_index, visitor_ids=visitor_ids, reason="suppressed", now=now)
        if created:
            _record(email_index, visitor_ids, reason, source, now)
    return created


def suppress_visitor(*, visitor_id: UUID, reason: str, source: str, now: datetime) -> bool:
    """A visitor asked us to stop: suppress the address on file, end their journeys, withdraw every contact consent.

    True when there was an address to suppress. Without one the journeys end and the consents are withdrawn.
    """
    index = people.email_index_of(visitor_id=visitor_id)
    with transaction.atomic():
        stop_by_address(email_index=index, visitor_ids=[visitor_id], reason="opted_out", now=now)
        people.withdraw_contact(visitor_id=visitor_id, via=source, now=now)
        if index:
            suppress(email_index=index, reason=reason, source=source, now=now)
    return bool(index)


def unsubscribe(*, token: str, now: datetime, source: str = "link") -> Message:
    """Honour the unsubscribe link of a mail. Safe to repeat. Raises NotFound for a token that we did not make."""
    message = selectors.message_by_token(token=token)
    if message is None:
        raise NotFound(code="unknown_unsubscribe_link")
    suppress(email_index=message.to_index, reason="unsubscribed", source=source, now=now)
    return message


def _record(email_index: str, visitor_ids: list[UUID], reason: str, source: str, now: datetime) -> None:
    for visitor_id in visitor_ids:
        people.withdraw_marketing(visitor_id=visitor_id, via=source, now=now)
    audit.record(
        action="email.suppressed",
        actor="system",
        subject=f"address:{email_index[:16]}",
        now=now,
        facts={"reason": reason, "source": source, "visitors": [str(one) for one in visitor_ids]},
    )
    feed.publish(
        kind="email.suppressed",
        room=ROOM,
        summary=f"An address was suppressed: {reason}",
        now=now,
        visitor=visitor_ids[0] if visitor_ids else None,
        data={"reason": reason, "source": source},
    )
    transaction.on_commit(
        lambda: address_suppressed.send(sender=Suppression, visitor_ids=visitor_ids, reason=reason, now=now)
    )
