"""Our trace processor in place of the SDK's exporter: nothing about a run leaves the process.

Importing this module replaces the default, which would post every prompt to its maker's servers. A trace that
belongs to a run (by its id) leaves the names and times of its spans in that run's record; all else is dropped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from agents.tracing import Span, Trace, set_trace_processors
from agents.tracing.processor_interface import TracingProcessor

from cathy.engine.record import RunRecord

#: Spans that only repeat what a run row says.
_DULL = frozenset({"agent", "task", "turn"})


class RunTracer(TracingProcessor):
    """Hands finished spans to the record of their run. Callbacks run on the event loop and only touch memory."""

    def __init__(self) -> None:
        self._records: WeakValueDictionary[str, RunRecord] = WeakValueDictionary()

    def follow(self, record: RunRecord) -> str:
        """Return the trace id under which the spans of `record` will be found."""
        trace_id = f"trace_{record.run_id.hex}"
        self._records[trace_id] = record
        return trace_id

    def on_trace_start(self, trace: Trace) -> None:
        """Nothing to do: the run row is written by the engine."""

    def on_trace_end(self, trace: Trace) -> None:
        """Nothing to do: the run row is closed by the engine."""

    def on_span_start(self, span: Span[Any]) -> None:
        """Nothing to do: a span is noted when it ends."""

    def on_span_end(self, span: Span[Any]) -> None:
        """Note the span's kind, name and duration; never its data."""
        record = self._records.get(span.trace_id)
        data = span.span_data
        if record is None or data.type in _DULL:
            return
        record.saw_span(
            kind=data.type, name=str(getattr(data, "name", "") or ""), ms=_duration_ms(span), failed=bool(span.error)
        )

    def shutdown(self) -> None:
        """Forget what is being followed."""
        self._records.clear()

    def force_flush(self) -> None:
        """Nothing waits here."""


def _duration_ms(span: Span[Any]) -> float:
    if not span.started_at or not span.ended_at:
        return 0.0
    took = datetime.fromisoformat(span.ended_at) - datetime.fromisoformat(span.started_at)
    return round(took.total_seconds() * 1000, 2)


tracer = RunTracer()
set_trace_processors([tracer])
