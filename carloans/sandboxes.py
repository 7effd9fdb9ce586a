"""The simulated providers, mounted in the web process: our own clients reach them over real HTTP.

Each is the same WSGI callable that `flexpath_sandbox`, `mail_sandbox` and `buyer_sandbox` serve alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

SANDBOXES = {
    "flexpath": ("credit.sandbox", "flexpath_app"),
    "mail": ("campaigns.sandbox", "mail_app"),
    "buyer": ("leads.sandbox", "buyer_app"),
}


def _app(provider: str) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    modes = {"flexpath": settings.FLEXPATH_MODE, "mail": settings.MAIL_MODE, "buyer": "simulated"}
    if modes.get(provider) != "simulated":
        raise Http404
    module, name = SANDBOXES[provider]
    app: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]] = getattr(import_module(module), name)
    return app


@csrf_exempt
def mounted_sandbox(request: HttpRequest, provider: str, rest: str) -> HttpResponse:
    """Answer a request as the simulated provider would, from the same code that serves it alone."""
    app = _app(provider)
    environ = {**request.META, "SCRIPT_NAME": f"/sandbox/{provider}", "PATH_INFO": rest, "wsgi.input": request}
    environ["wsgi.url_scheme"] = request.scheme
    environ.setdefault("CONTENT_LENGTH", str(len(request.body)))
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started.update(status=status, headers=headers)

    body = b"".join(app(environ, start_response))
    response = HttpResponse(body, status=int(started["status"].split()[0]))
    for name, value in started["headers"]:
        response[name] = value
    return response
