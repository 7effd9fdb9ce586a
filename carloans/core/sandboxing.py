"""What the simulated providers share: a small store of what they accepted, and a server to run one alone.

The store keeps ids and outcomes, never contact data, and outlives a crash, so that a provider can be asked afterwards.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings


def _path() -> Path:
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    return Path(settings.DATA_DIR) / "sandbox.sqlite3"


@contextmanager
def _store() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(_path(), timeout=10, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS accepted"
            " (provider TEXT, key TEXT, response TEXT, count INTEGER DEFAULT 1, at REAL, PRIMARY KEY (provider, key))"
        )
        yield connection


def remember(provider: str, key: str, response: dict[str, Any]) -> dict[str, Any]:
    """Keep the answer to a key and return the one that stands: the first wins, a repeat is counted."""
    with _store() as connection:
        connection.execute(
            "INSERT INTO accepted (provider, key, response, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (provider, key) DO UPDATE SET count = count + 1",
            (provider, key, json.dumps(response), time.time()),
        )
        return _find(connection, provider, key) or response


def recall(provider: str, key: str) -> dict[str, Any] | None:
    """The answer given to a key, or None."""
    with _store() as connection:
        return _find(connection, provider, key)


def _find(connection: sqlite3.Connection, provider: str, key: str) -> dict[str, Any] | None:
    query = "SELECT response FROM accepted WHERE provider = ? AND key = ?"
    row = connection.execute(query, (provider, key)).fetchone()
    return dict(json.loads(row[0])) if row else None


def accepted_count(provider: str, key: str | None = None) -> int:
    """How many distinct keys a provider accepted; with a key, how often that one was sent."""
    query = "SELECT count(*) FROM accepted WHERE provider = ?"
    values: tuple[str, ...] = (provider,)
    if key is not None:
        query, values = "SELECT coalesce(sum(count), 0) FROM accepted WHERE provider = ? AND key = ?", (provider, key)
    with _store() as connection:
        return int(connection.execute(query, values).fetchone()[0])


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """No access log: a request line may hold what must not be logged."""

    def log_message(self, format: str, *args: Any) -> None:
        return


def make_sandbox_server(app: Callable[..., Any], port: int = 0) -> WSGIServer:
    """A server on loopback that is ready to `serve_forever`; port 0 picks a free one (`server.server_port`)."""
    return make_server("127.0.0.1", port, app, server_class=ThreadingServer, handler_class=QuietHandler)


def serve(app: Callable[..., Any], port: int) -> None:
    """Serve until interrupted."""
    server = make_sandbox_server(app, port)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
