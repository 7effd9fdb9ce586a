"""The labelled turns, read from the corpora by writer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cathy.simulation.understanding.recogniser import listen

CORPUS = Path(__file__).parents[2] / "agents" / "cathy" / "tests" / "corpus"
#: no model learns from these
HELD_OUT = frozenset(
    {
        "turns_held_out",
        "turns_held_out_two",
        "turns_held_out_three",
        "turns_held_out_four",
        "turns_held_out_five",
        "turns_held_out_six",
    }
)
#: the intents any of which is best, others that are there, Cathy's line before, the turn
Row = tuple[tuple[str, ...], tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A turn as the readers read it, the intents any of which is best, and all that are there."""

    writer: str
    intents: tuple[str, ...]
    named: frozenset[str]
    features: list[list[int]]
    turn: str
    question: str


def read_all() -> list[Lesson]:
    """Every labelled turn, in a fixed order."""
    return [lesson for path in sorted(CORPUS.glob("turns*.*")) for lesson in _read(path)]


def _read(path: Path) -> Iterator[Lesson]:
    rows = _from_lines(path) if path.suffix == ".jsonl" else _from_table(path)
    for intents, others, context, text in rows:
        heard = listen(text, context or None)
        named = frozenset(intents) | frozenset(others)
        yield Lesson(path.stem, intents, named, heard.features, heard.turn, heard.question)


def _from_lines(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield (row["intent"],), (), row.get("context", ""), row["text"]


def _from_table(path: Path) -> Iterator[Row]:
    """Four columns: intents (by comma), context, turn, slots. Five: context, turn, intents (by bar), others, slots."""
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) == 5:
            yield tuple(cells[2].split("|")), tuple(filter(None, cells[3].split("|"))), cells[0], cells[1]
        else:
            yield tuple(cells[0].split(",")), (), cells[1], cells[2]
