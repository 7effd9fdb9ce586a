"""The engine's notes on one run while it goes on, and their way into the run log.

The row is written before the model is asked and closed, with tool calls and verdicts, in one transaction at the
end. Nothing waits in a background queue, so a killed process loses at most the closing, which the sweep mends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from carloans.core.errors import CarLoansError
from cathy import budgets, services
from cathy.engine.context import Context
from cathy.engine.db import Unit, db
from cathy.engine.recording import Recording
from cathy.engine.usage import Answer
from cathy.prompts import active
from cathy.prompts.active import Prompt

log = logging.getLogger(__name__)

#: Spans kept of one run; a run of six turns with tools has fewer.
TIMELINE_LIMIT = 80
NOTHING = budgets.Spent()


@dataclass
class RunRecord:
    """Grows during the run. Times are milliseconds since `started` (a monotonic reading)."""

    run_id: UUID
    agent: str
    trigger: str
    model: str
    mode: str
    #: The agent's own; the row is marked with it and the version of the wishes together.
    prompt_version: str
    context: Context
    #: The version of the wishes that holds for the whole run; looked up when the run starts.
    prompt: Prompt = active.DEFAULT
    #: How the row is written: alone, or in a transaction that several runs share.
    unit: Unit = db
    #: The caller wrote the row, and asked the switch, in a transaction of its own a moment ago (`open_run`).
    opened: bool = False
    #: What closes such a run when it has succeeded: its caller does so, in the transaction that keeps the reply.
    close: Callable[[], bool] | None = None
    #: Whether such a run has made its first request: later ones ask the switch again.
    asked: bool = False
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
    #: What the real models' answers cost; None while none of them has a price.
    microcents: int | None = None
    answers: int = 0
    recording: Recording = field(default_factory=Recording)

    def elapsed_ms(self) -> float:
        """Milliseconds since the run began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    def saw_text(self) -> None:
        """Note the moment of the first checked text; later calls change nothing."""
        if self.first_text_ms is None:
            self.first_text_ms = self.elapsed_ms()

    def saw_answer(self, answer: Answer) -> None:
        """Note which real model answered and what it took: a spent budget stops the run at its next request."""
        self.model = answer.model
        self.answers += 1
        self.tokens_in += answer.tokens_in
        self.tokens_out += answer.tokens_out
        cost = budgets.cost_microcents(model=answer.model, tokens_in=answer.tokens_in, tokens_out=answer.tokens_out)
        if cost is not None:
            self.microcents = (self.microcents or 0) + cost
        if answer.estimated:
            self.saw_span(kind="usage", name="estimated", ms=0.0, failed=False)

    @property
    def spent(self) -> budgets.Spent:
        """What the real models took so far."""
        return budgets.Spent(self.tokens_in + self.tokens_out, self.microcents or 0) if self.answers else NOTHING

    def saw_usage(self, *, requests: int, tokens_in: int, tokens_out: int) -> None:
        """Note the SDK's own count at the end. It knows of failed requests, but takes a silent provider for a free
        one: where answers were counted, their sums stand."""
        self.requests = max(requests, self.answers)
        if not self.answers:
            self.tokens_in, self.tokens_out = tokens_in, tokens_out

    def saw_span(self, *, kind: str, name: str, ms: float, failed: bool) -> None:
        """Note a finished span of the trace."""
        if len(self.timeline) < TIMELINE_LIMIT:
            at = round(max(self.elapsed_ms() - ms, 0.0), 2)
            self.timeline.append({"kind": kind, "name": name, "at_ms": at, "ms": ms, "failed": failed})

    def saw_verdict(self, *, stage: str, rule: str, action: str, layer: str = "") -> None:
        """Note a guardrail's no, and which layer of the claim linter spoke it."""
        self.verdicts.append(services.VerdictEntry(stage=stage, rule=rule, action=action, layer=layer))

    @property
    def rules_hit(self) -> tuple[str, ...]:
        """Rules that changed or stopped the reply, in order, each once."""
        return tuple(dict.fromkeys(v.rule for v in self.verdicts if v.stage in {"input", "sentence"}))

    async def start(self) -> None:
        """Write the row unless it is there. Raises what the database raises: without a row there is no run."""
        if not self.opened:
            await self.unit(self.write)()

    def write(self) -> None:
        """The row, in the caller's transaction, marked with the version of the wishes that holds for the whole run."""
        context = self.context
        self.prompt = active.current()
        services.start_run(
            run_id=self.run_id,
            agent=self.agent,
            trigger=self.trigger,
            model=self.model,
            mode=self.mode,
            prompt=self.prompt.version,
            prompt_version=self.prompt.mark(self.prompt_version),
            conversation_id=context.conversation_id,
            visitor_id=context.visitor_id,
            application_id=context.application_id,
            now=context.now,
        )

    def ending(self, outcome: str, error: CarLoansError | None = None) -> Callable[[], bool]:
        """What closes the row in its caller's transaction, with all that is known by now."""
        total = self.elapsed_ms()
        return partial(
            services.finish_run,
            run_id=self.run_id,
            outcome=outcome,
            model=self.model,
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
            microcents=self.microcents,
            recorded=self.recording.kept(self.tools, locale=self.context.locale, facts=self.context.facts),
        )

    async def finish(self, outcome: str, error: CarLoansError | None = None) -> None:
        """Close the row. A database that fails here costs the log entry, never the reply."""
        try:
            await self.unit(self.ending(outcome, error))()
        except DatabaseError as problem:
            log.error("run %s could not be closed: %s", self.run_id, type(problem).__name__)
