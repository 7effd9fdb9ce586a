"""What happens when: acts in the order of a virtual clock, and lives that pause between their acts."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from carloans.core.clock import Journey
from carloans.core.errors import CarLoansError

Act: TypeAlias = Callable[[], None]
#: A person's doings; each value is how long they pause before the next.
Life: TypeAlias = Generator[timedelta, None, None]


@dataclass
class Agenda:
    """Acts by their moment; those of one moment in the order in which they were put in."""

    clock: Journey
    #: Called after each act, for what it brought about.
    afterwards: Callable[[], None] = lambda: None
    #: How often which refusal met somebody: bad input and stale links are part of life.
    refusals: Counter[str] = field(default_factory=Counter)
    _heap: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _count: int = 0

    def at(self, moment: datetime, act: Act) -> None:
        """Do this then; what is past is done next."""
        heapq.heappush(self._heap, (max(moment, self.clock.now), self._count, act))
        self._count += 1

    def live(self, life: Life, *, begins: datetime) -> None:
        """Let a life take its course."""
        self.at(begins, lambda: self._step(life))

    def _step(self, life: Life) -> None:
        try:
            pause = next(life)
        except StopIteration:
            return
        except CarLoansError as refusal:
            self.refusals[refusal.code] += 1
            return
        self.at(self.clock.now + pause, lambda: self._step(life))

    def every(self, pause: timedelta, acts: Iterable[Act], *, until: datetime) -> None:
        """Do these again and again."""
        acts = list(acts)

        def beat() -> None:
            for act in acts:
                act()
            if self.clock.now + pause <= until:
                self.at(self.clock.now + pause, beat)

        self.at(self.clock.now + pause, beat)

    def run(self, *, until: datetime) -> None:
        """Do everything up to a moment."""
        while self._heap and self._heap[0][0] <= until:
            moment, _, act = heapq.heappop(self._heap)
            self.clock.to(moment)
            act()
            self.afterwards()
        self.clock.to(until)
