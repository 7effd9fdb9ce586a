"""The one place that reads the clock; an edge calls it once and passes `now` down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC; within `travelling` the moment to which the clock was set."""
    return _journey.now if _journey else datetime.now(tz=UTC)


class Journey:
    """A clock that stands still until it is moved, and never runs backwards."""

    def __init__(self, start: datetime) -> None:
        self.now = start.astimezone(UTC)

    def to(self, moment: datetime) -> None:
        """Move on. Raises ValueError for a moment that is past."""
        if moment < self.now:
            raise ValueError("A clock does not run backwards.")
        self.now = moment.astimezone(UTC)


_journey: Journey | None = None


@contextmanager
def travelling(start: datetime) -> Iterator[Journey]:
    """Let `utc_now` tell the time of a journey, for every thread of this process, until the block ends.

    For simulations and tests that live through days in seconds; a server never does this. Raises RuntimeError inside
    another journey.
    """
    global _journey
    if _journey is not None:
        raise RuntimeError("The clock is on a journey already.")
    _journey = Journey(start)
    try:
        yield _journey
    finally:
        _journey = None
