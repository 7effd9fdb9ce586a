"""A real mail provider on loopback for every test that wants one: the sandbox, and what it was handed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.http import QueryDict

from campaigns import mail, sandbox
from campaigns.sandbox import Fault, MailSandbox
from carloans.core import mailing, switches
from carloans.core.sandboxing import make_sandbox_server
from carloans.core.tests.held_line import IMPATIENT, held_line


class Provider:
    """The sandbox behind a server; `posts` holds every form that was posted to it, accepted or not."""

    def __init__(self, set_timeout: Callable[[tuple[float, float]], None]) -> None:
        self._set_timeout = set_timeout
        self.account: MailSandbox = sandbox.account(webhook_delay_ms=0)
        self.posts: list[QueryDict] = []
        self.lookups = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            self.posts.append(QueryDict(body))
        else:
            self.lookups += 1
        return self.account(environ, start_response)

    def fails_with(self, *names: str) -> None:
        """From now on every request meets these faults. Only on a silent provider does our client soon give up."""
        self.account.faults = tuple(Fault(name) for name in names)
        silent = any(name.startswith("stall") for name in names)
        self._set_timeout(IMPATIENT if silent else mailing.TIMEOUT)

    def works(self) -> None:
        self.fails_with()

    def got(self, message: Any) -> int:
        """How often it accepted this message: the judge of exactly once."""
        return sandbox.accepted_times(message.pk)


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    app = Provider(lambda seconds: monkeypatch.setattr(mail, "TIMEOUT", seconds))
    server = make_sandbox_server(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.MAILGUN_API_URL = f"http://127.0.0.1:{server.server_port}/v3"
    with held_line(monkeypatch) as line:
        monkeypatch.setattr(app.account, "stall", line.hold)
        yield app
    server.shutdown()
    server.server_close()


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The AI switch is off: mails are written by hand, which these tests are not about."""
    plain = switches.is_on
    monkeypatch.setattr(switches, "is_on", lambda name, **scope: name != "ai" and plain(name, **scope))
