"""Make the model of attacks anew: it learns from every text of attacks and look-alikes but the held-out ones.

python -m training.attacks          writes the file that the program reads
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from carloans.core.privacy import redact
from carloans.core.tests.privacy import fresh
from cathy.guardrails.opinion.files import ATTACKS, WEIGHTS
from cathy.guardrails.text import normalise
from training.claims import words
from training.turns import lessons

#: no model learns from files of such a name
HELD_OUT = "held_out"
_STRENGTH = 30.0
#: marks that are numbered in a conversation
_MARK = re.compile(r"\[(PHONE|EMAIL|NAME|ADDRESS|ZIP|IP)\]")


def main() -> None:
    """Fit and write. Customers' turns of the recogniser's corpora are harmless ones too."""
    attacks, harmless = read("attacks"), [*read("harmless"), *_with_data()]
    turns = [lesson.turn for lesson in lessons.read_all() if lesson.writer not in lessons.HELD_OUT]
    rows = words.lines_matrix([(normalise(text), "") for text in [*attacks, *harmless, *turns]])
    answers = np.arange(rows.shape[0]) < len(attacks)
    words.save([words.fit(rows, answers, _STRENGTH)], WEIGHTS / ATTACKS)


def read(kind: str) -> list[str]:
    """The texts of one kind, by file and line."""
    files = sorted(path for path in lessons.CORPUS.glob(f"{kind}_*.txt") if HELD_OUT not in path.stem)
    return [text for path in files for text in _lines(path)]


def _with_data() -> list[str]:
    """Messages with personal data, as they arrive: with placeholders in its place."""
    found = [redact(text.text).text for path in sorted(fresh.DATA.glob("*.txt")) for text in fresh.read(path.stem)]
    return [_MARK.sub(r"[\1_1]", text) if number % 2 else text for number, text in enumerate(found)]


def _lines(path: Path) -> list[str]:
    rows = path.read_text("utf-8").splitlines()
    return [row.replace("\\n", "\n") for row in rows if row and not row.startswith("# ")]


if __name__ == "__main__":
    main()
