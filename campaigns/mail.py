"""Cathy's mails at the mail provider: her name as the sender, the way out in the headers, and the key of the webhooks.

The client itself is `carloans.core.mailing`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from carloans.core import mailing
from carloans.core.mailing import MESSAGE_VARIABLE, ProviderEvent, message_header

#: Seconds: to connect, and between two bytes of the answer.
TIMEOUT = mailing.TIMEOUT

__all__ = ["MESSAGE_VARIABLE", "Letter", "ProviderEvent", "look_up", "message_header", "send", "webhook_signing_key"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, ready to leave."""

    message_id: UUID
    to: str
    sender: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str
    tag: str


def webhook_signing_key() -> str:
    """The key of delivery webhooks; in simulated mode one that only this installation knows."""
    if settings.MAILGUN_WEBHOOK_SIGNING_KEY or settings.MAIL_MODE != "simulated":
        return str(settings.MAILGUN_WEBHOOK_SIGNING_KEY)
    return hmac.new(settings.SECRET_KEY.encode(), b"campaigns.mail-sandbox.webhooks", sha256).hexdigest()


def send(letter: Letter) -> str:
    """Hand one mail to the provider and return its message id. Raises like `mailing.send`."""
    return mailing.send(_post(letter), timeout=TIMEOUT)


def look_up(message_id: UUID) -> list[ProviderEvent]:
    """What the provider knows of a message, oldest first. Raises like `mailing.look_up`."""
    return mailing.look_up(message_id, timeout=TIMEOUT)


def _post(letter: Letter) -> mailing.Post:
    return mailing.Post(
        message_id=letter.message_id,
        to=letter.to,
        sender=letter.sender,
        mailbox="cathy",
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers={
            "List-Unsubscribe": f"<{letter.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        tag=letter.tag,
    )
