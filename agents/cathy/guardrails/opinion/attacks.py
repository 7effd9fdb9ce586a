"""Whether a customer's turn is an attack on the machine: what the phrases saw, weighed with a linear model over words.

The model has learned from attacks and from turns that only sound like one (`training.attacks`, docs/agents.md). It
reads the turn as a whole and each sentence, so that nothing hides in a long text, in a tenth of a millisecond each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from . import files
from .ngrams import NgramModel

#: log-odds from which a turn, or a sentence in it, is an attack without a phrase
_ENOUGH, _ENOUGH_IN_PART = -0.3, 0.5
#: and below which a phrase alone makes none
_HARDLY = -1.5


def weigh(phrased: str | None, parts: Sequence[str]) -> str | None:
    """Return why the turn is an attack, or nothing.

    `phrased` is what the phrases saw; of `parts`, all normalised, the whole turn is the first and its sentences follow.
    Raises RuntimeError when the model cannot be read.
    """
    # A turn of one sentence is read once.
    odds = [float(load().read(part, "")[0]) for part in dict.fromkeys(part.strip() for part in parts)]
    whole, highest = odds[0], max(odds)
    if whole > _ENOUGH or highest > _ENOUGH_IN_PART:
        return phrased or "reads as an attack on the machine"
    return phrased if highest > _HARDLY else None


@cache
def load() -> NgramModel:
    """Load the model once. Raises RuntimeError when it cannot be: turns are never judged with less."""
    try:
        return NgramModel(files.WEIGHTS / files.ATTACKS)
    except Exception as error:
        raise RuntimeError(
            f"The model of attacks in {files.WEIGHTS} cannot be read ({type(error).__name__}). Restore that folder from"
            " the repository or write it anew as docs/agents.md tells; without it no turn is judged."
        ) from error
