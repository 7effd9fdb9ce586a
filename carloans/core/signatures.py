"""Signed bodies between servers: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 over "t.body">`."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from carloans.core.errors import NotAllowed

HEADER = "X-Signature"
#: How far the clocks of two servers may be apart, and how long a recorded request could be replayed.
MAX_AGE_SECONDS = 300


class BadSignature(NotAllowed):
    status, code = 401, "bad_signature"
    message = "The signature is missing, wrong or too old."


def sign(body: bytes, *, secret: str, now: datetime) -> str:
    """The header's value for a body sent at `now`."""
    stamp = int(now.timestamp())
    return f"t={stamp},v1={_digest(body, secret, stamp)}"


def verify(header: str, body: bytes, *, secret: str, now: datetime, max_age: int = MAX_AGE_SECONDS) -> None:
    """Raises BadSignature unless the header signs this body with this secret, at most `max_age` seconds ago."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not secret or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        raise BadSignature
    expected = _digest(body, secret, int(stamp))
    genuine = hmac.compare_digest(expected.encode(), parts.get("v1", "").encode())
    if not genuine or abs(now.timestamp() - int(stamp)) > max_age:
        raise BadSignature


def _digest(body: bytes, secret: str, stamp: int) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
