"""The tokens of return links and of the privacy page, and the cookies that redeemed ones leave.

A token is 32 bytes: the link's random UUID and 128 bits of HMAC over it, so that a mail can be rendered again with the
same link although the database holds only the token's hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing

from carloans.core.privacy.index import blind_index

COOKIE = "cl_return"
COOKIE_SECONDS = 24 * 3600
_SALT = "visitors.return"
PROOF_COOKIE = "cl_privacy"
PROOF_SECONDS = 30 * 60
_PROOF_SALT = "visitors.privacy"


def token_of(link_id: UUID) -> str:
    """The URL-safe token of a return link."""
    return _token(b"return-link", link_id)


def privacy_token(link_id: UUID) -> str:
    """The URL-safe token of a privacy page."""
    return _token(b"privacy-link", link_id)


def proof_token(proof_id: UUID) -> str:
    """The URL-safe token that proves an address to a privacy page."""
    return _token(b"privacy-proof", proof_id)


def _token(purpose: bytes, row_id: UUID) -> str:
    tag = hmac.new(settings.SECRET_KEY.encode(), purpose + row_id.bytes, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(row_id.bytes + tag).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What the database keeps of a token. Case counts in a token, so it is hashed as hexadecimal first."""
    return blind_index("token", token.encode(errors="replace").hex())


@dataclass(frozen=True)
class ReturnClaim:
    """What the browser that redeemed a link may see again for a day."""

    link_id: UUID
    visitor_id: UUID
    application_id: UUID


def cookie_value(claim: ReturnClaim) -> str:
    content = {"l": claim.link_id.hex, "v": claim.visitor_id.hex, "a": claim.application_id.hex}
    return signing.dumps(content, salt=_SALT)


def read_cookie(cookies: Mapping[str, str]) -> ReturnClaim | None:
    """The claim of a genuine, unexpired cookie, else None. Takes any cookie mapping, a socket's too."""
    try:
        content: dict[str, Any] = signing.loads(cookies.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_SECONDS)
        return ReturnClaim(UUID(content["l"]), UUID(content["v"]), UUID(content["a"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def proof_cookie(link_id: UUID) -> str:
    """What the browser that proved its address keeps for half an hour: good for one privacy page."""
    return signing.dumps(link_id.hex, salt=_PROOF_SALT)


def read_proof(cookies: Mapping[str, str]) -> UUID | None:
    """The privacy link that a genuine, unexpired cookie is good for, else None."""
    try:
        return UUID(signing.loads(cookies.get(PROOF_COOKIE, ""), salt=_PROOF_SALT, max_age=PROOF_SECONDS))
    except (signing.BadSignature, AttributeError, TypeError, ValueError):
        return None
