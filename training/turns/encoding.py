"""Fit the careful reader of turns: the claim linter's encoder with another head.

For each intent the head says how likely it is the best one (of all, softmax), and whether it is there (by itself,
sigmoid).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from cathy.guardrails.opinion.encoder import cut
from cathy.guardrails.opinion.files import WEIGHTS
from cathy.guardrails.opinion.pieces import Pieces
from cathy.simulation.understanding.recogniser import INTENTS
from training.claims import base
from training.claims.fitting import Cut, tensors_of
from training.claims.network import HALF, Reader

from .lessons import Lesson

#: the order of the classes, which is that of the linear reader's
CLASSES = sorted(INTENTS)
_ROUNDS, _RATE, _BATCH = 7.0, 1.5e-4, 24
_SMOOTHING, _WORDS_DROPPED = 0.05, 0.05


def fresh() -> Reader:
    """The base model with the pieces of the claim linter and a head that has learned nothing."""
    package = base.open_package()
    found = base.tensors(package, base.read_pieces(package, WEIGHTS / "pieces.json"))
    model = Reader(len(found["word.weight"]), base.POSITIONS, base.LAYERS, classes=2 * len(CLASSES))
    model.load_state_dict({name: torch.tensor(value) for name, value in found.items()}, strict=False)
    return model


def fit(model: Reader, lessons: Sequence[Lesson]) -> None:
    """Train in place, the rate rising for a while and falling to the end."""
    parts = [part for part in model.named_parameters() if part[1].requires_grad]
    head = [weight for name, weight in parts if name.startswith("head")]
    body = [weight for name, weight in parts if not name.startswith("head")]
    groups: list[dict[str, Any]] = [{"params": body}, {"params": head, "lr": _RATE * 5}]
    optimizer = torch.optim.AdamW(groups, lr=_RATE, weight_decay=0.01)
    steps = int(_ROUNDS * len(lessons) / _BATCH) + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, n / (0.08 * steps)) * max(0.02, 1 - n / steps)
    )
    model.train()
    for _, batch in zip(range(steps), _endless(lessons), strict=False):
        optimizer.zero_grad()
        _loss(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def _loss(model: Reader, lessons: Sequence[Lesson]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        logits = model(*tensors_of(_cut(lessons), drop=_WORDS_DROPPED)).float()
    best, there = logits.split(len(CLASSES), dim=1)
    by_best = -(_answers(lessons) * best.log_softmax(-1)).sum(-1).mean()
    by_each = functional.binary_cross_entropy_with_logits(there, _there(lessons), reduction="none").sum(-1).mean()
    return by_best + by_each


def _answers(lessons: Sequence[Lesson]) -> Tensor:
    """A turn with several right intents counts for each of them, by its share."""
    wanted = torch.full((len(lessons), len(CLASSES)), _SMOOTHING / len(CLASSES))
    for row, lesson in enumerate(lessons):
        for intent in lesson.intents:
            wanted[row, CLASSES.index(intent)] += (1 - _SMOOTHING) / len(lesson.intents)
    return wanted


def _there(lessons: Sequence[Lesson]) -> Tensor:
    """1 for each intent that somebody named, a little less and a little more than none for the rest."""
    return torch.tensor([[0.98 if name in lesson.named else 0.002 for name in CLASSES] for lesson in lessons])


def _cut(lessons: Sequence[Lesson]) -> list[Cut]:
    return [(*cut(_pieces(), lesson.turn, lesson.question), 0) for lesson in lessons]


@cache
def _pieces() -> Pieces:
    return Pieces(WEIGHTS / "pieces.json")


def _endless(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
    """Batches of turns of like length, anew in each round."""
    while True:
        row = sorted(lessons, key=lambda lesson: len(lesson.turn) + random.random() * 10)  # noqa: S311
        batches = [row[at : at + _BATCH] for at in range(0, len(row), _BATCH)]
        yield from random.sample(batches, len(batches))
