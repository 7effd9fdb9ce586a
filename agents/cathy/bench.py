"""What the engine costs: the first text of a reply through it, next to the bare SDK with the same model in the same
run, and the gate's time for a sentence.

python manage.py bench engine
"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import uuid4

from agents import Agent, RunConfig, Runner
from agents.models.interface import Model, ModelProvider

from carloans.core.bench import scratch
from carloans.core.clock import utc_now
from cathy.engine import Context, MemorySession, TextDelta, define_agent, stream_reply, warm_up
from cathy.engine.gate import Gate, ResponseGate
from cathy.engine.guards import CheckSentence, house_guards
from cathy.engine.provider import stand_in
from cathy.engine.record import RunRecord
from cathy.guardrails.gate import PASS, GateVerdict
from cathy.simulation.contract import Plan, Say, Turn
from cathy.simulation.model import SimulatedModel

TARGETS = {"first_text": 10, "sentence": 1}
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


def measure(runs: int = 60) -> dict[str, Any]:
    """Return milliseconds to the first text and to the end: bare SDK, engine, and the difference of the medians.

    Both take turns, so that a busy machine slows both. Also replies per second with 20 conversations at once, and what
    the gate takes for a sentence (`gate_times`). In a process and on a database of its own, beside the configured one
    where that is PostgreSQL. Raises subprocess.CalledProcessError when such a database cannot be made.
    """
    with tempfile.TemporaryDirectory() as directory, scratch.database(os.environ.get("DATABASE_URL", "")) as url:
        found: dict[str, Any] = scratch.migrated_figures_of(__name__, str(runs), DATABASE_URL=url, DATA_DIR=directory)
    return found


def figures(times: str) -> dict[str, Any]:
    """What `measure` returns, where its database and process have been made."""
    runs = int(times)
    warm_up()
    return {**asyncio.run(_measure(runs)), "gate_per_sentence_ms": gate_times(3 * runs), "targets_ms": TARGETS}


async def _measure(runs: int) -> dict[str, Any]:
    model = SimulatedModel(_ALIAS, _brain)
    with stand_in(_ALIAS, model):
        bare, engine = await _in_turns(runs, lambda: _bare(model), _through_engine)
        together = await _concurrent(20)
    return {
        "runs": runs,
        "bare_sdk": bare,
        "engine": engine,
        "first_text_overhead_ms": round(engine["first_text"]["p50"] - bare["first_text"]["p50"], 2),
        "first_text_overhead_cpu_ms": round(engine["first_text_cpu"]["p50"] - bare["first_text_cpu"]["p50"], 2),
        "replies_per_second_20_at_once": together,
    }


def gate_times(replies: int) -> dict[str, Any]:
    """Milliseconds of work for one sentence of a reply of three, through an open gate (the floor) and through ours.

    `said_before`: this process has judged the same reply already. `everyday`: it has judged each sentence, but in other
    company. `never_met`: it has not judged the sentence, nor learned it. `never_met_wait`: the part of that work which
    is done when the blank behind the sentence comes in a delta of its own. `doubtful`: claims and their like, which all
    readers have to look at. A model that takes longer for its next word
    than the rest of the work makes the customer wait no more than this. `over_floor` compares the medians.
    """
    ours = house_guards().check_sentence
    floor = _spread(_gate_times(_open, map(_new_reply, range(replies))))
    everyday = list(itertools.islice(itertools.permutations(_SENTENCES, 3), 0, None, 3))[:replies]
    for sentence in _SENTENCES:
        _fed(ours, [sentence])
    found = {
        "everyday": _gate_times(ours, everyday),
        "said_before": _gate_times(ours, everyday),
        "never_met": _gate_times(ours, map(_new_reply, range(replies))),
        "never_met_wait": _gate_times(ours, map(_new_reply, range(replies, 2 * replies)), by_word=True),
        "doubtful": _gate_times(ours, _doubtful(replies)),
    }
    spreads = {name: _spread(times) for name, times in found.items()}
    over = {name: {**one, "over_floor": round(one["p50"] - floor["p50"], 2)} for name, one in spreads.items()}
    return {"open_gate": floor, **over}


def _gate_times(check: CheckSentence, replies: Iterable[Sequence[str]], *, by_word: bool = False) -> list[float]:
    return [one for reply in replies for one in _fed(check, reply, by_word=by_word)]


def _new_reply(number: int) -> list[str]:
    sentences = [_SENTENCES[(number + place) % len(_SENTENCES)] for place in range(3)]
    return [f"{one[:-1]} ({number})." for one in sentences]


def _doubtful(replies: int) -> list[list[str]]:
    from cathy.tests import corpora

    texts = [row["text"] for row in corpora.claims()]
    return [[text] for text in texts[:: max(1, len(texts) // replies)]]


def _fed(check: CheckSentence, sentences: Iterable[str], *, by_word: bool = False) -> list[float]:
    """Milliseconds of work for each sentence of one reply, or by word for the blank behind it alone."""
    gate = Gate(check, locale="en", record=_no_record(), question="How does it go on?")
    message, times = ResponseGate(gate).message(0), []
    for sentence in sentences:
        if by_word:
            list(message.feed(sentence))
        began = time.thread_time()
        list(message.feed(" " if by_word else f"{sentence} "))
        times.append(_ms(time.thread_time() - began))
    return times


def _open(text_so_far: str, sentence: str, *, locale: str, context: str | None) -> GateVerdict:
    return PASS


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


async def _through_engine() -> Times:
    watch = _Watch()
    context = Context(now=utc_now())
    stream = stream_reply(_AGENT, text="hi", context=context, session=MemorySession(), trigger="bench")
    async for event in stream:
        if isinstance(event, TextDelta):
            watch.saw_text()
    return watch.times()


async def _concurrent(replies: int) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_through_engine() for _ in range(replies)))
    return round(replies / (time.perf_counter() - began), 1)


def _ms(seconds: float) -> float:
    return seconds * 1000
