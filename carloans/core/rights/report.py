"""What an erasure did, or would do: by table, in counts and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Only the type checker needs it, and only it is installed where the program is developed.
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Line:
    """One table: rows of the person, rows of which something was erased, rows that stay, why, and until when."""

    room: str
    table: str
    title: StrOrPromise
    found: int
    erased: int
    stays: int = 0
    reason: StrOrPromise = ""
    until: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "room": self.room,
            "table": self.table,
            "title": str(self.title),
            "found": self.found,
            "erased": self.erased,
            "stays": self.stays,
            "reason": str(self.reason),
            "until": self.until.isoformat() if self.until else None,
        }


@dataclass(frozen=True, kw_only=True)
class Report:
    """All tables. `complete` is False while a duty holds something back; the sweep goes on when it ends."""

    lines: Sequence[Line]
    complete: bool = True
    dry_run: bool = False
    holds: Sequence[str] = field(default_factory=list)

    @property
    def erased(self) -> list[Line]:
        """Tables of which something goes."""
        return [line for line in self.lines if line.erased]

    @property
    def kept(self) -> list[Line]:
        """Tables of which something stays."""
        return [line for line in self.lines if line.stays]

    def as_dict(self) -> dict[str, Any]:
        return {
            "complete": self.complete,
            "dry_run": self.dry_run,
            "holds": list(self.holds),
            "tables": [line.as_dict() for line in self.lines],
        }
