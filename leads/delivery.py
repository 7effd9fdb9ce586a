"""Handing a lead to a buyer over HTTP: signed, under an idempotency key, and understood whatever comes back.

2xx accepts, 4xx refuses for good, everything else is tried again. Buyers also refuse with status 200 and a word in
the body, send nothing at all, or let a proxy answer with a page: only a clear answer settles a lead. After a time-out
the buyer is asked with GET <endpoint>/<lead id>.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from requests import Response

from carloans.core import http, signatures
from carloans.core.errors import ExternalApiError

#: Seconds to connect, seconds to wait for the answer.
TIMEOUT = (3.0, 8.0)
ACCEPTED, REJECTED = "accepted", "rejected"
_YES: Final = frozenset({"accepted", "received", "matched", "success", "ok", "created"})
_NO: Final = frozenset({"rejected", "unmatched", "declined", "duplicate", "error", "invalid"})
#: Cues in a buyer's wording of why not, and the code that we keep.
_REASONS: Final = {
    "duplicate": "duplicate",
    "out_of_area": "out_of_area",
    "zip": "out_of_area",
    "area": "out_of_area",
    "state": "out_of_area",
    "consent": "consent_not_accepted",
    "cap": "no_capacity",
    "budget": "no_capacity",
    "signature": "bad_signature",
    "vehicle": "vehicle_not_offered",
    "missing": "missing_field",
    "invalid": "invalid_field",
}
_PASSING: Final = frozenset({408, 425, 429})


class UnclearAnswerError(ExternalApiError):
    """Something came back that neither accepts nor refuses; the buyer may have the lead."""

    code = "unclear_answer"
    message = "The buyer answered with something that we cannot read."


@dataclass(frozen=True, slots=True)
class Target:
    """Where a lead goes. `simulated` allows an address on this machine."""

    slug: str
    endpoint: str
    secret: str
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A settled answer: accepted or rejected, with the buyer's reference and a short code of the reason."""

    result: str
    http_status: int
    reference: str = ""
    reason: str = ""


def post(target: Target, *, body: bytes, content_type: str, key: str, now: datetime) -> Receipt:
    """Post once.

    Raises NetworkError when nothing came back (then `ask` first), UnclearAnswerError, or an ExternalApiError for a 5xx
    or a 429, whose `retry_after` extra is the buyer's wish in seconds.
    """
    headers = {**_headers(target, body, now), "Content-Type": content_type, "Idempotency-Key": key}
    response = http.post(
        target.endpoint,
        provider=_provider(target),
        data=body,
        headers=headers,
        timeout=TIMEOUT,
        allow_private=_local(target),
    )
    return _receipt(response, target)


def ask(target: Target, *, lead_id: str, now: datetime) -> Receipt | None:
    """What became of a lead that was posted before; None when the buyer never got it. Raises like `post`."""
    address = f"{target.endpoint.rstrip('/')}/{quote(lead_id, safe='')}"
    response = http.get(
        address,
        provider=_provider(target),
        headers=_headers(target, b"", now),
        timeout=TIMEOUT,
        allow_private=_local(target),
    )
    if response.status_code == 404:
        return None
    return _receipt(response, target)


def _provider(target: Target) -> str:
    return f"buyer:{target.slug}"[:40]


def _local(target: Target) -> bool:
    return target.simulated and http.is_simulated(target.endpoint)


def _headers(target: Target, body: bytes, now: datetime) -> dict[str, str]:
    signature = signatures.sign(body, secret=target.secret, now=now)
    return {signatures.HEADER: signature, "Accept": "application/json", "User-Agent": "CarLoans/1"}


def _receipt(response: Response, target: Target) -> Receipt:
    status, document = response.status_code, _document(response)
    word = str(document.get("status", "")).lower()
    if status in _PASSING or status >= 500:
        raise ExternalApiError(provider=_provider(target), code=f"http_{status}", retry_after=_retry_after(response))
    if 400 <= status < 500 or (200 <= status < 300 and word in _NO):
        return Receipt(REJECTED, status, reason=_reason(document) or word or f"http_{status}")
    if not 200 <= status < 300 or _is_page(response) or (word and word not in _YES):
        raise UnclearAnswerError(provider=_provider(target))
    reference = str(document.get("reference") or document.get("lead_id") or "")
    return Receipt(ACCEPTED, status, reference=reference[:80] if re.fullmatch(r"[\w:.-]+", reference) else "")


def _document(response: Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _is_page(response: Response) -> bool:
    """A sign-in or error page of a proxy: HTML where an answer should be."""
    return bool(response.content) and "html" in response.headers.get("Content-Type", "").lower()


def _reason(document: dict[str, Any]) -> str:
    """A code of ours for whatever shape and wording the buyer's reason has: its own words may hold personal data."""
    nested = document.get("errors") or document.get("error") or document.get("response")
    while isinstance(nested, dict):
        nested = nested.get("error") or nested.get("errors") or nested.get("code")
    first = nested[0] if isinstance(nested, list) and nested else nested
    words = str(document.get("code") or document.get("unmatched_reason") or first or "").lower()
    known = next((code for cue, code in _REASONS.items() if cue in words), "")
    return known or ("unspecified" if words else "")


def _retry_after(response: Response) -> int:
    wish = response.headers.get("Retry-After", "")
    return min(int(wish), 3600) if wish.isdecimal() else 0
