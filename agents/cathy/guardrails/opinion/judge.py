"""Weigh the rules and the two models: one verdict per sentence, and which layer spoke it.

The quick reader decides what is clear, the careful one what is doubtful. A sentence of a longer text is read twice, by
itself and, unless that cannot change the verdict any more, with the text around it: what comes before and behind tells
a promise from a warning. All scores and the
rules' word are weighed by a logistic formula (`weights/weighing.json`; docs/agents.md tells how it was fitted).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .encoder import Encoder
from .files import WEIGHTS
from .ngrams import NgramModel

Floats = npt.NDArray[np.float32]
#: normalised words and the customer's line before them, which may be empty
Line = tuple[str, str]
_SHORT_ANSWER = 4


@dataclass(frozen=True, slots=True)
class Opinion:
    """`forbidden` with the `rule` that the models think of and the `layer` that decided: "words" or "encoder"."""

    forbidden: bool
    rule: str
    layer: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """The numbers of the formula for a sentence "alone" and for one "among" others.

    Log-odds = bias + ngrams·quick + encoder·careful + rule (when a rule was broken) + around_ngrams·quick and
    around_encoder·careful of the text around it, where there is one; above "threshold" it is forbidden. What is
    "certain" by itself no neighbour can excuse, and no line of the customer's makes forbidden what is "harmless" by
    itself. What the careful reader says of the text around counts up to the "ceiling", and is not asked for where even
    that would not do. `clear` says between which log-odds the quick reader alone does not decide, when a rule was
    "broken" and when not.
    """

    labels: tuple[str, ...]
    alone: dict[str, float]
    among: dict[str, float]
    clear: dict[str, tuple[float, float]]


class Models:
    """Both readers and how they are weighed."""

    def __init__(self, folder: Path) -> None:
        """Load the four files of `folder`. Raises OSError, ValueError or KeyError when one is missing or damaged."""
        data = json.loads((folder / "weighing.json").read_text("utf-8"))
        self.weighing = Weighing(tuple(data["labels"]), data["alone"], data["among"], data["clear"])
        self._ngrams = NgramModel(folder / "ngrams.npz")
        self._careful = lru_cache(maxsize=1024)(Encoder(folder / "encoder.onnx", folder / "pieces.json").read)

    def judge(self, line: Line, *, broken: bool, pair: bool, around: Line | None = None) -> Opinion:
        """Judge one normalised sentence; `broken` says that a rule found something in it.

        A `pair` of sentences that no rule objects to is forbidden only when that is clear to the quick reader.
        """
        opinion = self._judged(line, broken=broken, pair=pair, around=around)
        if opinion.forbidden and not broken and line[1] and self._harmless_alone(line[0]):
            return Opinion(False, opinion.rule, opinion.layer)
        return opinion

    def _harmless_alone(self, text: str) -> bool:
        """Tell whether no question before it can make the text forbidden; of a short answer that is not known."""
        if len(text.split()) <= _SHORT_ANSWER:
            return False
        rules = self._careful(text, "")[: len(self.weighing.labels)]
        return (
            _odds(self.weighing.alone, self._ngrams.read(text, "")[0], rules, False) < self.weighing.alone["harmless"]
        )

    def _judged(self, line: Line, *, broken: bool, pair: bool, around: Line | None) -> Opinion:
        words = self._ngrams.read(*line)
        wide = self._ngrams.read(*around)[0] if around else words[0]
        low, high = self.weighing.clear["broken" if broken else "clean"]
        if max(words[0], wide) < low or words[0] > high or (pair and not broken):
            return Opinion(bool(words[0] > high), self._rule(words[1:]), "words")
        return self._weighed(line, around, quick=words[0], wide=wide, broken=broken)

    def _weighed(self, line: Line, around: Line | None, *, quick: float, wide: float, broken: bool) -> Opinion:
        rules = self._careful(*line)[: len(self.weighing.labels)]
        alone = _odds(self.weighing.alone, quick, rules, broken)
        if around is None or alone > self.weighing.alone["certain"]:
            return Opinion(bool(alone > self.weighing.alone["threshold"]), self._rule(rules), "encoder")
        numbers = self.weighing.among
        odds = _odds(numbers, quick, rules, broken) + numbers["around_ngrams"] * wide
        if odds + numbers["around_encoder"] * numbers["ceiling"] <= numbers["threshold"]:
            return Opinion(False, self._rule(rules), "encoder")
        wider = self._careful(*around)[: len(self.weighing.labels)]
        odds += numbers["around_encoder"] * min(_log_odds(wider), numbers["ceiling"])
        return Opinion(bool(odds > numbers["threshold"]), self._rule(np.logaddexp(rules, wider)), "encoder")

    def _rule(self, scores: Floats) -> str:
        return self.weighing.labels[int(np.argmax(scores))]


def _odds(numbers: dict[str, float], quick: float, rules: Floats, broken: bool) -> float:
    sentence = numbers["ngrams"] * quick + numbers["encoder"] * _log_odds(rules)
    return float(numbers["bias"] + sentence + numbers["rule"] * broken)


def _log_odds(rules: Floats) -> float:
    """Log-odds of the sum of the rules' probabilities, kept within ±8."""
    chance = min(max(float(np.exp(rules).sum()), 3e-4), 1 - 3e-4)
    return float(np.log(chance / (1 - chance)))


@cache
def load() -> Models:
    """Load the models once. Raises RuntimeError when they cannot be: the linter never goes on with less."""
    try:
        return Models(WEIGHTS)
    except Exception as error:
        raise RuntimeError(
            f"The claim linter's models in {WEIGHTS} cannot be read ({type(error).__name__}). Restore that folder from"
            " the repository or write it anew as docs/agents.md tells; without it no text is judged."
        ) from error


@lru_cache(maxsize=4096)
def judge(line: Line, broken: bool, pair: bool = False, around: Line | None = None) -> Opinion:
    """Judge one normalised sentence of the text `around` it, from memory when it was judged before."""
    return load().judge(line, broken=broken, pair=pair, around=around)
