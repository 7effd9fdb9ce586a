"""SSN_LAST4: four digits that are called the end of a social security number."""

import re
from collections.abc import Iterator

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Cue, Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_MASKED = re.compile(r"(?<![\w*])[x*#.]{3}[- ./]?[x*#.]{2}[- ./]?(?:\d{4}|\d{2} \d{2}|\d[- ]\d[- ]\d[- ]\d)(?!\d)")
_MASK_BEFORE = re.compile(r"[x*#]{3}[- ./]?[x*#]{2}[- ./]?$")
#: "I have 2500 down"
MONEY_BEHIND = re.compile(r"\s?(?:down|cash|total|or so|max|budget|left|limit|to spend|a|per|every|each|de)\b|[.,]\d")
_LETTERED = re.compile(r"(?<![\w.-])(?=[oil]*\d[oil]*\d)(?=\d*[oil])[\doil]{4}(?![\w.-])")
_APPOSITION = re.compile(r"[\s,.;:()\-]*(?:it'?s |is |es )?(?:the|my|los|mis|those|that)?[\s,]*")
_RIGHT_BEHIND = re.compile(r"[ ,\-()]*(?:(?:of|for|on|del?) )?(?:(?:my|mi|the) )?")
_NEARBY = 40
_SIZES = {(4,), (2, 2), (1, 1, 1, 1), (1, 1, 2), (2, 1, 1), (1, 3), (3, 1)}
#: in a list of what was verified the next item is often a phone, or what the caller wants
_LISTED_NEXT = {Kind.PHONE, Kind.PLAIN}
_OTHERS = {Kind.CARD, Kind.BANK, Kind.PHONE, Kind.CODE, Kind.LICENCE, Kind.ROUTING, Kind.IBAN, Kind.PLAIN, Kind.NOUN}


def find_ssn_last4(doc: Document) -> Iterator[Span]:
    """As in “last four of my social: 6789”, "ssn ending in 6789", "6789 is my social", "xxx-xx-6789"."""
    if not doc.has_number:
        return
    for match in _MASKED.finditer(doc.lower):
        yield Span("SSN_LAST4", match.start(), match.end())
    if not any(cue.kind in (Kind.SSN, Kind.LAST4) for cue in doc.cues):
        return
    yield from _lettered(doc)
    for window in doc.windows:
        if _is_four(doc, window) and any(told(doc, window) for told in (_said_before, _said_behind, _beside_the_words)):
            yield Span("SSN_LAST4", window.start, window.end)


def _lettered(doc: Document) -> Iterator[Span]:
    """“2O94”: a letter typed for the digit that it looks like, right behind "last 4" of a social security number."""
    if not any(cue.kind == Kind.SSN for cue in doc.cues):
        return
    for match in _LETTERED.finditer(doc.lower):
        cue = doc.cue_before(match.start(), reach=24)
        if cue is not None and cue.kind in (Kind.LAST4, Kind.SSN) and leads_to(doc.lower[cue.end : match.start()]):
            yield Span("SSN_LAST4", *match.span())


def _is_four(doc: Document, window: Window) -> bool:
    if len(window.digits) == 4 and MONEY_BEHIND.match(doc.lower, window.end) and not _ssn_right_behind(doc, window):
        return False
    return len(window.digits) == 4 and (window.spoken or window.sizes in _SIZES)


def _said_before(doc: Document, window: Window) -> bool:
    if _MASK_BEFORE.search(doc.lower, max(0, window.start - 8), window.start):
        return True
    cues = doc.cues_before(window.start, reach=64)
    if not cues:
        return False
    kinds = [cue.kind for cue in cues[:3]]
    if kinds[:2] in ([Kind.SSN, Kind.LAST4], [Kind.LAST4, Kind.SSN]):
        return _near(doc, cues[0], window, 48)
    if kinds[0] == Kind.SSN:
        return window.whole and leads_to(doc.lower[cues[0].end : window.start])
    if kinds[0] == Kind.LAST4 and _ssn_right_behind(doc, window):
        return True
    return kinds[0] == Kind.LAST4 and _is_last_four_of_nothing_else(doc, cues, window)


def _ssn_right_behind(doc: Document, window: Window) -> bool:
    """As in “Last four 6789 ssn”."""
    behind = next((cue for cue in doc.cues if cue.start >= window.end), None)
    return (
        behind is not None
        and behind.kind == Kind.SSN
        and _RIGHT_BEHIND.fullmatch(doc.lower[window.end : behind.start]) is not None
    )


def _near(doc: Document, cue: Cue, window: Window, reach: int) -> bool:
    gap = doc.lower[cue.end : window.start]
    return len(gap) <= reach and not any(char.isdigit() for char in gap)


def _is_last_four_of_nothing_else(doc: Document, cues: list[Cue], window: Window) -> bool:
    """A bare "last four: 6789" is the social's, unless a card, an account or a phone is talked of as well."""
    if any(cue.kind in _OTHERS for cue in cues) or "last" not in doc.lower[cues[0].start : cues[0].end]:
        return False
    behind = [cue for cue in doc.cues if cue.start >= window.end and cue.start - window.end <= 24]
    if any(cue.kind in _OTHERS - _LISTED_NEXT for cue in behind):
        return False
    gap = doc.lower[cues[0].end : window.start]
    return leads_to(gap) and (bool(gap.strip()) or not window.years)


def _apposed(doc: Document, window: Window) -> Cue | None:
    """As in “6789, the last four of my social”."""
    cue = next((cue for cue in doc.cues if cue.start >= window.end), None)
    fits = cue is not None and cue.kind == Kind.LAST4 and _APPOSITION.fullmatch(doc.lower[window.end : cue.start])
    return cue if fits else None


def _beside_the_words(doc: Document, window: Window) -> bool:
    """Near “social last four”, whoever's it is: “8816, no wait, that's my mom's social last four, mine is 8186”."""
    cue = doc.cue_before(window.start, reach=24)
    if not window.whole or window.years or window.digits[:2] in ("19", "20") or (cue and cue.kind in _OTHERS):
        return False
    return any(start - _NEARBY <= window.end and window.start <= end + _NEARBY for start, end in _words(doc))


def _words(doc: Document) -> Iterator[tuple[int, int]]:
    """Where “social last four” stands, in one cue or two."""
    yield from ((cue.start, cue.end) for cue in doc.cues if cue.kind == Kind.SSN and "last" in _said(doc, cue))
    for one, other in zip(doc.cues, doc.cues[1:], strict=False):
        if {one.kind, other.kind} == {Kind.SSN, Kind.LAST4} and other.start - one.end <= 12:
            yield one.start, other.end


def _said(doc: Document, cue: Cue) -> str:
    return doc.lower[cue.start : cue.end]


def _said_behind(doc: Document, window: Window) -> bool:
    cue = doc.cue_behind(window.end) or _apposed(doc, window)
    if cue is None or not window.whole:
        return False
    if cue.kind == Kind.SSN:
        return True
    rest = [other for other in doc.cues if other.start >= cue.end and other.start - cue.end <= 24]
    return cue.kind == Kind.LAST4 and bool(rest) and rest[0].kind == Kind.SSN
