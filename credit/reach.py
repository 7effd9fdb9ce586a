"""Whether mail can reach an address at all.

The bounces are rows of `campaigns`, to which this room is blind; the room above both hands the question down when the
programme starts (`chat/apps.py`). With nobody to ask, an address counts as reachable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

#: From an address, as its blind index, to whether a mail to it came back for good.
Source: TypeAlias = Callable[[str], bool]

_source: Source | None = None


def know_with(source: Source | None) -> Source | None:
    """Ask `source` from now on (None knows of no bounce) and return the one that was asked before."""
    global _source
    before, _source = _source, source
    return before


def has_bounced(email_index: str) -> bool:
    """Whether mail to this address came back for good."""
    return bool(_source and email_index and _source(email_index))
