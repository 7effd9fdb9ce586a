"""Letting a customer's page read our answers: its origin is checked, no cookie is involved, the ticket is the key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from carloans.core.middleware import problem_response
from visitors.selectors.sites import OriginNotAllowed, is_known_origin


def origin_of(request: HttpRequest) -> str:
    return request.headers.get("Origin", "")


def allow(response: HttpResponseBase, origin: str) -> HttpResponseBase:
    """Let pages of this origin read the response; it is never cached."""
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    if origin:
        response["Access-Control-Allow-Origin"] = origin
    return response


def preflight(request: HttpRequest) -> HttpResponseBase:
    """The browser's question before a cross-origin request; it names no site, so any known origin will do."""
    origin = origin_of(request)
    if origin and not is_known_origin(origin=origin):
        return problem_response(OriginNotAllowed())
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "GET, POST"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response["Access-Control-Max-Age"] = "600"
    return allow(response, origin)
