"""The engine's notes on one run while it goes on, and their way into the run log.

The row is written before the model is asked and closed, with tool calls and verdicts, in one transaction at the
end. Nothing waits in a background queue, so a killed process loses at most the closing, which the sweep mends.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from carloans.core.errors import CarLoansError
from cathy import services
from cathy.engine.context import Context
from cathy.engine.db import db

log = logging.getLogger(__name__)

#: Spans kept of one run; a run of six turns with tools has fewer.
TIMELINE_LIMIT = 80


@dataclass
class RunRecord:
    """Grows during the run. Times are milliseconds since `started` (a monotonic reading)."""

    run_id: UUID
    agent: str
    trigger: str
    model: str
    mode: str
    prompt_version: str
    context: Context
    started: float = field(default_factory=time.perf_counter)
    first_text_ms: float | None = None
    tools: list[services.ToolEntry] = field(default_factory=list)
    #: Name and success of each finished call, by the model's id for it.
    calls: dict[str, tuple[str, bool]] = field(default_factory=dict)
    verdicts: list[services.VerdictEntry] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def elapsed_ms(self) -> float:
        """Milliseconds since the run began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    def saw_text(self) -> None:
        """Note the moment of the first checked text; later calls change nothing."""
        if self.first_text_ms is None:
            self.first_text_ms = self.elapsed_ms()

    def saw_usage(self, *, requests: int, tokens_in: int, tokens_out: int) -> None:
        """Note what the model was asked for, as the provider counts it."""
        self.requests, self.tokens_in, self.tokens_out = requests, tokens_in, tokens_out

    def saw_span(self, *, kind: str, name: str, ms: float, failed: bool) -> None:
        """Note a finished span of the trace."""
        if len(self.timeline) < TIMELINE_LIMIT:
            at = round(max(self.elapsed_ms() - ms, 0.0), 2)
            self.timeline.append({"kind": kind, "name": name, "at_ms": at, "ms": ms, "failed": failed})

    def saw_verdict(self, *, stage: str, rule: str, action: str) -> None:
        """Note a guardrail's no."""
        self.verdicts.append(services.VerdictEntry(stage=stage, rule=rule, action=action))

    @property
    def rules_hit(self) -> tuple[str, ...]:
        """Rules that changed or stopped the reply, in order, each once."""
        return tuple(dict.fromkeys(v.rule for v in self.verdicts if v.stage in {"input", "sentence"}))

    async def start(self) -> None:
        """Write the row. Raises what the database raises: without a row there is no run."""
        context = self.context
        await db(services.start_run)(
            run_id=self.run_id,
            agent=self.agent,
            trigger=self.trigger,
            model=self.model,
            mode=self.mode,
            prompt_version=self.prompt_version,
            conversation_id=context.conversation_id,
            visitor_id=context.visitor_id,
            application_id=context.application_id,
            now=context.now,
        )

    async def finish(self, outcome: str, error: CarLoansError | None = None) -> None:
        """Close the row. A database that fails here costs the log entry, never the reply."""
        total = self.elapsed_ms()
        try:
            await db(services.finish_run)(
                run_id=self.run_id,
                outcome=outcome,
                now=self.context.now + timedelta(milliseconds=total),
                total_ms=total,
                first_text_ms=self.first_text_ms,
                error_category=error.category.value if error else "",
                error_code=error.code if error else "",
                requests=self.requests,
                tokens_in=self.tokens_in,
                tokens_out=self.tokens_out,
                timeline=self.timeline,
                tools=self.tools,
                verdicts=self.verdicts,
            )
        except DatabaseError as problem:
            log.error("run %s could not be closed: %s", self.run_id, type(problem).__name__)
