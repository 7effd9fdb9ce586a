"""The servers of the bench, each in processes of its own on free ports, and a database that goes with them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
_PREPARE = """
import django
django.setup()
from django.core.management import call_command
from chat.bench import prepare
call_command("migrate", verbosity=0)
prepare()
"""
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
Environment = dict[str, str]


def environment(data_dir: str) -> Environment:
    """What every process of the bench is given: simulated providers, limits that let one address be a crowd."""
    return {
        **os.environ,
        "DATA_DIR": data_dir,
        "DJANGO_SETTINGS_MODULE": "carloans.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'agents'}",
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
        "LOG_LEVEL": "ERROR",
        # As in the Procfile: the threads of a web process share one heap, which gives back what a burst took.
        "MALLOC_ARENA_MAX": "1",
        "CHAT_SOCKETS_PER_ADDRESS": "100000",
        "CHAT_OPENED_PER_ADDRESS": "1000000",
        "CHAT_MESSAGES_PER_ADDRESS": "1000000",
    }


@contextmanager
def own_database(made: Environment) -> Iterator[None]:
    """With DATABASE_URL a new database on that server, dropped at the end; without, SQLite in the data directory."""
    url = urlsplit(made.get("DATABASE_URL", ""))
    if not url.scheme.startswith("postgres"):
        yield
        return
    name = f"carloans_bench_{os.getpid()}"
    maintenance = urlunsplit(url._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(maintenance, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        made["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{name}"))
        try:
            yield
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def prepare(made: Environment) -> None:
    """Tables, and the site that is talked to."""
    subprocess.run([sys.executable, "-c", _PREPARE], env=made, cwd=ROOT, check=True)  # noqa: S603


class Server:
    """A running server: its ports, and how much memory its processes hold."""

    def __init__(self, ports: list[int], processes: list[subprocess.Popen[bytes]]) -> None:
        self.ports, self._processes = ports, processes

    def memory_kb(self) -> int:
        """Resident memory, all processes together."""
        return sum(
            int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * _PAGE_KB for process in self._processes
        )

    def cpu_seconds(self) -> float:
        """What the processes have worked since they began: on a busy machine it tells more than the clock."""
        return sum(_ticks(process.pid) for process in self._processes) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def daphne(application: str, made: Environment, processes: int = 1) -> Iterator[Server]:
    """So many daphnes, each on a port of its own."""

    def command(port: int) -> list[str]:
        return [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), application]

    with ExitStack() as stack:
        ports = [free_port() for _ in range(processes)]
        yield Server(ports, [stack.enter_context(running(command(port), made, port, ROOT)) for port in ports])


@contextmanager
def running(command: list[str], made: Environment, port: int, where: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers on its port; ended at the end. Raises RuntimeError when it does not start."""
    process = subprocess.Popen(  # noqa: S603
        command, env={**made, "PORT": str(port)}, cwd=where, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")
