"""Let the committed models of the claim linter learn from further writers.

python -m training.claims.further WRITER …

The encoder goes on from what is committed: one round over the new writers' sentences, some disguised or hidden among
others, beside as many as `KEPT` that it knows. The quick reader is fitted anew on all. The thresholds stay.
"""

from __future__ import annotations

import random
import sys

from cathy.guardrails.opinion.files import WEIGHTS

from . import __main__ as recipe
from . import fitting, sentences
from .network import CLASSES
from .reopen import reopen
from .sentences import HELD_OUT

KEPT = 5000
ROUNDS, RATE = 1.0, 6e-5


def main() -> None:
    """Fit, write over the committed files, and measure on the held-out sets."""
    recipe.prepare()
    writers = set(sys.argv[1:])
    rows = sentences.read_all()
    known = [row for row in rows if row.writer not in HELD_OUT]
    if unknown := writers - {row.writer for row in known}:
        sys.exit(f"No such writers: {', '.join(sorted(unknown))}")
    new = recipe.widened([row for row in known if row.writer in writers])
    old = recipe.widened([row for row in known if row.writer not in writers])
    model = reopen(WEIGHTS / "encoder.onnx", classes=CLASSES)
    fitting.fit(model, recipe.cut_all([*new, *random.sample(old, min(KEPT, len(old)))]), epochs=ROUNDS, rate=RATE)
    fitting.export(model, WEIGHTS / "encoder.onnx")
    recipe.fit_words(recipe.widened(known))
    recipe.measure(rows)


if __name__ == "__main__":
    main()
