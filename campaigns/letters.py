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
    page = privacy_url(message=message, now=now)
    link = page if message.kind == "transcript" else settings.PUBLIC_URL + _path(message, now)
    recipient = recipient_for(message=message, reader=reader, link=link, privacy_url=page)
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


def _path(message: Message, now: datetime) -> str:
    """Where the button leads: back to the application, or, to prove the address, to the privacy page."""
    if message.kind == "privacy":
        assert message.privacy_link is not None  # noqa: S101  the constraint says so
        return f"/privacy/confirm/{visitors.issue_proof(link_id=message.privacy_link, message_id=message.pk, now=now)}"
    application_id = message.journey.application_id
    return f"/r/{visitors.issue_return_link(application_id=application_id, message_id=message.pk, now=now)}"


def privacy_url(*, message: Message, now: datetime) -> str:
    """The reader's own page, which every mail leads to; the same link on every repeat."""
    token = visitors.issue_privacy_link(visitor_id=message.reader_id, source_id=message.pk, origin="mail", now=now)
    return f"{settings.PUBLIC_URL}/privacy/{token}"


def recipient_for(
    *, message: Message, reader: Reader, link: str, privacy_url: str, masked: bool = False
) -> rendering.Recipient:
    """What the renderer fills in; masked, the name is an initial and the way out cannot be used."""
    token = "…" if masked else unsubscribe_token(message.pk)
    return rendering.Recipient(
        locale=message.locale,
        company=reader.company,
        postal_address=settings.COMPANY_POSTAL_ADDRESS,
        link=link,
        unsubscribe_url=f"{settings.PUBLIC_URL}/u/{token}",
        privacy_url=privacy_url,
        first_name=mask_name(reader.first_name) if masked else reader.first_name,
        kind=message.kind,
    )
