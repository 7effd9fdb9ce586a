"""How much one address or one visitor may ask of this web process: sockets, new conversations, messages.

Kept in memory, because asking a database for each frame would cost more than the frame. So the limits are those of one
web process; what a conversation may take is counted in its rows and holds over all of them. Addresses are shared by
offices and mobile networks: their limits are generous, and settings.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings

from chat import limits
from chat.errors import RateLimited

#: Callers that a meter remembers at most; beyond it those whose window is over are forgotten, then all.
_MOST_KEYS = 20_000


class Meter:
    """At most `limit()` acts of each caller within `seconds`."""

    def __init__(self, limit: Callable[[], int], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._seconds, self._clock = limit, seconds, clock
        self._seen: dict[str, tuple[float, int]] = {}

    def note(self, caller: str) -> None:
        """Count one act. Raises RateLimited beyond the limit; a caller without a name is not limited."""
        if not caller:
            return
        moment = self._clock()
        ends, count = self._seen.get(caller, (0.0, 0))
        if moment >= ends:
            self._make_room(moment)
            ends, count = moment + self._seconds, 0
        self._seen[caller] = (ends, count + 1)
        if count >= self._limit():
            raise RateLimited

    def _make_room(self, moment: float) -> None:
        if len(self._seen) >= _MOST_KEYS:
            self._seen = {caller: seen for caller, seen in self._seen.items() if seen[0] > moment}
        if len(self._seen) >= _MOST_KEYS:
            self._seen.clear()


class Seats:
    """At most `limit()` things at once for each caller."""

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._taken: Counter[str] = Counter()

    def take(self, caller: str) -> bool:
        """Sit down, if there is room; a caller without a name always has some."""
        if not caller:
            return True
        if self._taken[caller] >= self._limit():
            return False
        self._taken[caller] += 1
        return True

    def leave(self, caller: str) -> None:
        """Get up again after a `take` that was granted."""
        if self._taken[caller] > 1:
            self._taken[caller] -= 1
        else:
            del self._taken[caller]


sockets_of_address = Seats(lambda: int(settings.CHAT_SOCKETS_PER_ADDRESS))
sockets_of_visitor = Seats(lambda: limits.SOCKETS_PER_VISITOR)
opened_by_address = Meter(lambda: int(settings.CHAT_OPENED_PER_ADDRESS), 60.0)
said_by_address = Meter(lambda: int(settings.CHAT_MESSAGES_PER_ADDRESS), 60.0)
said_by_visitor = Meter(lambda: limits.MESSAGES_PER_VISITOR, 60.0)


def note_message(*, visitor: str, address: str) -> None:
    """A customer's message or press. Raises RateLimited."""
    said_by_visitor.note(visitor)
    said_by_address.note(address)
