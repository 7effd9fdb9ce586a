"""Fit the careful reader, and write it in 8 bits for the program."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor
from torch.nn import functional

from cathy.guardrails.opinion.pieces import UNKNOWN

from .network import CLASSES, HALF, Reader
from .sentences import LABELS

#: a sentence in pieces: numbers, segments, class
Cut = tuple[list[int], list[int], int]
_BATCH, _SMOOTHING, _WORDS_DROPPED = 32, 0.05, 0.05


def fit(model: Reader, rows: Sequence[Cut], *, epochs: float, rate: float) -> None:
    """Train in place for `epochs` rounds, the rate rising for a while and falling to the end."""
    parts = [part for part in model.named_parameters() if part[1].requires_grad]
    head = [weight for name, weight in parts if name.startswith("head")]
    body = [weight for name, weight in parts if not name.startswith("head")]
    optimizer = torch.optim.AdamW([{"params": body}, {"params": head, "lr": rate * 4}], lr=rate, weight_decay=0.01)
    steps = int(epochs * len(rows) / _BATCH) + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, n / (0.06 * steps)) * max(0.02, 1 - n / steps)
    )
    model.train()
    for number, batch in zip(range(steps), _endless(rows), strict=False):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            logits = model(*tensors_of(batch, drop=_WORDS_DROPPED))
        loss = _loss(logits.float(), torch.tensor([row[2] for row in batch]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if number % 50 == 0:
            tell(f"step {number} of {steps}: {loss.item():.3f}")


def predict(model: Reader, rows: Sequence[Cut]) -> npt.NDArray[np.float32]:
    """Logits of every row, in its order."""
    model.eval()
    found = np.zeros((len(rows), CLASSES), np.float32)
    order = sorted(range(len(rows)), key=lambda index: len(rows[index][0]))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            found[part] = model(*tensors_of([rows[index] for index in part])).numpy()
    return found


def export(model: Reader, file: Path) -> None:
    """Write the model as ONNX, its weights in 8 bits of which 7 are used.

    With all 8 the sums overflow on processors without a dot product of their own for bytes, and a sentence would be
    judged otherwise there.
    """
    model.eval()
    sample = tensors_of([([0, 9, 9, 2], [0] * 4, 0)])
    names = ["ids", "types", "mask"]
    axes = {name: {0: "rows", 1: "pieces"} for name in names} | {"logits": {0: "rows"}}
    full = file.with_suffix(".full")
    torch.onnx.export(
        model, sample, str(full), input_names=names, output_names=["logits"], dynamic_axes=axes, opset_version=17,
        dynamo=False,
    )  # fmt: skip
    kinds = ["MatMul", "Gemm", "Gather"]
    quantize_dynamic(
        full, file, op_types_to_quantize=kinds, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )
    full.unlink()


def _loss(logits: Tensor, classes: Tensor) -> Tensor:
    """Half the loss over all classes, and that of "forbidden" or not, the sum over the rules."""
    chances = logits.log_softmax(-1)
    forbidden = torch.logsumexp(chances[:, : len(LABELS)], 1).exp().clamp(1e-6, 1 - 1e-6)
    answers = (classes < len(LABELS)).float() * 0.96 + 0.02
    by_class = functional.cross_entropy(logits, classes, label_smoothing=_SMOOTHING)
    return 0.5 * by_class + functional.binary_cross_entropy(forbidden, answers)


def _endless(rows: Sequence[Cut]) -> Iterator[list[Cut]]:
    """Batches of sentences of like length, anew in each round."""
    while True:
        mixed = random.sample(list(rows), len(rows))
        for start in range(0, len(mixed), _BATCH * 50):
            near = sorted(mixed[start : start + _BATCH * 50], key=lambda row: len(row[0]))
            batches = [near[at : at + _BATCH] for at in range(0, len(near), _BATCH)]
            yield from random.sample(batches, len(batches))


def tensors_of(rows: Sequence[Cut], *, drop: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
    """Pieces, segments and mask of some sentences, a share of their pieces dropped."""
    length = max(len(row[0]) for row in rows)
    ids = torch.ones(len(rows), length, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros(len(rows), length)
    for index, (pieces, segments, _) in enumerate(rows):
        size = len(pieces)
        ids[index, :size], types[index, :size] = torch.tensor(pieces), torch.tensor(segments)
        mask[index, :size] = 1
    if drop:
        ids = ids.masked_fill((torch.rand(ids.shape) < drop) & (ids > UNKNOWN), UNKNOWN)
    return ids, types, mask


def tell(line: str) -> None:
    """Say how far the work is."""
    print(line, flush=True)  # noqa: T201
