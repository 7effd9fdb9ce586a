"""What the engine costs: the first text of a reply through it, next to the bare SDK with the same model.

python manage.py shell -c "from cathy.bench import measure; print(measure())"
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from agents import Agent, RunConfig, Runner
from agents.models.interface import Model, ModelProvider

from carloans.core.clock import utc_now
from cathy import services
from cathy.engine import Context, Guards, MemorySession, TextDelta, define_agent, stream_reply
from cathy.engine.provider import stand_in
from cathy.simulation.contract import Plan, Say, Turn
from cathy.simulation.model import SimulatedModel

_NAME = "Bench"
_ALIAS = "chat-main"
_TEXT = "Thanks for coming back. " + "Your application is saved and we can go on from where you left it. " * 4


def _brain(turn: Turn) -> Plan:
    return [Say(_TEXT)]


def measure(runs: int = 60, *, guards: Guards | None = None) -> dict[str, Any]:
    """Return milliseconds to the first text and to the end: bare SDK, engine, and the difference of the medians.

    Also replies per second with 20 conversations at once. Uses the configured database, as a web process does,
    and removes its run rows again. Never call it on an event loop.
    """
    try:
        return asyncio.run(_measure(runs, guards))
    finally:
        services.forget_runs(agent=_NAME)


async def _measure(runs: int, guards: Guards | None) -> dict[str, Any]:
    model = SimulatedModel(_ALIAS, _brain)
    bare = await _series(runs, lambda: _bare(model))
    with stand_in(_ALIAS, model):
        engine = await _series(runs, lambda: _through_engine(guards))
        together = await _concurrent(20, guards)
    return {
        "runs": runs,
        "bare_sdk": bare,
        "engine": engine,
        "first_text_overhead_ms": round(engine["first_text"]["p50"] - bare["first_text"]["p50"], 2),
        "replies_per_second_20_at_once": together,
    }


async def _series(runs: int, once: Callable[[], Awaitable[tuple[float, float]]]) -> dict[str, Any]:
    for _ in range(3):
        await once()
    pairs = [await once() for _ in range(runs)]
    return {
        "first_text": _spread([first for first, _ in pairs]),
        "end": _spread([end for _, end in pairs]),
    }


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[18], 2)}


class _OneModel(ModelProvider):
    def __init__(self, model: Model) -> None:
        self._model = model

    def get_model(self, model_name: str | None) -> Model:
        return self._model


async def _bare(model: Model) -> tuple[float, float]:
    began, first = time.perf_counter(), 0.0
    config = RunConfig(model_provider=_OneModel(model), tracing_disabled=True)
    result = Runner.run_streamed(Agent(name=_NAME, model=_ALIAS, instructions="Answer."), "hi", run_config=config)
    async for event in result.stream_events():
        if not first and event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            first = time.perf_counter()
    return _ms(first - began), _ms(time.perf_counter() - began)


_AGENT = define_agent(_NAME, _ALIAS, "Answer.")


async def _through_engine(guards: Guards | None) -> tuple[float, float]:
    began, first = time.perf_counter(), 0.0
    context = Context(now=utc_now())
    stream = stream_reply(_AGENT, text="hi", context=context, session=MemorySession(), trigger="bench", guards=guards)
    async for event in stream:
        if not first and isinstance(event, TextDelta):
            first = time.perf_counter()
    return _ms(first - began), _ms(time.perf_counter() - began)


async def _concurrent(replies: int, guards: Guards | None) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_through_engine(guards) for _ in range(replies)))
    return round(replies / (time.perf_counter() - began), 1)


def _ms(seconds: float) -> float:
    return seconds * 1000
