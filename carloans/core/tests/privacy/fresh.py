"""Texts written by hand, blind to the recognisers: one a line, `{TYPE|value}` marks what is personal."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from carloans.core.privacy.spans import Span

DATA = Path(__file__).parent / "data"
CRITICAL = {"SSN", "SSN_LAST4", "CREDIT_CARD", "BANK_ACCOUNT", "ROUTING", "IBAN", "DRIVER_LICENSE", "DOB"}
_MARKED = re.compile(r"\{([A-Z0-9_]+)\|((?:[^{}]|\{[^{}]*\})*)\}")


@dataclass(frozen=True)
class Fresh:
    """A text and the personal data in it."""

    text: str
    gold: tuple[Span, ...]


def read(name: str) -> list[Fresh]:
    """The texts of one data file, in order."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_parsed(line.replace("\\n", "\n").replace("\\t", "\t")) for line in lines if line and line[0] != "#"]


def _parsed(line: str) -> Fresh:
    text, gold, position = "", [], 0
    for mark in _MARKED.finditer(line):
        text += line[position : mark.start()]
        gold.append(Span(mark[1], len(text), len(text) + len(mark[2])))
        text, position = text + mark[2], mark.end()
    return Fresh(text + line[position:], tuple(gold))


def left_open(text: str, gold: Span, found: Iterable[Span]) -> str:
    """The letters and digits of a value that stand outside every span."""
    hidden = {place for span in found for place in range(span.start, span.end)}
    return "".join(text[p] for p in range(gold.start, gold.end) if p not in hidden and text[p].isalnum())


def is_found(text: str, gold: Span, found: Iterable[Span]) -> bool:
    """Is the value wholly hidden, and under its own type?"""
    found = tuple(found)
    named = any(span.type == gold.type and span.start < gold.end and gold.start < span.end for span in found)
    return named and not left_open(text, gold, found)


def recall(texts: list[Fresh], find: Callable[[str], Iterable[Span]]) -> dict[str, float]:
    """Per type, the share of the values that `find` hides."""
    marks: dict[str, list[bool]] = defaultdict(list)
    for fresh in texts:
        found = tuple(find(fresh.text))
        for gold in fresh.gold:
            marks[gold.type].append(is_found(fresh.text, gold, found))
    return {name: sum(values) / len(values) for name, values in marks.items()}


def leaks(texts: list[Fresh], find: Callable[[str], Iterable[Span]]) -> list[str]:
    """The texts with critical data of which a letter or digit stays."""
    return [
        fresh.text
        for fresh in texts
        if any(g.type in CRITICAL and left_open(fresh.text, g, tuple(find(fresh.text))) for g in fresh.gold)
    ]
