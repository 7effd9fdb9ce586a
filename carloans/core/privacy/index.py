"""Keyed blind indexes: contact data is looked up by an HMAC that is worthless without the key."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def blind_index(kind: str, value: str) -> str:
    """A stable, keyed, hexadecimal digest of a normalised value (lower-case e-mail, E.164 phone, a token).

    The kind is part of the digest, so equal strings of different kinds do not match. Empty stays empty.
    """
    if not value:
        return ""
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.new(key, f"{kind}\x00{value.strip().lower()}".encode(), hashlib.sha256).hexdigest()
