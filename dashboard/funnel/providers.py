"""The three simulated providers behind one real HTTP server, and what arrives at their far ends: letters and reports.

They are the same sandboxes that the web process mounts. What a customer's mailbox receives is read from the requests
that reached the mail provider, never from our own tables.
"""

from __future__ import annotations

import io
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict

from campaigns import sandbox as mail
from carloans.core.clock import utc_now
from carloans.core.sandboxing import make_sandbox_server
from credit.sandbox import FlexPathSandbox
from leads.sandbox import BuyerSandbox


@dataclass(frozen=True)
class Letter:
    """A mail as its recipient got it."""

    at: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]


@dataclass
class Providers:
    """The WSGI application. `letters` and `reports` wait for whoever collects them."""

    letters: list[Letter] = field(default_factory=list)
    reports: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    #: What the dealer was handed, as it came in.
    packages: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._apps: dict[str, Any] = {
            "mail": mail.account(postman=self._report, stall_seconds=0.0),
            "flexpath": FlexPathSandbox(hang_seconds=0.0),
            "buyer": BuyerSandbox(hang_seconds=0.0),
        }

    def _report(self, events: list[dict[str, Any]], key: str) -> None:
        self.reports += [(event, key) for event in events]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        base = urlsplit(settings.SANDBOX_URL).path
        _, provider, rest = environ["PATH_INFO"].removeprefix(base).split("/", 2)
        inner = {**environ, "PATH_INFO": f"/{rest}", "wsgi.input": io.BytesIO(body)}
        answer = list(self._apps[provider](inner, self._watch(start_response, provider, environ, body)))
        return answer

    def _watch(
        self, start_response: Callable[..., Any], provider: str, environ: dict[str, Any], body: bytes
    ) -> Callable[..., Any]:
        """Note what the provider took; a request that it refused reached nobody."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            if environ["REQUEST_METHOD"] == "POST" and status.startswith("20"):
                self._took(provider, body)
            start_response(status, headers)

        return start

    def _took(self, provider: str, body: bytes) -> None:
        if provider == "mail":
            self.letters.append(_letter(QueryDict(body, encoding="utf-8")))
        if provider == "buyer":
            self.packages.append(body)


def _letter(form: QueryDict) -> Letter:
    headers = {name[2:]: str(value) for name, value in form.items() if name.startswith("h:")}
    parts = {name: str(form.get(name, "")) for name in ("to", "from", "subject", "text", "html")}
    return Letter(
        utc_now(), parts["to"], parts["from"], parts["subject"], parts["text"], parts["html"], headers
    )  # fmt: skip


def webhook_body(event: dict[str, Any], key: str, now: datetime) -> bytes:
    """A signed call as the mail provider makes it."""
    signature = mail.sign(key, timestamp=str(int(now.timestamp())), token=secrets.token_hex(25))
    return json.dumps({"signature": signature, "event-data": event}).encode()


@contextmanager
def serving() -> Iterator[Providers]:
    """The providers at `SANDBOX_URL`, which must name a free port of this machine."""
    app = Providers()
    server = make_sandbox_server(app, port=urlsplit(settings.SANDBOX_URL).port or 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
