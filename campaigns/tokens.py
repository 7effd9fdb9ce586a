"""The unsubscribe token: says which message it came with, proves that we made it, and never expires.

A person must be able to opt out for as long as the mail lies in a mailbox, so nothing is looked up but the
message itself. 128 bits of HMAC; the key is apart from every other use of SECRET_KEY.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

_PURPOSE = b"campaigns.unsubscribe.v1:"


def unsubscribe_token(message_id: UUID) -> str:
    """The token of this message's unsubscribe link."""
    return base64.urlsafe_b64encode(message_id.bytes + _tag(message_id)).decode().rstrip("=")


def message_of(token: str) -> UUID | None:
    """The message that a token belongs to, or None when we did not make it."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    if len(raw) != 32:
        return None
    message_id = UUID(bytes=raw[:16])
    return message_id if hmac.compare_digest(raw[16:], _tag(message_id)) else None


def _tag(message_id: UUID) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), _PURPOSE + message_id.bytes, sha256).digest()[:16]
