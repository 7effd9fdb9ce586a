"""Fit the quick reader: logistic regression over the places of a sentence's words and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cathy.guardrails.opinion.judge import Line
from cathy.guardrails.opinion.ngrams import PLACES, features

from .sentences import LABELS, Labelled

_STRENGTH = 30.0

Floats = npt.NDArray[np.float64]


def matrix(rows: Sequence[Labelled]) -> csr_matrix:
    """One row a sentence, each of its features weighing one by the root of their number."""
    return lines_matrix([(row.text, row.context) for row in rows])


def lines_matrix(lines: Sequence[Line]) -> csr_matrix:
    """The same for words with the line before them."""
    places = [features(*line) for line in lines]
    values = np.concatenate([np.full(len(own), len(own) ** -0.5) for own in places])
    starts = np.cumsum([0, *map(len, places)])
    return csr_matrix((values, np.concatenate([np.array(own) for own in places]), starts), shape=(len(lines), PLACES))


def fit_forbidden(rows: Sequence[Labelled], features_of: csr_matrix) -> LogisticRegression:
    """The model of "forbidden" or not."""
    return fit(features_of, np.array([row.forbidden for row in rows]), _STRENGTH)


def fit_rules(rows: Sequence[Labelled], features_of: csr_matrix) -> list[LogisticRegression]:
    """One model a rule, told apart among forbidden sentences alone."""
    bad = np.array([row.forbidden for row in rows])
    rules = np.array([row.rule for row in rows])[bad]
    return [fit(features_of[bad], rules == name, _STRENGTH) for name in LABELS]


def save(models: Sequence[LogisticRegression], file: Path) -> None:
    """Write the weights in 8 bits, one scale a column: "forbidden" first, then the rules."""
    columns = np.stack([model.coef_[0] for model in models], axis=1)
    scale = np.abs(columns).max(axis=0) / 127
    np.savez_compressed(
        file,
        weights=np.rint(columns / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.array([model.intercept_[0] for model in models], dtype=np.float32),
    )


def fit(features_of: csr_matrix, answers: npt.NDArray[np.bool_], strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=7).fit(features_of, answers)
