"""Make the claim linter's models anew.

python -m training.claims FOLDER

First both readers learn from most writers and the layers are weighed on the others; then they learn from those, too.
The held-out sentences are only measured on. FOLDER keeps each fit of the encoder that was finished; one that was
stopped begins again. The files in the program's folder `weights` are written over.
docs/agents.md tells how the committed models came about.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np
import torch
from django.conf import settings

from cathy.guardrails.opinion.encoder import cut
from cathy.guardrails.opinion.files import WEIGHTS
from cathy.guardrails.opinion.pieces import Pieces

from . import base, fitting, sentences, weighing, words
from .network import Reader
from .sentences import HELD_OUT, Labelled

#: writers that the first round does not read: the weighing is fitted on them
UNSEEN = frozenset({"market", "street", "tester", "twins"})
#: what Cathy's rooms say themselves, and lines of that kind: all of it harmless
HOUSE = "house"
#: rounds and rates of the two fits
FIRST, SECOND = (4.0, 1.2e-4), (1.5, 8e-5)
#: share of the look-alikes of unseen writers, who write the hardest ones, that the first round may flag
FLAGGED = 0.10
#: shares of the sentences that are read disguised, and among other sentences, as well
DISGUISED, HIDDEN = 0.3, 0.35


def main() -> None:
    """Run every step whose result is not in the folder yet."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    prepare()
    rows = sentences.read_all()
    _vocabulary(rows, folder)
    known = [row for row in rows if row.writer not in HELD_OUT]
    seen = widened([row for row in known if row.writer not in UNSEEN])
    unseen = [row for row in known if row.writer in UNSEEN]
    first = _encoder(folder / "first.pt", _fresh(folder), seen, FIRST)
    weighing.write(weighing.weigh(_scores(first, seen, unseen, folder), flagged=FLAGGED), WEIGHTS / "weighing.json")
    house = [row for row in known if row.writer == HOUSE]
    again = random.sample(seen, min(len(seen), len(unseen)))
    second = _encoder(folder / "second.pt", first, [*house, *widened(unseen), *again], SECOND)
    fitting.export(second, WEIGHTS / "encoder.onnx")
    fit_words(widened(known))
    measure(rows)


def widened(rows: list[Labelled]) -> list[Labelled]:
    """The rows, some of them disguised or hidden among others, and the sentences of allowed texts one by one."""
    again = [*sentences.disguised(rows, share=DISGUISED), *sentences.hidden(rows, share=HIDDEN)]
    return [*rows, *again, *sentences.apart(rows)]


def prepare() -> None:
    """Set the seeds and what the program needs to be read."""
    if not settings.configured:
        django.setup()
    random.seed(7)
    np.random.seed(7)
    torch.manual_seed(7)
    torch.set_num_threads(int(os.environ.get("THREADS", "1")))
    WEIGHTS.mkdir(exist_ok=True)


def _vocabulary(rows: Sequence[Labelled], folder: Path) -> None:
    """Choose the pieces once: whatever is fitted later depends on their numbers."""
    if (folder / "base.npz").exists():
        return
    package = base.open_package()
    kept = base.choose_pieces(package, sentences.plain_texts(rows))
    base.write_pieces(package, kept, WEIGHTS / "pieces.json")
    np.savez(folder / "base.npz", allow_pickle=False, **base.tensors(package, kept))


def _fresh(folder: Path) -> Reader:
    with np.load(folder / "base.npz") as found:
        model = Reader(len(found["word.weight"]), base.POSITIONS, base.LAYERS)
        model.load_state_dict({name: torch.tensor(found[name]) for name in found.files}, strict=False)
    return model


def _encoder(file: Path, model: Reader, rows: Sequence[Labelled], how: tuple[float, float]) -> Reader:
    """Fit `model` on `rows`, or read what was fitted before."""
    if file.exists():
        model.load_state_dict(torch.load(file))
        return model
    fitting.fit(model, cut_all(rows), epochs=how[0], rate=how[1])
    torch.save(model.state_dict(), file)
    return model


def cut_all(rows: Sequence[Labelled]) -> list[fitting.Cut]:
    """The rows in pieces."""
    pieces = Pieces(WEIGHTS / "pieces.json")
    return [(*cut(pieces, row.text, row.context), row.label) for row in rows]


def _scores(model: Reader, seen: Sequence[Labelled], unseen: Sequence[Labelled], folder: Path) -> weighing.Scores:
    """What the readers of the first round make of writers whom they have not read."""
    found = weighing.unread(unseen)
    lines = [one.line for one in found] + [one.around or one.line for one in found]
    file = folder / "logits.npy"
    if not file.exists():
        pieces = Pieces(WEIGHTS / "pieces.json")
        np.save(file, fitting.predict(model, [(*cut(pieces, *line), 0) for line in lines]))
    quick = words.fit_forbidden(seen, words.matrix(seen)).decision_function(words.lines_matrix(lines))
    careful, half = weighing.careful_odds(np.load(file)), len(found)
    return weighing.Scores(found, quick[:half], careful[:half], quick[half:], careful[half:])


def fit_words(rows: Sequence[Labelled]) -> None:
    """Fit the quick reader and write it."""
    found = words.matrix(rows)
    words.save([words.fit_forbidden(rows, found), *words.fit_rules(rows, found)], WEIGHTS / "ngrams.npz")


def measure(rows: Sequence[Labelled]) -> None:
    """Print what the whole linter makes of the held-out sets."""
    from cathy.guardrails import claims

    for writer in sorted(HELD_OUT):
        own = [row for row in rows if row.writer == writer]
        verdicts = np.array([bool(claims.check(row.raw, context=row.raw_context or None)) for row in own])
        print(weighing.report(writer, verdicts, np.array([row.forbidden for row in own])))  # noqa: T201


if __name__ == "__main__":
    main()
