"""Keeping SQLite quick while connections come and go.

When the last connection to a database in WAL mode closes, SQLite writes the whole log back and syncs it to disk: about
14 ms, for each unit of work of a process that closes its connections, as ours do. One connection that stays open and
has
read something prevents that; the log is then written back when it has grown.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.conf import settings

_keeper: sqlite3.Connection | None = None


def keep_open() -> None:
    """Hold the SQLite database open for the life of this process; does nothing with another database or no file yet."""
    global _keeper
    database = settings.DATABASES["default"]
    if _keeper or "sqlite3" not in database["ENGINE"] or not Path(database["NAME"]).exists():
        return
    _keeper = sqlite3.connect(database["NAME"], check_same_thread=False)
    _keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()
