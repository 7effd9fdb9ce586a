"""The quick reader: a linear model over the words of a sentence and their neighbours, in well under a millisecond."""

from __future__ import annotations

import itertools
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

#: features fall into this many places; a power of two
PLACES = 2**17
MOST_WORDS = 120

Floats = npt.NDArray[np.float32]


def features(text: str, context: str) -> list[int]:
    """Places of the words, pairs, triples and pairs with a gap of normalised `text`, and of the words before it.

    Training and judging both read through this function, so that they cannot drift apart.
    """
    words = ["^", *text.split()[:MOST_WORDS], "$"]
    found = set(words)
    found.update(f"{a} {b}" for a, b in itertools.pairwise(words))
    found.update(f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False))
    found.update(f"{a} _ {c}" for a, c in zip(words, words[2:], strict=False))
    found.update(_asked(context.split()[:MOST_WORDS]))
    return sorted({crc32(name.encode()) & (PLACES - 1) for name in found})


def _asked(words: list[str]) -> set[str]:
    if not words:
        return {"noq"}
    return {"q", *(f"q {word}" for word in words), *(f"q {a} {b}" for a, b in itertools.pairwise(words))}


class NgramModel:
    """Log-odds that a sentence is forbidden, and which rule it would break."""

    def __init__(self, file: Path) -> None:
        """Read the weights. Raises OSError, KeyError or ValueError when `file` is missing or not ours."""
        with np.load(file, allow_pickle=False) as data:
            self._weights: npt.NDArray[np.int8] = data["weights"]
            self._scale: Floats = data["scale"]
            self._bias: Floats = data["bias"]
        if self._weights.shape != (PLACES, len(self._bias)):
            raise ValueError(f"{file.name} does not fit this program: {self._weights.shape}")

    def read(self, text: str, context: str) -> Floats:
        """Return the log-odds of "forbidden" first and then those of each rule, in the order of the labels."""
        places = features(text, context)
        total = self._weights[places].sum(axis=0, dtype=np.float32)
        odds: Floats = total * (self._scale / np.float32(len(places) ** 0.5)) + self._bias
        return odds
