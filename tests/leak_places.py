"""Where personal data could have got to: the database as a thief would see it, logs, traces, figures, files, nudges."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.tracing import add_trace_processor, set_trace_processors
from agents.tracing.processor_interface import TracingProcessor
from celery.signals import task_prerun
from django.conf import settings
from django.db import connection
from prometheus_client import generate_latest

from cathy.engine.tracing import tracer


class LogTap(logging.Handler):
    """Everything that anybody logs, at every level, before any filter has seen it: messages, extras, tracebacks."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self._lines: list[str] = []
        self._plain = set(vars(logging.makeLogRecord({})))

    def emit(self, record: logging.LogRecord) -> None:
        extras = {name: value for name, value in vars(record).items() if name not in self._plain}
        self._lines.append(f"{record.name} {self.format(record)} {extras or ''}")

    def content(self) -> bytes:
        return "\n".join(self._lines).encode("utf-8", "replace")


@contextmanager
def all_logs() -> Iterator[LogTap]:
    """Tap the root with every logger open at DEBUG, the database's statements among them."""
    tap, root = LogTap(), logging.getLogger()
    named = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [(one, one.level, one.propagate, one.disabled, one.handlers) for one in [root, *named]]
    for one, *_ in before:
        one.setLevel(logging.DEBUG)
        one.propagate, one.disabled, one.handlers = True, False, []
    root.handlers = [tap]
    connection.force_debug_cursor = True
    try:
        yield tap
    finally:
        connection.force_debug_cursor = False
        for one, level, propagate, disabled, handlers in before:
            one.setLevel(level)
            one.propagate, one.disabled, one.handlers = propagate, disabled, handlers


class TraceTap(TracingProcessor):
    """What the SDK would export of each trace and span."""

    def __init__(self) -> None:
        self._exports: list[str] = []

    def on_trace_start(self, trace: Any) -> None:
        return

    def on_trace_end(self, trace: Any) -> None:
        self._exports.append(json.dumps(trace.export(), default=str))

    def on_span_start(self, span: Any) -> None:
        return

    def on_span_end(self, span: Any) -> None:
        self._exports.append(json.dumps(span.export(), default=str))

    def shutdown(self) -> None:
        return

    def force_flush(self) -> None:
        return

    def content(self) -> bytes:
        return "\n".join(self._exports).encode()


@contextmanager
def all_traces() -> Iterator[TraceTap]:
    """Listen beside our own processor."""
    tap = TraceTap()
    add_trace_processor(tap)
    try:
        yield tap
    finally:
        set_trace_processors([tracer])


class NudgeTap:
    """The arguments of every task, as a broker would hold them."""

    def __init__(self) -> None:
        self._calls: list[str] = []

    def note(self, task: Any = None, args: Any = (), kwargs: Any = None, **rest: Any) -> None:
        self._calls.append(json.dumps([getattr(task, "name", ""), args, kwargs], default=str))

    def content(self) -> bytes:
        return "\n".join(self._calls).encode()


@contextmanager
def all_nudges() -> Iterator[NudgeTap]:
    """Listen to every task that begins."""
    tap = NudgeTap()
    task_prerun.connect(tap.note, weak=False, dispatch_uid="funnel.nudges")
    try:
        yield tap
    finally:
        task_prerun.disconnect(dispatch_uid="funnel.nudges")


def database() -> Iterator[tuple[str, bytes]]:
    """(place, content) of the whole database: the files as they lie on the disk, and a dump as SQL."""
    if connection.vendor == "sqlite":
        yield from _sqlite_files(Path(str(connection.settings_dict["NAME"])))
        return
    yield "dump of the database", _postgres_dump()


def _sqlite_files(path: Path) -> Iterator[tuple[str, bytes]]:
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            yield f"database file {suffix or 'itself'}", file.read_bytes()
    source = sqlite3.connect(path)
    try:
        yield "dump of the database", "\n".join(source.iterdump()).encode("utf-8", "surrogatepass")
    finally:
        source.close()


def _postgres_dump() -> bytes:
    """By pg_dump where there is one; else every row as text."""
    told = connection.get_connection_params()
    if program := shutil.which("pg_dump"):
        address = {"host": "-h", "port": "-p", "user": "-U", "dbname": "-d"}
        options = [part for name, flag in address.items() if told.get(name) for part in (flag, str(told[name]))]
        done = subprocess.run(
            [program, *options], env={"PGPASSWORD": str(told.get("password", ""))}, capture_output=True, check=False
        )
        if done.returncode == 0:
            return done.stdout
    return "\n".join(_every_row()).encode()


def _every_row() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            yield from (row[0] for row in cursor.fetchall())


def files() -> Iterator[tuple[str, bytes]]:
    """(place, content) of every file below DATA_DIR: the broker's spool, the providers' records, whatever is there."""
    for path in sorted(Path(settings.DATA_DIR).rglob("*")):
        if path.is_file():
            yield f"file {path.name}", path.read_bytes()


def figures() -> bytes:
    """What `/metrics` tells."""
    return generate_latest()
