"""A real FlexPath sandbox on a free port, and customers who press the button."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from carloans.core import sandboxing
from carloans.core.tests.held_line import IMPATIENT, held_line
from credit import flexpath, services
from credit.models import CreditCheck
from credit.sandbox import PULLS, FlexPathSandbox
from visitors import selectors as visitors
from visitors.models import Visitor
from visitors.tests.factories import KnownVisitorFactory


@dataclass
class Bureau:
    """The running sandbox: its address, and what it was asked."""

    app: FlexPathSandbox
    url: str = ""
    requests: list[str] = field(default_factory=list)

    def pulls(self, key: str | None = None) -> int:
        return sandboxing.accepted_count(PULLS, key)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.requests.append(environ["REQUEST_METHOD"])
        return self.app(environ, start_response)


@pytest.fixture
def bureau(settings: Any, tmp_path: Any) -> Iterator[Bureau]:
    settings.DATA_DIR = tmp_path
    settings.FLEXPATH_MODE = "simulated"
    running = Bureau(FlexPathSandbox())
    server = sandboxing.make_sandbox_server(running)
    running.url = settings.FLEXPATH_API_URL = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def impatient(monkeypatch: Any, bureau: Bureau) -> Callable[[], AbstractContextManager[None]]:
    """Within it our client gives up on a hanging sandbox once it was heard; outside it a loaded machine may be slow."""

    @contextmanager
    def within() -> Iterator[None]:
        with monkeypatch.context() as patch, held_line(monkeypatch) as line:
            patch.setattr(flexpath, "TIMEOUT", IMPATIENT)
            patch.setattr(bureau.app, "hang", line.hold)
            yield

    return within


@pytest.fixture
def customer(db: None) -> Visitor:
    """A: excellent, by the rule of the sandbox."""
    return KnownVisitorFactory(phone="+15551234567", first_name="John", last_name="Doe")


Press = Callable[..., CreditCheck]


@pytest.fixture
def press(now: datetime) -> Press:
    """The customer presses "I agree" under the current text."""

    def do(visitor: Visitor, *, at: datetime | None = None, **changes: Any) -> CreditCheck:
        text = visitors.consent_text(visitor_id=visitor.pk, kind="soft_pull", locale="en")
        given: dict[str, Any] = {
            "visitor_id": visitor.pk,
            "application_id": None,
            "conversation_id": None,
            "locale": "en",
            "shown_version": text.version,
            "shown_sha256": text.sha256,
            "shown_at": at or now,
            "ip": "192.0.2.7",
            "user_agent": "test",
            "now": at or now,
        }
        return services.give_consent_and_request(**{**given, **changes})

    return do
