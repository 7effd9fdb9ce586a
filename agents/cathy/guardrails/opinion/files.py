"""Where the models lie, apart from what reads them: a check at start must not pay for loading them."""

from __future__ import annotations

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"
CLAIMS = ("weighing.json", "ngrams.npz", "encoder.onnx", "pieces.json")
ATTACKS = "attacks.npz"


def missing() -> list[str]:
    """Names of the files that are not there."""
    return [name for name in (*CLAIMS, ATTACKS) if not (WEIGHTS / name).is_file()]
