"""Which page a request comes from, and the CORS headers that let a customer's page read our answers."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase


def foreign_origin(request: HttpRequest) -> str | None:
    """The `Origin` header, None when there is none (no browser) or when it is this very server's page."""
    origin = request.headers.get("Origin")
    return None if origin in (None, f"{request.scheme}://{request.get_host()}") else origin


def is_foreign_post(request: HttpRequest) -> bool:
    """Whether another site's page sent this form: for pages whose address is itself the credential."""
    site = request.headers.get("Sec-Fetch-Site")
    return foreign_origin(request) is not None if site is None else site not in {"same-origin", "none"}


def allow(response: HttpResponseBase, origin: str | None) -> HttpResponseBase:
    """Let pages of this origin read the response. No credentials: the API knows no cookies."""
    response["Vary"] = "Origin"
    if origin is not None:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "X-Dropped"
    return response


def allow_preflight(response: HttpResponseBase, origin: str) -> HttpResponseBase:
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Max-Age"] = "600"
    return allow(response, origin)
