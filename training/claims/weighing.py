"""Fit the formula that weighs the layers, on writers whom the models of the first fit have not read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from cathy.guardrails.claims import linter
from cathy.guardrails.opinion.judge import Line

from .sentences import LABELS, Labelled

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

#: a sentence is clear to the quick reader when fewer than these shares of such sentences would be judged wrongly
_MISSED, _FLAGGED = 0.004, 0.003
#: log-odds from which a sentence is forbidden whatever stands around it: more than nine in ten
_CERTAIN = 2.6
#: log-odds that the encoder gives no text around a sentence: its fit smooths the answers, and 5.0 is the most it gave
_CEILING = 5.5
#: log-odds below which a sentence is allowed whatever the customer said before
_HARMLESS = -2.5
_ALONE = ("ngrams", "encoder", "rule")
_AMONG = (*_ALONE, "around_ngrams", "around_encoder")


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence as the linter sees it: the text around it, whether a rule objects, and the text that it is from."""

    line: Line
    around: Line | None
    broken: bool
    text: int
    forbidden: bool


def unread(rows: Sequence[Labelled]) -> list[Unread]:
    """The sentences of texts by unseen writers, cut as the program cuts them."""
    return [one for number, row in enumerate(rows) for one in _sentences(number, row)]


def _sentences(number: int, row: Labelled) -> Iterator[Unread]:
    found = list(linter._sentences(row.raw, channel="chat", context=row.raw_context))
    for one, around in zip(found, linter._surroundings(found), strict=True):
        line = (one.text.strip(), one.context.strip())
        yield Unread(line, around, bool(set(linter.broken_rules(one)) & set(LABELS)), number, row.forbidden)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the readers make of the sentences and of the texts around them, as log-odds.

    Where nothing is around a sentence, its own scores stand there.
    """

    sentences: Sequence[Unread]
    quick: Floats
    careful: Floats
    around_quick: Floats
    around_careful: Floats

    def columns(self) -> Floats:
        """One column a layer, in the order of the formula."""
        broken = np.array([float(one.broken) for one in self.sentences])
        return np.stack([self.quick, self.careful, broken, self.around_quick, self.around_careful], axis=1)

    def telling(self) -> Truths:
        """Every sentence of the allowed texts, and the most suspicious one of each forbidden text."""
        suspicion, best = self.quick + self.careful, dict[int, int]()
        for index, one in enumerate(self.sentences):
            if one.forbidden and (one.text not in best or suspicion[index] > suspicion[best[one.text]]):
                best[one.text] = index
        chosen = set(best.values())
        return np.array([not one.forbidden or index in chosen for index, one in enumerate(self.sentences)])


def careful_odds(logits: npt.NDArray[np.float32]) -> Floats:
    """Log-odds of "some rule is broken" from the encoder's logits, kept within ±8 as the program keeps them."""
    chances = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    chance = np.clip(chances[:, : len(LABELS)].sum(1, dtype=float), 3e-4, 1 - 3e-4)
    odds: Floats = np.log(chance / (1 - chance))
    return odds


def weigh(scores: Scores, *, flagged: float) -> dict[str, object]:
    """The numbers for `weighing.json`: the share `flagged` of harmless texts is above the thresholds."""
    among = np.array([one.around is not None for one in scores.sentences])
    return {
        "labels": list(LABELS),
        "alone": _formula(scores, ~among, _ALONE, flagged) | {"certain": _CERTAIN, "harmless": _HARMLESS},
        "among": _formula(scores, among, _AMONG, flagged) | {"ceiling": _CEILING},
        "clear": {"clean": _clear(scores, broken=False), "broken": _clear(scores, broken=True)},
    }


def _formula(scores: Scores, where: Truths, names: Sequence[str], flagged: float) -> dict[str, float]:
    columns = scores.columns()[:, : len(names)]
    bad = np.array([one.forbidden for one in scores.sentences])
    fit = LogisticRegression(C=10.0).fit(columns[where & scores.telling()], bad[where & scores.telling()])
    numbers = {name: round(float(number), 4) for name, number in zip(names, fit.coef_[0], strict=True)}
    weighed = columns @ np.array(list(numbers.values())) + round(float(fit.intercept_[0]), 4)
    threshold = _threshold(scores, weighed, where & ~bad, flagged)
    return {"bias": round(float(fit.intercept_[0]), 4), **numbers, "threshold": round(threshold, 3)}


def _threshold(scores: Scores, weighed: Floats, where: Truths, flagged: float) -> float:
    """The log-odds that the worst sentence of the share `flagged` of harmless texts exceeds."""
    worst: dict[int, float] = {}
    for index in map(int, np.flatnonzero(where)):
        text = scores.sentences[index].text
        worst[text] = max(float(weighed[index]), worst.get(text, -np.inf))
    return float(np.quantile(list(worst.values()), 1 - flagged))


def _clear(scores: Scores, *, broken: bool) -> list[float]:
    """Below the first the quick reader alone allows, above the second it alone forbids."""
    here = np.array([one.broken == broken for one in scores.sentences]) & scores.telling()
    bad = np.array([one.forbidden for one in scores.sentences])
    low = np.quantile(np.maximum(scores.quick, scores.around_quick)[here & bad], _MISSED)
    return [round(float(low), 3), round(float(np.quantile(scores.quick[here & ~bad], 1 - _FLAGGED)), 3)]


def write(numbers: dict[str, object], file: Path) -> None:
    """Write the formula for the program."""
    file.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


def report(name: str, verdicts: Truths, forbidden: Truths) -> str:
    """One line: how many were caught, how many harmless ones flagged."""
    caught, flagged = verdicts[forbidden].mean(), verdicts[~forbidden].mean()
    return (
        f"{name}: {caught:.1%} of {forbidden.sum()} caught, {flagged:.1%} of {(~forbidden).sum()} look-alikes flagged"
    )
