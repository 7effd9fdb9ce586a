"""`GET /embed.js`: the one script tag of a customer's page."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe


@lru_cache(maxsize=1)
def _script() -> bytes:
    path = finders.find("visitors/embed.js") or str(Path(__file__).parents[1] / "static" / "visitors" / "embed.js")
    return Path(str(path)).read_bytes()


def _etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script()).hexdigest()[:20]}"'


@require_safe
@condition(etag_func=_etag)
def embed(request: HttpRequest) -> HttpResponse:
    """Readable JavaScript for any page on any origin; asked again every few minutes, so that a fix arrives."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
