"""Small parts of which the simulated providers are built: reading a request, answering it, failing on demand."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
MAX_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What a simulated provider answers: JSON for a dict, as it is for text."""

    status: int
    body: dict[str, Any] | str = ""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        """Write status and headers, return the body."""
        content = json.dumps(self.body) if isinstance(self.body, dict) else self.body
        payload = content.encode()
        headers = [("Content-Type", self.content_type), ("Content-Length", str(len(payload))), *self.headers]
        start_response(f"{self.status} {HTTPStatus(self.status).phrase}", headers)
        return [payload]


def read_body(environ: Environ) -> bytes:
    """The request's body, at most MAX_BODY bytes of it."""
    length = min(int(environ.get("CONTENT_LENGTH") or 0), MAX_BODY)
    return bytes(environ["wsgi.input"].read(length)) if length else b""


def read_json(environ: Environ) -> dict[str, Any]:
    """The body as a JSON object. Raises ValueError for anything else."""
    document = json.loads(read_body(environ))
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to fail, and for which share of the requests."""

    name: str = ""
    rate: float = 1.0

    @classmethod
    def parse(cls, text: str, known: Iterable[str]) -> Fault:
        """Read NAME or NAME:RATE. Raises ValueError for an unknown name or a rate outside 0 to 1."""
        name, _, rate = text.partition(":")
        if name and name not in set(known):
            raise ValueError(f"Unknown fault {name!r}; known are: {', '.join(sorted(known))}.")
        fault = cls(name, float(rate or 1))
        if not 0 <= fault.rate <= 1:
            raise ValueError("The rate of a fault lies between 0 and 1.")
        return fault

    def strikes(self) -> str:
        """The fault's name if it strikes this request, else empty."""
        return self.name if self.name and random.random() < self.rate else ""  # noqa: S311  no secrecy needed
