"""FlexPath's prequalification service, spoken to in server mode.

One request pulls; its idempotency key is the check's. Whoever does not get an answer asks for that key before
anything else, because the service may have pulled although we never heard so. An answer about another key, an HTML
page with status 200, or a body that does not parse is a fault of the provider and never an outcome.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from requests import Response

from carloans.core import http
from carloans.core.errors import ExternalApiError
from credit.outcomes import FINAL, PURPOSE, Status

PROVIDER: Final = "flexpath"
#: Seconds to connect, seconds to wait for the answer; two of them must fit into the clerk's tool.
TIMEOUT = (3.0, 9.0)
#: Experian's bands of VantageScore 4.0, November 2025: the lowest score of each.
SCHEME: Final = "vantagescore-4.0/2025-11"
_BANDS: Final = ((781, "super_prime"), (661, "prime"), (601, "near_prime"), (501, "subprime"), (300, "deep_subprime"))


class StillWorkingError(ExternalApiError):
    """The provider has the request and no answer yet."""

    code = "still_working"
    message = "The credit service is still working on it."


class RefusedError(ExternalApiError):
    """The provider will not do this, however often it is asked."""

    code = "provider_refused"
    message = "The credit service refused the request."


class UnreadableError(ExternalApiError):
    """What came back is not this protocol; the pull may have happened."""

    code = "unreadable_answer"
    message = "The credit service answered with something that we cannot read."


@dataclass(frozen=True, slots=True)
class Consumer:
    """Whom to look up. Lives in memory between the vault and the request, nowhere else."""

    first_name: str
    last_name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """The proof of permission that travels with the request."""

    id: str
    text_sha256: str
    given_at: datetime
    ip: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A final result. `score`, `tier` and `bureau` are for the encrypted columns only."""

    status: Status
    offers: bool
    reference: str
    pulled_at: datetime | None
    score: int | None
    tier: str
    bureau: dict[str, Any]


class _Reply(BaseModel):
    """The provider's document; elements that we do not know are let pass."""

    model_config = ConfigDict(extra="ignore")

    key: str
    id: str = ""
    status: Literal["processing"] | Status
    offers: bool = False
    pulled_at: datetime | None = None
    score: int | None = Field(default=None, ge=300, le=850)
    bureau: str = ""
    model: str = ""
    score_range: list[int] = Field(default_factory=list)
    key_factors: list[str] = Field(default_factory=list, max_length=5)


class Bureau(Protocol):
    """What stands in for the provider where nothing may be pulled."""

    def request_pull(self, key: str) -> Answer:
        """As the module's function, without the person."""

    def find(self, key: str) -> Answer | None:
        """As the module's function."""


_answering_here: ContextVar[Bureau | None] = ContextVar("answering_here", default=None)


@contextmanager
def answering_here(bureau: Bureau) -> Iterator[None]:
    """Ask this bureau, and nobody outside, within this context alone: for evaluations beside a running program."""
    token = _answering_here.set(bureau)
    try:
        yield
    finally:
        _answering_here.reset(token)


def request_pull(*, key: str, consumer: Consumer, instruction: Instruction) -> Answer:
    """Have one soft pull done under `key`.

    Raises NetworkError when nothing came back (ask `find` before anything else), StillWorkingError, RefusedError
    (final), UnreadableError or another ExternalApiError; its `retry_after` extra is the provider's own wish in seconds.
    """
    if bureau := _answering_here.get():
        return bureau.request_pull(key)
    body = {
        "reference": key,
        "purpose": PURPOSE,
        "pull": "soft",
        "dealer_key": settings.FLEXPATH_DEALER_KEY,
        "consumer": {name: getattr(consumer, name) for name in Consumer.__slots__},
        "consent": {
            "id": instruction.id,
            "text_sha256": instruction.text_sha256,
            "given_at": instruction.given_at.isoformat(),
            "ip": instruction.ip,
            "user_agent": instruction.user_agent,
        },
    }
    headers = {**_headers(), "Idempotency-Key": key}
    response = http.post(_url(), provider=PROVIDER, json=body, headers=headers, timeout=TIMEOUT, allow_private=_local())
    return _answer(response, key)


def find(key: str) -> Answer | None:
    """The provider's answer to an earlier request, or None when it never received one under this key.

    Raises like `request_pull`.
    """
    if bureau := _answering_here.get():
        return bureau.find(key)
    response = http.get(
        f"{_url()}/{key}", provider=PROVIDER, headers=_headers(), timeout=TIMEOUT, allow_private=_local()
    )
    if response.status_code == 404 and _document(response).get("code") == "unknown_key":
        return None
    return _answer(response, key)


def parse(document: Mapping[str, Any], key: str) -> Answer:
    """The answer that a result document holds. Raises StillWorkingError, UnreadableError."""
    try:
        reply = _Reply.model_validate(document)
    except ValidationError as error:
        raise UnreadableError(provider=PROVIDER) from error
    if reply.key != key:
        raise UnreadableError(provider=PROVIDER, code="answer_for_another_key")
    if reply.status == "processing" or reply.status not in FINAL:
        raise StillWorkingError(provider=PROVIDER)
    return _final(reply, reply.status)


def tier_of(score: int | None) -> str:
    """The band of a score in SCHEME; empty for none."""
    return next((name for lowest, name in _BANDS if score is not None and score >= lowest), "")


def webhook_secret() -> str:
    """The key that signs result messages: the API key, or one of our own while the provider is simulated."""
    own = hmac.new(settings.SECRET_KEY.encode(), b"flexpath sandbox", hashlib.sha256).hexdigest()
    return str(settings.FLEXPATH_API_KEY or own)


def _url() -> str:
    return f"{settings.FLEXPATH_API_URL}/v1/prequalifications"


def _local() -> bool:
    return settings.FLEXPATH_MODE == "simulated" and http.is_simulated(settings.FLEXPATH_API_URL)


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.FLEXPATH_API_KEY or 'simulated'}", "Accept": "application/json"}


def _final(reply: _Reply, status: Status) -> Answer:
    bureau = {
        "bureau": reply.bureau,
        "model": reply.model,
        "score_range": reply.score_range,
        "key_factors": reply.key_factors,
        "scheme": SCHEME,
    }
    return Answer(
        status=status,
        offers=status == Status.PULLED and reply.offers,
        reference=reply.id[:80],
        pulled_at=reply.pulled_at,
        score=reply.score,
        tier=tier_of(reply.score),
        bureau=bureau,
    )


def _answer(response: Response, key: str) -> Answer:
    """A business result has a status in its body whatever the HTTP status: 404 no hit, 422 frozen or locked."""
    code = response.status_code
    document = _document(response)
    if code in {200, 201, 202, 404, 422} and "status" in document:
        return parse(document, key)
    if code == 429 or code >= 500:
        raise ExternalApiError(provider=PROVIDER, code=f"http_{code}", retry_after=_retry_after(response))
    if code == 409:
        raise StillWorkingError(provider=PROVIDER, code="duplicate_in_window")
    if 400 <= code < 500:
        raise RefusedError(provider=PROVIDER, code=_refusal(code, document), retryable=False)
    raise UnreadableError(provider=PROVIDER)


def _document(response: Response) -> dict[str, Any]:
    try:
        document = response.json()
    except (ValueError, json.JSONDecodeError):
        return {}
    return document if isinstance(document, dict) else {}


def _refusal(code: int, document: dict[str, Any]) -> str:
    """Which of our request's fields, or that our own key or contract, was refused; never the value."""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    field = str(first.get("field", ""))
    return f"refused_{field}"[:60] if field.isidentifier() else f"http_{code}"


def _retry_after(response: Response) -> int:
    wish = response.headers.get("Retry-After", "")
    return min(int(wish), 3600) if wish.isdecimal() else 0
