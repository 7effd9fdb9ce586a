"""Read the corpora: JSON lines of invented sentences, written apart from the rules that they test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "corpus"


def rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of one corpus file."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def claims() -> list[dict[str, Any]]:
    """Return every row about claims, of all rules."""
    return [row for path in sorted(FOLDER.glob("claims_*.jsonl")) for row in rows(path.stem)]
