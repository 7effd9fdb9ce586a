"""What something costs the processor: guards against a runaway, whoever else is busy.

How fast something is, `make bench` tells. A bound here is tens of times what the work takes, and stands for "ever".
"""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """Seconds of this thread's processor time; waiting for one's turn is not counted."""
    started = time.thread_time()
    act()
    return time.thread_time() - started
