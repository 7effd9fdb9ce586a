"""What something costs the processor, as for one of the usual speed: no bound may depend on who else is busy."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

_WORDS = re.compile(r"(?:\d[ -]?){9,16}|[\w.]+@[\w.]+|(?<!\w)(?:st|ave|road)\b", re.IGNORECASE)
_TEXT = "My number is 512-555-0188, mail me at jo@example.org or come to 100 Main St. " * 10
#: What `_piece` takes at the usual speed.
_PIECE_S = 0.00012


def costs(act: Callable[[str], Any], texts: Iterable[str], *, best_of: int = 3) -> list[float]:
    """Seconds of the processor for each text.

    A processor that is shared, throttled or old takes longer for everything: by as much as it takes longer for a fixed
    piece of work, done in between, the figures are shortened.
    """
    seconds, pieces = [], []
    for text in texts:
        seconds.append(min(_seconds(act, text) for _ in range(best_of)))
        pieces.append(_seconds(_piece, _TEXT))
    slowness = max(1.0, statistics.median(pieces) / _PIECE_S)
    return [one / slowness for one in seconds]


def _seconds(act: Callable[[str], Any], text: str) -> float:
    started = time.thread_time()
    act(text)
    return time.thread_time() - started


def _piece(text: str) -> None:
    list(_WORDS.finditer(text))
    sorted(text.lower().split())
