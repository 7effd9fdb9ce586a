"""A database for one bench, and a process of its own for what is measured: settings are read once for each process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_ROOT = Path(__file__).resolve().parents[3]


def figures_of(module: str, *arguments: str, **environment: str) -> Any:
    """What `python -m module` prints as JSON, its logs kept to errors.

    Raises subprocess.CalledProcessError, which shows the process's own words, when it fails.
    """
    made = {"PYTHONPATH": f"{_ROOT}:{_ROOT / 'agents'}", "LOG_LEVEL": "ERROR", "ENV_FILE": "", **environment}
    done = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **made},
        cwd=_ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


def migrated_figures_of(module: str, *arguments: str, **environment: str) -> Any:
    """What the module's `figures(*arguments)` returns in a process of its own, after the migrations of its database.

    Raises subprocess.CalledProcessError as `figures_of` does.
    """
    return figures_of(__name__, module, *arguments, **environment)


@contextmanager
def database(url: str) -> Iterator[str]:
    """The address of a new database beside the configured one, for the duration of the block.

    Where none is configured, or no PostgreSQL, the address is empty: SQLite in the data directory that the bench gives.
    """
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"carloans_bench_{os.getpid()}"
    with psycopg.connect(urlunsplit(urlsplit(url)._replace(scheme="postgresql")), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrate_and_measure(module: str, *arguments: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloans.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(import_module(module).figures(*arguments)))


if __name__ == "__main__":
    _migrate_and_measure(*sys.argv[1:])
