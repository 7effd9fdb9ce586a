"""Filters over JSON lines: one line out for each line in, same order, same `id`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from carloans.core.errors import CarLoansError

Handle = Callable[[dict[str, Any]], dict[str, Any]]


def answer(line: str, handle: Handle) -> tuple[dict[str, Any], bool]:
    """The reply to one line, and whether the line was good. A bad line names its fault and keeps its id."""
    record: Any = None
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError("a line must be a JSON object")
        return {"id": record.get("id"), **handle(record)}, True
    except (ValueError, KeyError, TypeError, CarLoansError) as error:
        known_id = record.get("id") if isinstance(record, dict) else None
        return {"id": known_id, "error": _words(error)}, False


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    return f"the field {error} is missing" if isinstance(error, KeyError) else str(error)


def run_filter(handle: Handle, *, source: Iterable[str] | None = None, target: TextIO | None = None) -> int:
    """Answer every non-empty line as it comes. Returns the exit status: 1 if any line was bad, else 0."""
    out = target or sys.stdout
    status = 0
    for line in source if source is not None else sys.stdin:
        if not line.strip():
            continue
        reply, good = answer(line, handle)
        status = status if good else 1
        out.write(json.dumps(reply, ensure_ascii=False) + "\n")
        out.flush()
    return status


def text_of(record: dict[str, Any], field: str = "text") -> str:
    """A required text field. Raises ValueError when it is absent or not text."""
    value = record.get(field)
    if not isinstance(value, str):
        raise ValueError(f"the field '{field}' must be text")
    return value
