"""What can go wrong, in six categories, and the one place that words each for HTTP, the socket and a tool.

People read a sentence that says what happened and what to do next; it never holds personal data.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Category(StrEnum):
    BAD_INPUT = "bad_input"
    NOT_ALLOWED = "not_allowed"
    NETWORK = "network"
    AGENT_TIMEOUT = "agent_timeout"
    EXTERNAL_API = "external_api"
    BUG = "bug"


class CarLoansError(Exception):
    """An anticipated failure. `code` is stable for programs, `message` is for people and free of personal data."""

    category = Category.BUG
    status = 500
    retryable = False
    code = "bug"
    message = "Something went wrong on our side. We have noted it; please try again in a moment."

    def __init__(self, message: str | None = None, *, code: str | None = None, **extra: Any) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.extra = extra
        super().__init__(f"{self.code}: {self.message}")


class BadInput(CarLoansError):
    category, status, code = Category.BAD_INPUT, 400, "bad_input"
    message = "We could not read that. Please check it and send it again."


class NotFound(BadInput):
    status, code, message = 404, "not_found", "There is nothing at this address."


class Conflict(BadInput):
    status, code, message = 409, "conflict", "Somebody was faster. Please reload and try again."


class TooFast(BadInput):
    status, code, message = 429, "rate_limited", "That was a lot at once. Please wait a moment and try again."


class NotAllowed(CarLoansError):
    category, status, code = Category.NOT_ALLOWED, 403, "not_allowed"
    message = "That is not possible here."


class NetworkError(CarLoansError):
    """The connection failed or nothing came back in time: the other side may or may not have acted."""

    category, status, code, retryable = Category.NETWORK, 503, "network", True
    message = "We could not reach the service we need. Please try again shortly."


class AgentTimeout(CarLoansError):
    category, status, code, retryable = Category.AGENT_TIMEOUT, 504, "agent_timeout", True
    message = "That took too long. Please try again, or ask for a person."


class ExternalApiError(CarLoansError):
    """A provider answered with an error; `retryable` says whether the same call may succeed later."""

    category, status, code = Category.EXTERNAL_API, 502, "external_api"
    message = "A service that we rely on answered with an error."

    def __init__(
        self,
        message: str | None = None,
        *,
        provider: str = "",
        retryable: bool = True,
        code: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message, code=code, **extra)
        self.provider = provider
        self.retryable = retryable


class Bug(CarLoansError):
    """Our own mistake."""


def categorise(error: BaseException) -> Category:
    """The category of any exception; what nobody anticipated is a bug."""
    if isinstance(error, CarLoansError):
        return error.category
    if isinstance(error, TimeoutError):
        return Category.AGENT_TIMEOUT
    return Category.NETWORK if isinstance(error, ConnectionError) else Category.BUG


def known(error: BaseException) -> CarLoansError:
    """The exception itself when it is ours, else a `Bug` that tells the outside nothing of it."""
    return error if isinstance(error, CarLoansError) else Bug()


def problem(error: BaseException) -> dict[str, Any]:
    """An RFC 9457 problem document with our stable `code` and `category`."""
    ours = known(error)
    return {
        "type": f"about:blank#{ours.code}",
        "title": ours.code.replace("_", " ").capitalize(),
        "status": ours.status,
        "detail": str(ours.message),
        "code": ours.code,
        "category": str(ours.category),
        **ours.extra,
    }


def frame(error: BaseException, message_id: str | None = None) -> dict[str, Any]:
    """An error frame of the chat socket."""
    ours = known(error)
    body = {"type": "error", "code": ours.code, "message": str(ours.message)}
    return body | ({"id": message_id} if message_id else {})


def tool_text(error: BaseException) -> str:
    """What a tool tells the model about a failure: the category and a sentence, no internals."""
    ours = known(error)
    return f"The tool could not do this ({ours.category}): {ours.message}"
