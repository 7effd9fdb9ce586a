"""The program's own sentences: people wrote and reviewed them, so that the rules judge them and the models do not.

`reviewed.txt` holds one normalised sentence a line; `{ }` stands for a few words that are filled in. A test holds that
it is exactly what the program says today.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("reviewed.txt")
_GAP = "{ }"
#: What may stand in a gap: up to ten words, and no end of a sentence.
_FILLED = r"(?: [^\s.!?]+){0,10}"


@cache
def _lines() -> tuple[frozenset[str], dict[str, list[re.Pattern[str]]]]:
    """Sentences without a gap, and patterns of the others by their first word ("" where that is a gap)."""
    whole: set[str] = set()
    patterns: dict[str, list[re.Pattern[str]]] = defaultdict(list)
    for line in FILE.read_text("utf-8").splitlines():
        if _GAP in line:
            patterns["" if line.startswith(_GAP) else line.split(" ", 1)[0]].append(_pattern(line))
        else:
            whole.add(line)
    return frozenset(whole), dict(patterns)


def _pattern(line: str) -> re.Pattern[str]:
    """The line behind a space, word by word, so that a gap can be read in one way only."""
    words = line.replace(_GAP, "{}").split()
    return re.compile("".join(_FILLED if word == "{}" else rf" {re.escape(word)}" for word in words) + r"(?: [.!?])?")


@lru_cache(maxsize=4096)
def knows(text: str) -> bool:
    """Whether a normalised sentence is one of the program's own, also in a list or in front of an address."""
    line = text.strip().removeprefix("- ")
    return _known(line) or (line.endswith(" :") and _known(line.removesuffix(" :")))


def _known(line: str) -> bool:
    whole, patterns = _lines()
    if line in whole:
        return True
    candidates = (*patterns.get(line.split(" ", 1)[0], ()), *patterns.get("", ()))
    return any(pattern.fullmatch(f" {line}") for pattern in candidates)
