"""The second opinion on a turn that no phrase foresaw: a linear model over words and parts of words, and an encoder.

Both have learned from labelled turns (`training.turns`). How they were made and what their figures do not show:
docs/agents.md. They never hear a consent: that is the rules' matter alone.
"""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from cathy.guardrails.opinion import files
from cathy.guardrails.opinion.encoder import Encoder

from . import model_file
from .weighing import HARDLY, MUST_NOT_MISS, Chances

#: features fall into this many places; a power of two
PLACES = 2**16
MOST_WORDS, MOST_LETTERS = 60, 400
_SIZES = (2, 3, 4, 5)
_SHORT = 5
#: what the encoder's word counts for
_CAREFUL = 0.6

Floats = npt.NDArray[np.float32]


def features(turn: str, question: str, kind: str, answer: str) -> list[list[int]]:
    """Places of the features in four groups: the turn's words, its parts of words, the question before, the answer.

    `turn` and `question` are normalised, `kind` is that of the question, `answer` how the turn answers it. Training
    and reading both go through this function, so that they cannot drift apart.
    """
    words = turn.split()[:MOST_WORDS]
    asked = question.split()[-MOST_WORDS:]
    groups = (_words(words), _parts(words), _question(asked), _answer(words, kind, answer))
    return [sorted({crc32(name.encode()) & (PLACES - 1) for name in group}) for group in groups]


def _words(words: list[str]) -> set[str]:
    row = ["^", *words, "$"]
    found = set(row)
    found.update(f"{a} {b}" for a, b in itertools.pairwise(row))
    found.update(f"{a} {b} {c}" for a, b, c in zip(row, row[1:], row[2:], strict=False))
    return found


def _parts(words: list[str]) -> set[str]:
    line = "  ".join(words)[:MOST_LETTERS]
    return {
        f"/{piece[at : at + size]}"
        for piece in (f" {word} " for word in line.split())
        for size in _SIZES
        for at in range(max(1, len(piece) - size + 1))
    }


def _question(words: list[str]) -> set[str]:
    return {f"q {word}" for word in words} | {f"q {a} {b}" for a, b in itertools.pairwise(words)} or {"q"}


def _answer(words: list[str], kind: str, answer: str) -> set[str]:
    found = {f"k {kind}", f"a {answer}", f"ka {kind} {answer}"}
    if len(words) <= _SHORT:
        found.add(f"short {kind}")
        found.update(f"kw {kind} {word}" for word in words)
    return found


class Reader:
    """Log-chances of the intents of a turn by its words and their parts."""

    def __init__(self, file: Path) -> None:
        """Read the weights. Raises OSError, KeyError or ValueError when `file` is missing or not ours."""
        with np.load(file, allow_pickle=False) as data:
            self.intents: tuple[str, ...] = tuple(str(name) for name in data["intents"])
            self._weights: npt.NDArray[np.int8] = data["weights"]
            self._scale: Floats = data["scale"]
            self._bias: Floats = data["bias"]
            self._rarity: Floats = data["rarity"]
            self._shares: Floats = data["shares"]
        if self._weights.shape != (PLACES, len(self.intents)) or self._rarity.shape != (PLACES,):
            raise ValueError(f"{file.name} does not fit this program: {self._weights.shape}")

    def read(self, groups: list[list[int]]) -> dict[str, float]:
        """Return the natural logarithm of each intent's chance."""
        places = np.fromiter(itertools.chain.from_iterable(groups), dtype=np.int64)
        values = weigh(groups, self._rarity, self._shares)
        logits = (values @ self._weights[places].astype(np.float32)) * self._scale + self._bias
        chances = logits - np.logaddexp.reduce(logits)
        return dict(zip(self.intents, chances.tolist(), strict=True))


def weigh(groups: list[list[int]], rarity: Floats, shares: Floats) -> Floats:
    """The value of each feature: its rarity, each group brought to the length that is its share."""
    rows = []
    for places, share in zip(groups, shares, strict=True):
        values = rarity[places]
        rows.append(values * (share / max(float(np.sqrt(values @ values)), 1e-6)))
    return np.concatenate(rows).astype(np.float32)


class Readers:
    """Both readers, whose log-chances are weighed against each other. What is there, the careful one alone says."""

    def __init__(self) -> None:
        """Read the models. Raises OSError, KeyError, ValueError or an error of the runtime when one is not ours."""
        self._quick = Reader(model_file.WEIGHTS)
        self._careful = Encoder(model_file.ENCODER, files.WEIGHTS / "pieces.json")

    def read(self, groups: list[list[int]], turn: str, question: str, *, answers: bool) -> Chances:
        """Return the chances of each intent; `turn` and `question` are normalised.

        What must not be missed stands in the turn itself, unless it `answers` the question by a yes or a no: a question
        that speaks of people must not lend its words to it.
        """
        quick = self._quick.read(groups)
        best, there = self._careful_chances(turn, question)
        if question and not answers and any(there[intent] >= HARDLY for intent in MUST_NOT_MISS):
            best, alone = self._careful_chances(turn, "")
            there |= {intent: min(there[intent], alone[intent]) for intent in MUST_NOT_MISS}
        both = (1 - _CAREFUL) * np.array(list(quick.values())) + _CAREFUL * best
        return Chances(dict(zip(quick, (both - np.logaddexp.reduce(both)).tolist(), strict=True)), there)

    def _careful_chances(self, turn: str, question: str) -> tuple[Floats, dict[str, float]]:
        best, there = np.split(self._careful.logits(turn, question), 2)
        named = (1 / (1 + np.exp(-there))).tolist()
        return best - np.logaddexp.reduce(best), dict(zip(self._quick.intents, named, strict=True))


@cache
def load() -> Readers:
    """Load the models once. Raises RuntimeError when they cannot be: turns are never read with less."""
    try:
        return Readers()
    except Exception as error:
        raise RuntimeError(
            f"The recogniser's models in {model_file.WEIGHTS.parent} cannot be read ({type(error).__name__}). Restore"
            " them from the repository or make them anew as docs/agents.md tells; without them no turn is read."
        ) from error
