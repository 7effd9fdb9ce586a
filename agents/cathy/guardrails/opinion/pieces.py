"""Cut words into the pieces that the encoder knows: a unigram tokenizer for plain lower-case text."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

START, PADDING, END, UNKNOWN = 0, 1, 2, 3
_MARK = "▁"
_UNKNOWN_COST = 20.0


class Pieces:
    """The vocabulary: each piece with its logarithmic probability, the more likely cut wins."""

    def __init__(self, file: Path) -> None:
        """Read the vocabulary. Raises OSError, ValueError or KeyError when `file` is missing or not ours."""
        entries = json.loads(file.read_text("utf-8"))["pieces"]
        self._pieces: dict[str, tuple[int, float]] = {
            piece: (number, score) for number, (piece, score) in enumerate(entries) if number > UNKNOWN
        }
        self._longest = max(map(len, self._pieces))
        self._word = lru_cache(maxsize=20_000)(self._cut)

    def ids(self, text: str, most: int) -> list[int]:
        """Numbers of the pieces of `text`, `most` of them at the most."""
        found: list[int] = []
        for word in text.split():
            found.extend(self._word(word))
            if len(found) >= most:
                break
        return found[:most]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The most likely cut of one word; a character that no piece holds counts as unknown."""
        marked = _MARK + word[:100]
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(marked) + 1):
            best.append(max(self._ways(marked, end, best), key=lambda way: way[0]))
        cut: list[int] = []
        end = len(marked)
        while end:
            _, start, number = best[end]
            cut.append(number)
            end = start
        return tuple(reversed(cut))

    def _ways(self, marked: str, end: int, best: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
        ways = [(best[end - 1][0] - _UNKNOWN_COST, end - 1, UNKNOWN)]
        for start in range(max(0, end - self._longest), end):
            if (known := self._pieces.get(marked[start:end])) is not None:
                ways.append((best[start][0] + known[1], start, known[0]))
        return ways
