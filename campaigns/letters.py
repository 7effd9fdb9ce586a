"""From a stored message and its reader to the letter that leaves: the contact is filled in here and nowhere earlier."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from campaigns import rendering
from campaigns.mail import Letter
from campaigns.models import Message
from campaigns.people import Reader
from campaigns.tokens import unsubscribe_token
from carloans.core.privacy.mask import mask_name
from visitors import services as visitors


def letter_for(*, message: Message, reader: Reader, now: datetime) -> Letter:
    """The letter, with a way back that is issued once per message (the same one on every repeat)."""
    token = visitors.issue_return_link(application_id=reader.application_id, message_id=message.pk, now=now)
    recipient = recipient_for(message=message, reader=reader, link=f"{settings.PUBLIC_URL}/r/{token}")
    rendered = rendering.render(message.copy, recipient)
    return Letter(
        message_id=message.pk,
        to=reader.email,
        sender=rendering.sender_name(company=reader.company, locale=message.locale),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=recipient.unsubscribe_url,
        tag=message.kind,
    )


def recipient_for(*, message: Message, reader: Reader, link: str, masked: bool = False) -> rendering.Recipient:
    """What the renderer fills in; masked, the name is an initial and the way out cannot be used."""
    token = "…" if masked else unsubscribe_token(message.pk)
    return rendering.Recipient(
        locale=message.locale,
        company=reader.company,
        postal_address=settings.COMPANY_POSTAL_ADDRESS,
        link=link,
        unsubscribe_url=f"{settings.PUBLIC_URL}/u/{token}",
        first_name=mask_name(reader.first_name) if masked else reader.first_name,
        requested=message.kind == "fresh_link",
    )
