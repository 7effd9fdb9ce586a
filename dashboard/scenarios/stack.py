"""The program that the scenarios talk to: the one that runs already, or one of its own that is gone afterwards.

A stack of its own is a fresh database (a file, or a scratch database on the configured PostgreSQL server), a web
process and a worker on a free port. The scenarios themselves run in a child process with the same configuration.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests
from django.conf import settings

from carloans.core import probes
from carloans.core.errors import NetworkError

START_SECONDS = 60


#: Where honcho puts the web process when nobody names a port.
HONCHO_PORT = 5000


def running_stack() -> str | None:
    """The address of a web process that serves this very database with a live worker behind it, if there is one."""
    return next(filter(None, map(_serving, dict.fromkeys([settings.PORT, HONCHO_PORT]))), None)


def _serving(port: int) -> str | None:
    base = f"http://127.0.0.1:{port}"
    try:
        body = requests.get(f"{base}/readyz", timeout=2).json()
    except (requests.RequestException, ValueError):
        return None
    same = body.get("instance") == probes.instance()
    return base if same and body.get("checks", {}).get("worker", {}).get("ok") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _scratch_database() -> Iterator[str]:
    """A database of its own on the configured PostgreSQL server, dropped afterwards; empty without one."""
    if not settings.DATABASE_URL.startswith(("postgres://", "postgresql://")):
        yield settings.DATABASE_URL
        return
    name = f"carloans_scenarios_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(settings.DATABASE_URL)
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_environment() -> Iterator[dict[str, str]]:
    """The environment of a stack of its own; everything in it is removed afterwards."""
    port, data_dir = _free_port(), tempfile.mkdtemp(prefix="carloans-scenarios-")
    try:
        with _scratch_database() as database_url:
            yield {
                **os.environ,
                "DATA_DIR": data_dir,
                "PORT": str(port),
                "WEB_PORT": str(port),
                "PUBLIC_URL": f"http://127.0.0.1:{port}",
                "SANDBOX_URL": f"http://127.0.0.1:{port}/sandbox",
                "DATABASE_URL": database_url,
                "SWEEP_SECONDS": "1",
                "OPENAI_API_KEY": "",
                "OPENAI_BASE_URL": "",
                "MAILGUN_API_KEY": "",
                "FLEXPATH_API_KEY": "",
                "FLEXPATH_MODE": "simulated",
            }
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


def manage(environment: dict[str, str], *arguments: str, quiet: bool = False) -> int:
    """Run one of our own commands with this environment; its output goes where ours goes. Returns its exit status."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=environment, stdout=output, check=False).returncode  # noqa: S603


@contextmanager
def processes(environment: dict[str, str], commands: list[str]) -> Iterator[None]:
    """Start the commands, each in its own process group, and end the groups afterwards."""
    started = [
        subprocess.Popen(command.split(), env=environment, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603
        for command in commands
    ]
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=8)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_ready(base: str, seconds: float = START_SECONDS) -> None:
    """Raises NetworkError unless web and worker show life in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{base}/readyz", timeout=2).json()["checks"]["worker"]["ok"]:
                return
        except (requests.RequestException, ValueError, KeyError):
            pass
        time.sleep(0.2)
    raise NetworkError("The program did not start in time.", code="not_started")
