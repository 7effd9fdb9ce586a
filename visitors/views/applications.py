"""`POST /api/v1/applications`: an abandoned application from the lender's own platform, signed."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from carloans.core import signatures
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput
from visitors import selectors, services
from visitors.selectors.sites import api_secret
from visitors.views.events import read_body


@csrf_exempt
@require_POST
def applications(request: HttpRequest) -> HttpResponse:
    """201 for a new application, 200 for a repeat of its `external_id`.

    `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body" with the site's secret>`, at most 5 minutes old.
    """
    now, body = utc_now(), read_body(request)
    raw = _parse(body)
    key = str(raw.pop("site", ""))[:40]
    signatures.verify(request.headers.get(signatures.HEADER, ""), body, secret=api_secret(key=key), now=now)
    site = selectors.site_by_key(key=key)
    one = services.read_import(raw, allow_test_numbers=site.is_demo, now=now)
    imported = services.import_application(site=site, one=one, now=now)
    answer = {"application": str(imported.application_id), "outcome": imported.outcome}
    return JsonResponse(answer, status=201 if imported.outcome == "created" else 200)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise BadInput("The body should be JSON in UTF-8.", code="bad_json") from error
    if not isinstance(raw, dict):
        raise BadInput("The body should be a JSON object.", code="invalid_body")
    return raw
