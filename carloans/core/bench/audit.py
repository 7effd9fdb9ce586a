"""How many audit entries a second concurrent writers get in, beside a bare insert and beside a chain of every row.

python -m carloans.core.bench.audit

Three ways to write the same entry, in one run and against one database, with 1, 4 and 16 writers:

* `bare`: an INSERT in raw SQL into a table without indexes, triggers or chain; the floor,
* `ours`: `carloans.core.audit.record`, while the sealer seals beside it,
* `chained`: the same entry, which also hashes the one before it at once, so that writers must take turns (a lock on
  the chain's head).

The database is a scratch one that is removed afterwards: SQLite always, PostgreSQL as well when DATABASE_URL names one.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

from . import scratch

WRITERS = (1, 4, 16)
SECONDS = 1.5


def measure() -> dict[str, Any]:
    """Entries a second by database, number of writers and way; ratios of ours to the others. Also the sealer's pace.

    Raises subprocess.CalledProcessError when a scratch database cannot be made.
    """
    figures = {}
    with tempfile.TemporaryDirectory() as directory:
        figures["sqlite"] = scratch.figures_of(__name__, DATABASE_URL="", DATA_DIR=directory)
        with scratch.database(os.environ.get("DATABASE_URL", "")) as url:
            if url:
                figures["postgresql"] = scratch.figures_of(__name__, DATABASE_URL=url, DATA_DIR=directory)
    return figures


# In the process of its own

_TABLES = (
    "CREATE TABLE bench_bare (uuid text, action text, actor text, subject text, facts text, at text)",
    "CREATE TABLE bench_head (id integer PRIMARY KEY, hash text)",
    "INSERT INTO bench_head VALUES (1, '')",
)


def _run() -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    # Each writer holds a connection throughout; a pool would be measured instead of the database.
    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)
    ways = {"bare": _bare, "ours": _ours, "chained": _chained}
    rates = {writers: {name: _rate(way, writers, name) for name, way in ways.items()} for writers in WRITERS}
    return {"seconds_each": SECONDS, "entries_per_s": _with_ratios(rates), "sealing": _sealing()}


def _with_ratios(rates: dict[int, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        f"{writers} writers": {
            **{name: round(rate) for name, rate in one.items()},
            "ours_to_bare": round(one["ours"] / one["bare"], 2),
            "ours_to_chained": round(one["ours"] / one["chained"], 2),
        }
        for writers, one in rates.items()
    }


def _entry() -> tuple[str, ...]:
    from carloans.core.clock import utc_now

    return (str(uuid.uuid4()), "bench.written", "system", "lead:1", '{"n": 1}', utc_now().isoformat())


def _bare() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare VALUES (%s, %s, %s, %s, %s, %s)", _entry())


def _ours() -> None:
    from django.db import transaction

    from carloans.core import audit
    from carloans.core.clock import utc_now

    with transaction.atomic():
        audit.record(action="bench.written", actor="system", subject="lead:1", now=utc_now(), facts={"n": 1})


def _chained() -> None:
    from django.db import connection, transaction

    from carloans.core import audit
    from carloans.core.clock import utc_now

    with transaction.atomic(), connection.cursor() as cursor:
        lock = "" if connection.vendor == "sqlite" else "FOR UPDATE"
        cursor.execute(f"SELECT hash FROM bench_head WHERE id = 1 {lock}")  # noqa: S608  our own two words
        previous = cursor.fetchone()[0]
        one = audit.record(action="bench.written", actor="system", subject="lead:1", now=utc_now(), facts={"n": 1})
        cursor.execute("UPDATE bench_head SET hash = %s WHERE id = 1", [audit.root_of(previous, [audit.digest(one)])])


def _rate(write: Callable[[], None], writers: int, name: str) -> float:
    """Entries a second by so many threads; the sealer runs beside ours as it does in the house."""
    start, stop, counts = Barrier(writers + 1), Event(), [0] * writers

    def writer(number: int) -> None:
        from django.db import connection

        write()
        start.wait()
        while not stop.is_set():
            write()
            counts[number] += 1
        connection.close()

    threads = [Thread(target=writer, args=(number,)) for number in range(writers)]
    threads += [Thread(target=_sealer, args=(stop,))] if name == "ours" else []
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _sealer(stop: Event) -> None:
    from django.db import connection

    from carloans.core import audit
    from carloans.core.clock import utc_now

    while not stop.wait(0.25):
        audit.seal_all(now=utc_now())
    connection.close()


def _sealing() -> dict[str, float]:
    """How fast what is left is sealed, and how fast the whole trail is proven."""
    from carloans.core import audit, verification
    from carloans.core.clock import utc_now
    from carloans.core.models import AuditEntry

    AuditEntry.objects.bulk_create(
        AuditEntry(action="bench.written", actor="system", subject="lead:1", facts={"n": 1}, at=utc_now())
        for _ in range(10_000)
    )
    began = time.perf_counter()
    sealed = audit.seal_all(now=utc_now())
    sealing = time.perf_counter() - began
    began = time.perf_counter()
    wrong = sum(1 for _ in verification.findings())
    proving = time.perf_counter() - began
    entries = AuditEntry.objects.count()
    return {
        "sealed_per_s": round(sealed / sealing),
        "verified_per_s": round(entries / proving),
        "findings": wrong,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_run()))
