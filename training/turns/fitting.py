"""Fit the reader: one logistic regression over all intents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cathy.simulation.understanding.reader import PLACES, weigh

from .lessons import Lesson

#: what the turn's words, its parts of words, the question before and the answer weigh
SHARES = np.array([1.0, 1.0, 0.6, 0.6], dtype=np.float32)
_STRENGTH = 20.0

Floats = npt.NDArray[np.float32]


def fit(lessons: Sequence[Lesson], file: Path) -> None:
    """Learn from the lessons and write the weights in 8 bits, one scale an intent."""
    rarity = _rarity(lessons)
    rows, intents, weights = _answers(lessons)
    model = LogisticRegression(C=_STRENGTH, max_iter=300)
    model.fit(_matrix(lessons, rarity)[rows], intents, sample_weight=weights)
    columns = model.coef_.T
    scale = np.abs(columns).max(axis=0) / 127
    np.savez_compressed(
        file,
        intents=model.classes_,
        weights=np.rint(columns / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        rarity=rarity.astype(np.float16).astype(np.float32),
        shares=SHARES,
    )


def _answers(lessons: Sequence[Lesson]) -> tuple[list[int], list[str], list[float]]:
    """A turn with several right intents counts for each of them, by its share."""
    pairs = [(number, intent) for number, lesson in enumerate(lessons) for intent in lesson.intents]
    weights = [1 / len(lessons[number].intents) for number, _ in pairs]
    return [number for number, _ in pairs], [intent for _, intent in pairs], weights


def _rarity(lessons: Sequence[Lesson]) -> Floats:
    seen = np.zeros(PLACES)
    for lesson in lessons:
        seen[list({place for group in lesson.features for place in group})] += 1
    return (np.log((1 + len(lessons)) / (1 + seen)) + 1).astype(np.float16).astype(np.float32)


def _matrix(lessons: Sequence[Lesson], rarity: Floats) -> csr_matrix:
    places = [np.concatenate([np.array(group, dtype=np.int64) for group in row.features]) for row in lessons]
    values = np.concatenate([weigh(row.features, rarity, SHARES) for row in lessons])
    starts = np.cumsum([0, *map(len, places)])
    return csr_matrix((values, np.concatenate(places), starts), shape=(len(lessons), PLACES))
