"""Make the recogniser's readers anew: they learn from every labelled turn but the held-out ones.

python -m training.turns            writes the files that the program reads
python -m training.turns WRITER …   leaves these writers' files out, to measure on them
"""

from __future__ import annotations

import sys

import torch

from cathy.simulation.understanding.model_file import ENCODER, WEIGHTS
from training.claims.fitting import export

from . import encoding, fitting, lessons


def main() -> None:
    """Fit and write."""
    left_out = lessons.HELD_OUT | set(sys.argv[1:])
    rows = [lesson for lesson in lessons.read_all() if lesson.writer not in left_out]
    WEIGHTS.parent.mkdir(exist_ok=True)
    fitting.fit(rows, WEIGHTS)
    torch.manual_seed(7)
    model = encoding.fresh()
    encoding.fit(model, rows)
    export(model, ENCODER)


if __name__ == "__main__":
    main()
