"""Where the recogniser's models lie, apart from what reads them: a check at start must not pay for loading them."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "weights"
WEIGHTS = _FOLDER / "turns.npz"
ENCODER = _FOLDER / "turns.onnx"


def missing() -> list[str]:
    """Names of the files that are not there."""
    return [file.name for file in (WEIGHTS, ENCODER) if not file.is_file()]
