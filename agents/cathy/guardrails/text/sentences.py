"""Cut a text into sentences, keeping the writer's own words for the excerpt."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|sr|sra|st|no|vs|etc|inc|e\.g|i\.e|[a-z])\.$", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of `text` in order, stripped, none empty.

    A dot inside a word (g.u.a.r.a.n.t.e.e.d), after an initial or in a number does not end a sentence.
    """
    out: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        piece = text[start : match.end()]
        if "\n" not in match.group() and _ABBREVIATION.search(piece.rstrip()):
            continue
        out.append(piece.strip())
        start = match.end()
    out.append(text[start:].strip())
    return [piece for piece in out if piece]
