"""What the engine costs: the first text of a reply through it, next to the bare SDK with the same model in the same
run, and the gate's time for a sentence.

python manage.py bench engine
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from agents import Agent, RunConfig, Runner
from agents.models.interface import Model, ModelProvider

from carloans.core.clock import utc_now
from cathy import services
from cathy.engine import Context, Guards, MemorySession, TextDelta, define_agent, stream_reply, warm_up
from cathy.engine.gate import Gate, ResponseGate
from cathy.engine.guards import house_guards
from cathy.engine.provider import stand_in
from cathy.engine.record import RunRecord
from cathy.simulation.contract import Plan, Say, Turn
from cathy.simulation.model import SimulatedModel

_NAME = "Bench"
_ALIAS = "chat-main"
_TEXT = "Thanks for coming back. " + "Your application is saved and we can go on from where you left it. " * 3
#: What Cathy says on an ordinary day; a reply is three of them, and no two replies are the same.
_SENTENCES = (
    "Thanks for coming back, it is good to see you again.",
    "Your application is saved, and it stands at step three of five.",
    "Only the questions about your employer and your address are left.",
    "I can show you the form for that right here, whenever you are ready.",
    "A soft credit check does not affect your credit score, and it starts only when you press the button yourself.",
    "I can't quote a rate or a payment, but the dealer will go over the numbers with you.",
    "Would you like to go on with the car that you picked, or look at another one?",
    "If you would rather talk to somebody, a person from our team can join this chat.",
    "Su solicitud está guardada y puede continuar cuando quiera.",
    "Una persona del equipo puede ayudarle con esa pregunta.",
)


def _brain(turn: Turn) -> Plan:
    return [Say(_TEXT)]


def measure(runs: int = 60, *, guards: Guards | None = None) -> dict[str, Any]:
    """Return milliseconds to the first text and to the end: bare SDK, engine, and the difference of the medians.

    Both take turns, so that a busy machine slows both. Also replies per second with 20 conversations at once, and what
    the gate takes for a sentence. Uses the configured database, as a web process does, and removes its run rows again.
    Never call it on an event loop.
    """
    warm_up()
    try:
        figures = asyncio.run(_measure(runs, guards))
    finally:
        services.forget_runs(agent=_NAME)
    return {**figures, "gate_per_sentence_ms": gate_times(), "targets_ms": {"first_text": 10, "sentence": 1}}


async def _measure(runs: int, guards: Guards | None) -> dict[str, Any]:
    model = SimulatedModel(_ALIAS, _brain)
    with stand_in(_ALIAS, model):
        bare, engine = await _in_turns(runs, lambda: _bare(model), lambda: _through_engine(guards))
        together = await _concurrent(20, guards)
    return {
        "runs": runs,
        "bare_sdk": bare,
        "engine": engine,
        "first_text_overhead_ms": round(engine["first_text"]["p50"] - bare["first_text"]["p50"], 2),
        "first_text_overhead_cpu_ms": round(engine["first_text_cpu"]["p50"] - bare["first_text_cpu"]["p50"], 2),
        "replies_per_second_20_at_once": together,
    }


def gate_times(replies: int = 200) -> dict[str, float]:
    """Milliseconds of work of the house's gate with one sentence of a reply of three, none of which it has met."""
    check, times = house_guards().check_sentence, []
    for number in range(replies):
        gate = Gate(check, locale="en", record=_no_record(), question="How does it go on?")
        message = ResponseGate(gate).message(0)
        for place in range(3):
            sentence = f"{_SENTENCES[(number + place) % len(_SENTENCES)][:-1]} ({number}). "
            began = time.thread_time()
            list(message.feed(sentence))
            times.append(_ms(time.thread_time() - began))
    return _spread(times)


def _no_record() -> RunRecord:
    context = Context(now=utc_now())
    return RunRecord(
        run_id=uuid4(), agent=_NAME, trigger="bench", model="", mode="simulated", prompt_version="", context=context
    )


#: Milliseconds to the first text, to the end, and of this process's own work until the first text.
Times = tuple[float, float, float]
Once = Callable[[], Awaitable[Times]]


async def _in_turns(runs: int, *ways: Once) -> list[dict[str, Any]]:
    for _ in range(3):
        for way in ways:
            await way()
    rounds = [[await way() for way in ways] for _ in range(runs)]
    return [_series([one[place] for one in rounds]) for place in range(len(ways))]


def _series(times: list[Times]) -> dict[str, Any]:
    names = ("first_text", "end", "first_text_cpu")
    return {name: _spread([one[place] for one in times]) for place, name in enumerate(names)}


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[18], 2)}


class _OneModel(ModelProvider):
    def __init__(self, model: Model) -> None:
        self._model = model

    def get_model(self, model_name: str | None) -> Model:
        return self._model


class _Watch:
    """The wall's clock and the process's own: the second one does not see what else the machine does."""

    def __init__(self) -> None:
        self._began = time.perf_counter(), time.process_time()
        self._first = 0.0, 0.0

    def saw_text(self) -> None:
        if not self._first[0]:
            self._first = time.perf_counter(), time.process_time()

    def times(self) -> Times:
        wall, cpu = (_ms(first - began) for first, began in zip(self._first, self._began, strict=True))
        return wall, _ms(time.perf_counter() - self._began[0]), cpu


async def _bare(model: Model) -> Times:
    watch = _Watch()
    config = RunConfig(model_provider=_OneModel(model), tracing_disabled=True)
    result = Runner.run_streamed(Agent(name=_NAME, model=_ALIAS, instructions="Answer."), "hi", run_config=config)
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            watch.saw_text()
    return watch.times()


_AGENT = define_agent(_NAME, _ALIAS, "Answer.")


async def _through_engine(guards: Guards | None) -> Times:
    watch = _Watch()
    context = Context(now=utc_now())
    stream = stream_reply(_AGENT, text="hi", context=context, session=MemorySession(), trigger="bench", guards=guards)
    async for event in stream:
        if isinstance(event, TextDelta):
            watch.saw_text()
    return watch.times()


async def _concurrent(replies: int, guards: Guards | None) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_through_engine(guards) for _ in range(replies)))
    return round(replies / (time.perf_counter() - began), 1)


def _ms(seconds: float) -> float:
    return seconds * 1000
