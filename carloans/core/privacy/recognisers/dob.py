"""DOB: a date that is called a birthday. A date by itself is not personal data."""

import re
from collections.abc import Iterator

from carloans.core.privacy.cues import Cue, Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import COMPACT, DATE, PARTIAL
from carloans.core.privacy.spans import Span

_WEAK = re.compile(r"born|birth|naci|cumpl|b-?day")


def find_birthdays(doc: Document) -> Iterator[Span]:
    """Full dates near a birthday word; compact and partial ones only right behind it."""
    if not any(cue.kind == Kind.DOB for cue in doc.cues):
        return
    for match in DATE.finditer(doc.lower):
        if _is_birthday(doc, match):
            yield Span("DOB", *match.span())
    for pattern in (COMPACT, PARTIAL):
        for match in pattern.finditer(doc.lower):
            if _is_right_behind(doc, match):
                yield Span("DOB", *match.span())


def _is_birthday(doc: Document, match: re.Match[str]) -> bool:
    if (cue := doc.cue_behind(match.end())) is not None and cue.kind == Kind.DOB:
        return True
    nearest = _nearest(doc, match.start())
    return nearest is not None and nearest.kind == Kind.DOB


def _nearest(doc: Document, position: int) -> Cue | None:
    """The nearest word that says what a date is; "phone" or "zip" between do not matter."""
    for cue in doc.cues_before(position, reach=60):
        if cue.kind in (Kind.DOB, Kind.DATED):
            return cue
    return None


def _is_right_behind(doc: Document, match: re.Match[str]) -> bool:
    cue = doc.cue_before(match.start(), reach=24)
    if cue is None or cue.kind != Kind.DOB:
        return False
    if len(match.group()) == 8 and not doc.lower[cue.end : match.start()].strip(" ,abcdefghijklmnopqrstuvwxyz"):
        return True
    gap = doc.lower[cue.end : match.start()]
    is_year = len(match.group()) == 4
    if is_year and _WEAK.match(doc.lower, cue.start):
        return "date" in doc.lower[cue.start : cue.end] and leads_to(gap)
    return leads_to(gap)
