"""The careful reader: a small fine-tuned sentence encoder (twelve layers, 8-bit), a few milliseconds a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from .pieces import END, START, Pieces

_MOST_PIECES, _MOST_CONTEXT = 72, 32

Floats = npt.NDArray[np.float32]


class Encoder:
    """Reads a sentence, with the customer's line behind it when there is one."""

    def __init__(self, model: Path, pieces: Path) -> None:
        """Load both files. Raises OSError or an error of the runtime when one is missing or damaged."""
        self._pieces = Pieces(pieces)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])

    def read(self, text: str, context: str) -> Floats:
        """Return the log-probabilities of the classes: each rule broken, each rule's subject harmless, nothing."""
        logits = self.logits(text, context)
        chances: Floats = logits - np.logaddexp.reduce(logits)
        return chances

    def logits(self, text: str, context: str) -> Floats:
        """Return what the head says of each of its outputs."""
        ids, types = cut(self._pieces, text, context)
        feed = {
            "ids": np.array([ids], dtype=np.int64),
            "types": np.array([types], dtype=np.int64),
            "mask": np.ones((1, len(ids)), dtype=np.float32),
        }
        logits: Floats = self._session.run(None, feed)[0][0]
        return logits


def cut(pieces: Pieces, text: str, context: str) -> tuple[list[int], list[int]]:
    """Piece numbers of the sentence and of the line before it, and which of the two each belongs to."""
    ids = [START, *pieces.ids(text, _MOST_PIECES), END]
    types = [0] * len(ids)
    if context:
        before = [*pieces.ids(context, _MOST_CONTEXT), END]
        ids += before
        types += [1] * len(before)
    return ids, types
