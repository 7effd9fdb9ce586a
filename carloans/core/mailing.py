"""The mail provider (Mailgun's HTTP API) through anymail, and the question whether it has a message already.

Every mail carries our message id twice: as its Message-Id header, by which the provider's event log can be
searched, and as the variable `message_uuid`, which comes back with every delivery event. The simulated provider
speaks the same protocol, so this is the only client. It knows no room: each brings its own words, headers and rows, and
marks that it begins before it calls `send`, so that after a crash or a time-out `look_up` is asked first.

anymail's own error texts hold the recipient's address: they are never passed on, chained or logged.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formataddr
from typing import Any
from urllib.parse import quote
from uuid import UUID

import requests
from anymail.backends.mailgun import EmailBackend
from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from anymail.message import AnymailMessage
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from carloans.core import http
from carloans.core.errors import CarLoansError, ExternalApiError, NetworkError

PROVIDER = "mailgun"
#: Seconds: to connect, and between two bytes of the answer.
TIMEOUT = (3.0, 10.0)
MESSAGE_VARIABLE = "message_uuid"
#: The real provider's event log runs behind: its "never heard of it" counts only so many seconds after the try.
SETTLE_SECONDS = {"live": 90, "simulated": 0}
#: Answers that no repetition can change: the mail itself was refused.
_FINAL = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One mail to one person, ready to leave. `mailbox` is the part of the sender's address before our domain."""

    message_id: UUID
    to: str
    sender: str
    mailbox: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tag: str


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A line of the provider's log about one of our messages."""

    event_id: str
    type: str
    severity: str
    at: datetime


def message_header(message_id: UUID) -> str:
    """The Message-Id of a message, without angle brackets."""
    return f"{message_id}@{settings.MAILGUN_SENDER_DOMAIN}"


_collecting_here: ContextVar[Callable[[Post], None] | None] = ContextVar("collecting_here", default=None)


@contextmanager
def collecting_here(collect: Callable[[Post], None]) -> Iterator[None]:
    """Hand every mail to `collect`, and none to the provider, within this context alone: for evaluations."""
    token = _collecting_here.set(collect)
    try:
        yield
    finally:
        _collecting_here.reset(token)


def send(post: Post, *, timeout: tuple[float, float] = TIMEOUT) -> str:
    """Hand one mail to the provider and return its message id.

    Raises NetworkError or a retryable ExternalApiError when the outcome is unknown or may change: `look_up` must
    be asked before the next attempt. Raises ExternalApiError(retryable=False) when the mail itself is refused.
    """
    _check_address(post.to)
    if collect := _collecting_here.get():
        collect(post)
        return message_header(post.message_id)
    message = _message(post)
    try:
        with _backend(timeout) as backend:
            backend.send_messages([message])
    except AnymailRequestsAPIError as error:
        raise _translated(error) from None
    except AnymailError:
        raise _refused("the address or the text cannot be sent") from None
    return str(message.anymail_status.message_id).strip("<>")


def look_up(message_id: UUID, *, timeout: tuple[float, float] = TIMEOUT) -> list[ProviderEvent]:
    """What the provider knows of a message, oldest first; an empty list when it never got it.

    Raises NetworkError or ExternalApiError when it cannot be asked.
    """
    domain = quote(settings.MAILGUN_SENDER_DOMAIN, safe="")
    query = f"message-id={quote(message_header(message_id))}&ascending=yes&limit=100"
    response = http.get(
        f"{_api_url()}/{domain}/events?{query}",
        headers={"Authorization": _authorization(), "Accept": "application/json"},
        timeout=timeout,
        provider=PROVIDER,
        allow_private=settings.MAIL_MODE == "simulated",
    )
    if response.status_code != 200:
        raise _status_error(response.status_code)
    return _parsed_events(response)


def _check_address(address: str) -> None:
    """Exactly one address: a list would show each reader the others."""
    try:
        validate_email(address)
    except ValidationError:
        raise _refused("it does not go to one valid address") from None


def _message(post: Post) -> AnymailMessage:
    message = AnymailMessage(
        subject=post.subject,
        body=post.text,
        from_email=formataddr((post.sender, f"{post.mailbox}@{settings.MAILGUN_SENDER_DOMAIN}")),
        to=[post.to],
        headers={"Message-ID": f"<{message_header(post.message_id)}>", **post.headers},
        metadata={MESSAGE_VARIABLE: str(post.message_id)},
        tags=[post.tag],
        track_opens=False,
        track_clicks=False,
    )
    if post.html:
        message.attach_alternative(post.html, "text/html")
    return message


class _Backend(EmailBackend):  # type: ignore[misc]
    """anymail's Mailgun backend; a simulated provider on loopback is never reached through a proxy."""

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()
        session.trust_env = settings.MAIL_MODE != "simulated"
        return session


def _backend(timeout: tuple[float, float]) -> _Backend:
    return _Backend(
        api_key=settings.MAILGUN_API_KEY or "simulated",
        api_url=_api_url(),
        sender_domain=settings.MAILGUN_SENDER_DOMAIN,
        timeout=timeout,
    )


def _api_url() -> str:
    return str(settings.MAILGUN_API_URL).rstrip("/")


def _authorization() -> str:
    return "Basic " + b64encode(f"api:{settings.MAILGUN_API_KEY or 'simulated'}".encode()).decode()


def _translated(error: AnymailRequestsAPIError) -> CarLoansError:
    if error.response is not None:
        return _status_error(error.response.status_code)
    if isinstance(error, requests.Timeout):
        return NetworkError("The mail provider did not answer in time.", code="mail_timeout")
    return NetworkError("The mail provider could not be reached.", code="mail_unreachable")


def _status_error(status: int) -> CarLoansError:
    if status in _FINAL:
        return _refused(f"status {status}")
    return ExternalApiError(
        f"The mail provider answered {status}.", code=f"mail_provider_{status}", provider=PROVIDER, retryable=True
    )


def _refused(reason: str) -> ExternalApiError:
    return ExternalApiError(
        f"The mail provider refused the mail: {reason}.", code="mail_refused", provider=PROVIDER, retryable=False
    )


def _parsed_events(response: Any) -> list[ProviderEvent]:
    """Unknown fields are ignored; an answer without a list of items is a fault of the provider."""
    try:
        return [_parsed_event(item) for item in response.json()["items"]]
    except (ValueError, KeyError, TypeError):
        raise ExternalApiError(
            "The mail provider's log could not be read.", code="mail_log_unreadable", provider=PROVIDER, retryable=True
        ) from None


def _parsed_event(item: dict[str, Any]) -> ProviderEvent:
    return ProviderEvent(
        event_id=str(item["id"]),
        type=str(item["event"]),
        severity=str(item.get("severity", "")),
        at=datetime.fromtimestamp(float(item["timestamp"]), tz=UTC),
    )
