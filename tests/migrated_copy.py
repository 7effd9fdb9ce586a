"""A migrated SQLite database is kept beside the tests and copied, so that a run need not begin with all migrations.

Migrations still run over the copy. A changed migration, library or role makes a copy of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CACHE = ROOT / ".pytest_cache" / "migrated"
_SHAPED_BY = ("*/migrations/*.py", "agents/*/migrations/*.py", "carloans/*/migrations/*.py", "requirements.lock")
_AND_BY = ("dashboard/roles.py", "carloans/core/appendonly.py", "carloans/settings.py")


def kept() -> Path:
    """Where the copy for today's migrations lies, or would lie."""
    files = sorted({path for pattern in _SHAPED_BY for path in ROOT.glob(pattern)} | {ROOT / name for name in _AND_BY})
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return _CACHE / f"{digest.hexdigest()[:24]}.sqlite3"


def lay(database: Path) -> bool:
    """Put the copy where the test database belongs; False when there is none yet."""
    source = kept()
    if not source.exists():
        return False
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, database)
    return True


def keep(database: Path) -> None:
    """Keep this freshly migrated database for the runs to come, and no older one."""
    target = kept()
    if target.exists():
        return
    for older in _CACHE.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    _CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(database) as source, sqlite3.connect(unfinished) as copy:
        source.backup(copy)
    unfinished.replace(target)
