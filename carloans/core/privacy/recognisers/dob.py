"""DOB: a date that is called a birthday. A date by itself is not personal data."""

import re
from collections.abc import Iterator

from carloans.core.privacy.cues import Cue, Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import COMPACT, DATE, PARTIAL
from carloans.core.privacy.spans import Span

#: "ssn and dob are 219099999 040185": another number of the same list.
_BESIDE = re.compile(r"\b\d{3}[- ]?\d{2}[- ]?\d{4}\b")
_APPOSITION = re.compile(r"[\s,(-]{0,3}(?:(?:that'?s |it'?s )?(?:my|mi|his|her|the) )?")
_ANNOUNCES = re.compile(r"\s*(?:[:=#]|is\b|was\b|on\b|\d)")
#: "turn 21 this year", "came into this world": words that mean a birthday only beside a year of birth
_LOOSELY = re.compile(r"turn|came|llegu|vine")
_BIRTH_YEAR = re.compile(r"(?:19[2-9]\d|20(?:0\d|1[0-2]))(?!\d)|(?:'|[-/., ])\d\d\Z|[a-z]\Z")
_AGE_ON = re.compile(r"\s(?:on|el)\s")
_WEAK = re.compile(r"born|birth|naci|cumpl|b-?day")


def find_birthdays(doc: Document) -> Iterator[Span]:
    """Full dates near a birthday word; compact and partial ones only right behind it."""
    if not any(cue.kind == Kind.DOB for cue in doc.cues):
        return
    for match in DATE.finditer(doc.dated):
        if _is_birthday(doc, match):
            yield Span("DOB", *match.span())
    yield from _dictated(doc)
    for pattern in (COMPACT, PARTIAL):
        for match in pattern.finditer(doc.lower):
            if _is_right_behind(doc, match):
                yield Span("DOB", *match.span())


def _dictated(doc: Document) -> Iterator[Span]:
    """As in “dob is nine twenty three ninety one”."""
    for window in doc.windows:
        if not (window.spoken and window.whole and 4 <= len(window.digits) <= 8 and len(window.atoms) >= 2):
            continue
        cue = doc.cue_before(window.start, reach=24)
        if cue is not None and cue.kind == Kind.DOB and leads_to(doc.lower[cue.end : window.start]):
            yield Span("DOB", window.start, window.end)


def _is_apposed(doc: Document, end: int) -> bool:
    """As in “9/23/1991 dob” or "9/23/1991 (dob)", if no other date follows."""
    cue = next((cue for cue in doc.cues if cue.start >= end), None)
    if cue is None or cue.kind != Kind.DOB or not _APPOSITION.fullmatch(doc.lower[end : cue.start]):
        return False
    return not _ANNOUNCES.match(doc.lower, cue.end)


def _is_birthday(doc: Document, match: re.Match[str]) -> bool:
    if (cue := doc.cue_behind(match.end())) is not None and cue.kind == Kind.DOB:
        return True
    if _is_apposed(doc, match.end()):
        return True
    nearest = _nearest(doc, match.start())
    if nearest is None or nearest.kind != Kind.DOB:
        return False
    return not _LOOSELY.match(doc.lower, nearest.start) or _is_of_a_birth(doc, nearest, match)


def _is_of_a_birth(doc: Document, cue: Cue, match: re.Match[str]) -> bool:
    return _AGE_ON.match(doc.lower, cue.end) is not None or _BIRTH_YEAR.search(match.group()) is not None


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
    gap = _BESIDE.sub("", doc.lower[cue.end : match.start()])
    is_year = len(match.group()) == 4
    if is_year and _WEAK.match(doc.lower, cue.start):
        return "date" in doc.lower[cue.start : cue.end] and leads_to(gap)
    return leads_to(gap)
