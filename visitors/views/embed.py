"""`GET /embed.js`: the one script tag of a customer's page."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition, require_safe


@lru_cache(maxsize=1)
def _script() -> tuple[bytes, bytes]:
    """The script, plain and gzipped."""
    path = finders.find("visitors/embed.js") or str(Path(__file__).parents[1] / "static" / "visitors" / "embed.js")
    plain = Path(str(path)).read_bytes()
    return plain, gzip.compress(plain, 9, mtime=0)


def _takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script()[_takes_gzip(request)]).hexdigest()[:20]}"'


@require_safe
@condition(etag_func=_etag)
def embed(request: HttpRequest) -> HttpResponse:
    """The tracker and the launcher, for any page on any origin; asked for again soon, so that a fix arrives."""
    zipped = _takes_gzip(request)
    response = HttpResponse(_script()[zipped], content_type="text/javascript; charset=utf-8")
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
