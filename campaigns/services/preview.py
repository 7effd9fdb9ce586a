"""A mail as its reader sees it, for the operations room: masked, or as it left for somebody who may see that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from campaigns import people, rendering
from campaigns.letters import recipient_for
from campaigns.models import Message
from carloans.core.errors import NotFound
from carloans.core.privacy.mask import mask_email
from visitors import services as visitors

HIDDEN_LINK, HIDDEN_PAGE = "/r/…", "/privacy/…"


@dataclass(frozen=True, slots=True)
class Preview:
    """A rendered mail. Masked unless it was revealed; then it is PII, and showing it must be audited."""

    to: str
    sender: str
    subject: str
    html: str
    text: str
    revealed: bool


def render_message(message_id: UUID, *, now: datetime, reveal: bool = False) -> Preview:
    """Render a stored mail. `reveal` shows the real address, name and, once it was sent, the working link.

    Raises NotFound for an unknown message, or when its reader was erased.
    """
    message = Message.objects.select_related("enrollment").filter(pk=message_id).first()
    reader = people.reader_of_mail(message=message, now=now) if message else None
    if message is None or reader is None:
        raise NotFound(code="unknown_message")
    link = settings.PUBLIC_URL + (_path(message, now) if reveal else HIDDEN_LINK)
    # The customer's own page is theirs alone, also when the rest of the mail is revealed.
    page = settings.PUBLIC_URL + HIDDEN_PAGE
    recipient = recipient_for(message=message, reader=reader, link=link, privacy_url=page, masked=not reveal)
    rendered = rendering.render(message.copy, recipient)
    return Preview(
        to=reader.email if reveal else mask_email(reader.email),
        sender=rendering.sender_name(company=reader.company, locale=message.locale),
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        revealed=reveal,
    )


def _path(message: Message, now: datetime) -> str:
    """The link that the mail carries; issuing is idempotent, so asking again gives the same one."""
    if message.kind in {"privacy", "transcript"}:
        return HIDDEN_PAGE
    if message.sent_at is None:
        return HIDDEN_LINK
    token = visitors.issue_return_link(application_id=message.journey.application_id, message_id=message.pk, now=now)
    return f"/r/{token}"
