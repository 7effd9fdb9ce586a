"""Where the models lie, apart from what reads them: a check at start must not pay for loading them."""

from __future__ import annotations

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"
NAMES = ("weighing.json", "ngrams.npz", "encoder.onnx", "pieces.json")


def missing() -> list[str]:
    """Names of the files that are not there."""
    return [name for name in NAMES if not (WEIGHTS / name).is_file()]
