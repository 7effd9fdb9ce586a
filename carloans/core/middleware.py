"""What wraps every request: an id for the logs, the content security policy, and problem documents for API errors."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import sync_and_async_middleware
from rest_framework import exceptions as rest

from carloans.core.errors import BadInput, CarLoansError, NotAllowed, NotFound, TooFast, problem

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], Any]

#: Addresses whose errors are problem documents; everywhere else they are pages.
API_PREFIXES = ("/api/", "/webhooks/")


def problem_response(error: BaseException) -> JsonResponse:
    """An `application/problem+json` answer."""
    body = problem(error)
    return JsonResponse(body, status=body["status"], content_type="application/problem+json")


def client_ip(request: HttpRequest) -> str:
    """The caller's address; behind our own proxy the last hop that it reports."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.split(",")[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


@sync_and_async_middleware
def request_context(get_response: Handler) -> Handler:
    """Bind a request id to the log lines and send it back, so that a person can name it to us."""

    def begin() -> str:
        structlog.contextvars.clear_contextvars()
        request_id = uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        return request_id

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            request_id = begin()
            response: HttpResponseBase = await get_response(request)
            response["X-Request-Id"] = request_id
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        request_id = begin()
        response: HttpResponseBase = get_response(request)
        response["X-Request-Id"] = request_id
        return response

    return synchronous


#: Pages and answers for staff alone: never kept by caches, never framed, never loaded by another site.
STAFF_PREFIXES = ("/ops/", "/admin/", "/api/v1/leads")
#: The admin theme's one remaining inline style (a list without actions), by the hash of its text.
_LIST_STYLE = "'sha256-+MEQ/O07HiRf96s+FyiSQj7xKrHjGPZWCed2MyGUBF4='"
_PERMISSIONS = ", ".join(
    [
        *(f"{feature}=()" for feature in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope")),
        *(f"{feature}=()" for feature in ("magnetometer", "microphone", "midi", "payment", "serial", "usb")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class content_security_policy(CSPMiddleware):  # noqa: N801  named like its neighbours in MIDDLEWARE
    """Strict everywhere, without inline script, inline style and eval; and the headers that go with it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(STAFF_PREFIXES):
            framed = {} if response.get("X-Frame-Options") == "SAMEORIGIN" else {"frame-ancestors": [NONE]}
            listed = {"style-src": [SELF, _LIST_STYLE]} if request.path.startswith("/admin/") else {}
            response._csp_replace = framed | listed  # type: ignore[attr-defined]
            add_never_cache_headers(response)
            response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = _PERMISSIONS
        return super().process_response(request, response)


def translate(error: Exception) -> CarLoansError:
    """Django's and REST framework's own errors in our words."""
    if isinstance(error, CarLoansError):
        return error
    if isinstance(error, Http404 | rest.NotFound):
        return NotFound()
    if isinstance(error, rest.Throttled):
        return TooFast()
    if isinstance(error, rest.NotAuthenticated | rest.AuthenticationFailed | rest.PermissionDenied | PermissionDenied):
        return NotAllowed("Please sign in with an account that may do this.", code="sign_in_required")
    if isinstance(error, RequestDataTooBig):
        return too_large()
    if isinstance(error, rest.APIException | SuspiciousOperation | UnicodeDecodeError):
        return BadInput()
    return _unknown(error)


def too_large() -> BadInput:
    error = BadInput("That is more than we take in one request. Please send less at once.", code="too_large")
    error.status = 413
    return error


def _unknown(error: Exception) -> CarLoansError:
    # The type alone: an exception's text may hold what must not be logged.
    logger.error("Unexpected %s in a request", type(error).__name__, exc_info=settings.DEBUG)
    return CarLoansError()


def rest_exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's hook: the same problem documents."""
    return problem_response(translate(error))


class problem_documents:  # noqa: N801  named like its neighbours in MIDDLEWARE
    """Errors of API addresses become problem documents, also those that no view saw, such as an unknown address."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self.get_response):
            return self._asynchronous(request)
        return self._finish(request, self.get_response(request))

    async def _asynchronous(self, request: HttpRequest) -> HttpResponseBase:
        return self._finish(request, await self.get_response(request))

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Replace Django's HTML error pages, which appear where no view answered."""
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not request.path.startswith(API_PREFIXES) or response.status_code < 400 or not is_page:
            return response
        error = {403: NotAllowed, 404: NotFound}.get(response.status_code, BadInput)()
        error.status = response.status_code
        return problem_response(error)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith(API_PREFIXES):
            return problem_response(translate(exception))
        if isinstance(exception, CarLoansError):
            return HttpResponse(str(exception.message), status=exception.status, content_type="text/plain")
        return None
