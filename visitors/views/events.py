"""`POST /api/v1/events`: what the tracker sends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, CarLoansError
from carloans.core.middleware import client_ip, problem_response
from visitors import services
from visitors.incoming import MOST_BYTES, parse_batch, too_large
from visitors.selectors.sites import OriginNotAllowed, UnknownSite, is_known_origin
from visitors.services import Arrival, IngestResult
from visitors.views.origins import allow, allow_preflight, foreign_origin

#: What a beacon sends is text/plain, which needs no preflight.
_CONTENT_TYPES = frozenset({"application/json", "text/plain", ""})


class UnsupportedMediaType(BadInput):
    status, code = 415, "unsupported_media_type"
    message = "Please send JSON."


class MethodNotAllowed(BadInput):
    status, code = 405, "method_not_allowed"
    message = "Events are sent with POST."


@csrf_exempt
def events(request: HttpRequest) -> HttpResponseBase:
    """202 with what was taken, a problem document otherwise. Public: a page's origin is checked, no cookie is read."""
    origin = foreign_origin(request)
    if request.method == "OPTIONS":
        return _preflight(origin)
    try:
        result = _ingest(request, origin)
    except (UnknownSite, OriginNotAllowed) as error:
        return problem_response(error)
    except CarLoansError as error:
        # The page may read why its own data was refused.
        return allow(problem_response(error), origin)
    return allow(_accepted(result), origin)


def _preflight(origin: str | None) -> HttpResponseBase:
    if origin is not None and not is_known_origin(origin=origin):
        return problem_response(OriginNotAllowed())
    response = HttpResponse(status=204)
    return response if origin is None else allow_preflight(response, origin)


def _ingest(request: HttpRequest, origin: str | None) -> IngestResult:
    if request.method != "POST":
        raise MethodNotAllowed
    if request.content_type not in _CONTENT_TYPES:
        raise UnsupportedMediaType
    batch = parse_batch(read_body(request))
    return services.ingest_events(
        site_key=batch.site,
        origin=origin,
        visitor_id=batch.visitor,
        events=batch.events,
        arrival=arrival_of(request),
    )


def read_body(request: HttpRequest) -> bytes:
    """At most 64 KiB, by the declared length first and then by what came. Raises BadInput(too_large), 413."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise too_large()
    if len(request.body) > MOST_BYTES:
        raise too_large()
    return request.body


def arrival_of(request: HttpRequest) -> Arrival:
    """Who sends, and whether their browser asks not to be tracked (Global Privacy Control or Do Not Track)."""
    gpc = request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"
    agent = request.headers.get("User-Agent", "")[:300]
    return Arrival(now=utc_now(), ip=client_ip(request), user_agent=agent, gpc=gpc)


def _accepted(result: IngestResult) -> HttpResponse:
    body: dict[str, Any] = {
        "visitor": str(result.visitor_id) if result.visitor_id else None,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "dropped": [{"id": one.id, "reason": one.reason} for one in result.dropped],
    }
    response = JsonResponse(body, status=202)
    response["X-Dropped"] = str(len(result.dropped))
    return response
