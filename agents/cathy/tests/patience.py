"""A clock that tests put forward, so that a time-out comes when it should and never because the machine is busy."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import pytest


class Patience:
    """The time of every event loop of this process. A short time-out is missed on a busy machine; this one is not."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._loops: WeakSet[Any] = WeakSet()

    def time(self, loop: Any) -> float:
        self._loops.add(loop)
        return time.monotonic() + self._ahead

    def ends_after(self, seconds: float) -> None:
        """Let that much time have passed at once. To be called from any thread."""
        self._ahead += seconds
        for loop in list(self._loops):
            with suppress(RuntimeError):  # It has been closed.
                loop.call_soon_threadsafe(lambda: None)


@pytest.fixture
def patience(monkeypatch: Any) -> Patience:
    clock = Patience()
    monkeypatch.setattr(asyncio.BaseEventLoop, "time", lambda loop: clock.time(loop))
    return clock
