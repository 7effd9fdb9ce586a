"""A real buyer sandbox on a free port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from carloans.core import sandboxing
from carloans.core.tests.held_line import IMPATIENT, held_line
from leads import delivery
from leads.models import Buyer
from leads.sandbox import PROVIDER, BuyerSandbox, demo_secret
from leads.tests.factories import BuyerFactory


@dataclass
class Dealer:
    """The running sandbox: its address, what it was asked, and the bodies that it was sent."""

    app: Any
    url: str = ""
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def taken(self) -> int:
        """How many distinct leads the dealer has."""
        return sandboxing.accepted_count(PROVIDER)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        import io

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.requests.append(environ["REQUEST_METHOD"])
        self.headers.append(
            {name: str(value) for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
        )
        self.bodies.append(body)
        return self.app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)


@pytest.fixture
def dealer(settings: Any, tmp_path: Any) -> Iterator[Dealer]:
    settings.DATA_DIR = tmp_path
    running = Dealer(BuyerSandbox())
    server = sandboxing.make_sandbox_server(running)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def impatient(monkeypatch: Any, dealer: Dealer) -> Callable[[], AbstractContextManager[None]]:
    """Within it our client gives up on a hanging sandbox once it was heard; outside it a loaded machine may be slow."""

    @contextmanager
    def within() -> Iterator[None]:
        with monkeypatch.context() as patch, held_line(monkeypatch) as line:
            patch.setattr(delivery, "TIMEOUT", IMPATIENT)
            patch.setattr(dealer.app, "hang", line.hold)
            yield

    return within


@pytest.fixture
def buyer(db: None, dealer: Dealer) -> Buyer:
    """Lakeside Motors, reached at the sandbox."""
    return BuyerFactory(endpoint_url=f"{dealer.url}/leads", secret=demo_secret("lakeside-motors"))
