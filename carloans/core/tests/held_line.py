"""A provider that keeps silent until its client has given up, and a client that gives up once it has been heard.

With sleeps in their place a busy machine decides which comes first: a client may give up before its request was even
read, or a provider may answer before anybody gave up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

#: Seconds to connect and to wait for an answer that will not come.
IMPATIENT = (10.0, 0.05)
_PATIENCE_S = 60.0


class HeldLine:
    """`hold` takes the place of a simulated provider's silence."""

    def __init__(self) -> None:
        self._heard = threading.Semaphore(0)
        self._given_up = threading.Semaphore(0)

    def hold(self) -> None:
        """For the provider's thread: what it did with the request is done; nothing is answered until nobody waits."""
        self._heard.release()
        self._given_up.acquire(timeout=_PATIENCE_S)

    def give_up(self) -> None:
        self._given_up.release()
        assert self._heard.acquire(timeout=_PATIENCE_S), "The provider was not silent, it has heard nothing."


@contextmanager
def held_line(monkeypatch: Any) -> Iterator[HeldLine]:
    """While it lasts, every client of this process that waits in vain has been heard."""
    line, plain = HeldLine(), HTTPAdapter.send

    def send(*args: Any, **kwargs: Any) -> requests.Response:
        try:
            return plain(*args, **kwargs)
        except requests.ReadTimeout:
            line.give_up()
            raise

    with monkeypatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", send)
        yield line
