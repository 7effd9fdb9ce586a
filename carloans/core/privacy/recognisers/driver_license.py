"""DRIVER_LICENSE: the letters and digits behind "driver's license", "DL #", "licencia de manejo" …"""

import re
from collections.abc import Iterator

from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import DATE
from carloans.core.privacy.spans import Span

# State formats in public use run from Iowa's "123AB4567" over Florida's "S123-456-78-901-0" to Washington's
# "WDLABCD456DG".
_TOKEN = re.compile(
    r"(?<![\w$/.])(?:[a-z]{1,3}[- ]?\d[\da-z]*(?:[- ]\d[\da-z]*)*|\d{1,4}[a-z]{1,3}\d+|[a-z]{1,2}(?:-\d{2,})+|"
    r"\d{2,}(?:[- ]\d{2,})*[a-z]{0,2}|[a-z*]{4,7}\d[\da-z*]{3,6})(?!\w|/\d|\.\d)"
)
_STATE_BETWEEN = re.compile(r"(?:[a-z]{2}|[a-z]+) ")
_MEASURE = re.compile(r"\s?(?:%|k\b|miles|years?|yrs?|months?|days?|weeks?|dollars|usd)")


def find_driver_licenses(doc: Document) -> Iterator[Span]:
    """The first token with four or more digits whose nearest cue is a licence; a plate or a business licence is not."""
    if not any(cue.kind == Kind.LICENCE for cue in doc.cues):
        return
    for match in _TOKEN.finditer(doc.lower):
        start, end = _without_state(doc, match)
        if _is_plausible(doc, start, end) and _is_announced(doc, start, end):
            yield Span("DRIVER_LICENSE", start, end)


def _without_state(doc: Document, match: re.Match[str]) -> tuple[int, int]:
    """In “is 12345678” the word before a number is not its prefix unless it is one or two letters in capitals."""
    text = match.group()
    word = re.match(r"[a-z]+(?=[ -]?\d)", text)
    if word and _is_a_cue(doc, match.start()):
        digit = re.search(r"\d", text)
        return match.start() + (digit.start() if digit else 0), match.end()
    word = re.match(r"[a-z]+(?= \d)", text)
    if word and not doc.cased[match.start() : match.start() + word.end()].isupper():
        return match.start() + word.end() + 1, match.end()
    return match.span()


def _is_a_cue(doc: Document, position: int) -> bool:
    return any(cue.start <= position < cue.end for cue in doc.cues)


def _is_plausible(doc: Document, start: int, end: int) -> bool:
    text = doc.lower[start:end]
    digits, length = sum(c.isdigit() for c in text), sum(c.isalnum() for c in text)
    if not (5 <= length <= 19 and digits >= 3) or _MEASURE.match(doc.lower, end):
        return False
    phone_like = re.fullmatch(r"(?:1[- ])?\d{3}[- ]\d{3}[- ]\d{4}", text)
    return phone_like is None and DATE.fullmatch(text) is None


def _is_announced(doc: Document, start: int, end: int) -> bool:
    behind = doc.cue_behind(end)
    if behind is not None:
        return behind.kind == Kind.LICENCE
    cue = doc.cue_before(start, reach=44)
    if cue is None or cue.kind != Kind.LICENCE:
        return False
    return not any(char.isdigit() or char in ".!?;" for char in doc.lower[cue.end : start].rstrip(" .:#")[1:])
