"""Read a committed encoder back into the network that it was exported from, to go on from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

from cathy.guardrails.opinion.files import WEIGHTS

from . import base
from .network import Reader

_PARTS = ("qkv", "ao", "fi", "fo")

Floats = npt.NDArray[np.float32]


def reopen(file: Path, *, classes: int) -> Reader:
    """The network in `file`, its weights as exact as their 7 bits. Raises ValueError when it is not one of ours."""
    package = base.open_package()
    found = base.tensors(package, base.read_pieces(package, WEIGHTS / "pieces.json"))
    model = Reader(len(found["word.weight"]), base.POSITIONS, base.LAYERS, classes=classes)
    model.load_state_dict({name: torch.tensor(value) for name, value in found.items()}, strict=False)
    model.load_state_dict(_learned(onnx.load(str(file)).graph), strict=False)
    return model


def _learned(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {name: torch.tensor(value) for name, value in kept.items() if name.startswith(("layers.", "head."))}
    found = {name: value for name, value in found.items() if name.endswith((".weight", ".bias"))}
    products = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"]
    names = [f"layers.{layer}.{part}.weight" for layer in range(base.LAYERS) for part in _PARTS]
    if len(products) != len(names) + 1:
        raise ValueError(f"{len(products)} matrices found, {len(names) + 1} expected")
    for name, quantised in zip([*names, "head.weight"], products, strict=True):
        found[name] = torch.tensor(_restored(kept, quantised.removesuffix("_quantized"))).T.contiguous()
    return found


def _restored(kept: dict[str, npt.NDArray[np.generic]], name: str) -> Floats:
    """Whole numbers times the scale of their column."""
    numbers = kept[f"{name}_quantized"].astype(np.float32) - kept[f"{name}_zero_point"].astype(np.float32)
    restored: Floats = numbers * kept[f"{name}_scale"].astype(np.float32)
    return restored
