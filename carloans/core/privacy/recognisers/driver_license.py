"""DRIVER_LICENSE: the letters and digits behind "driver's license", "DL #", "licencia de manejo" …"""

import re
from collections.abc import Iterator

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Cue, Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import DATE
from carloans.core.privacy.recognisers.places import STATE_CODES, STATE_NAMES
from carloans.core.privacy.spans import Span

# State formats in public use run from Iowa's "123AB4567" over Florida's "S123-456-78-901-0" to Washington's
# "WDLABCD456DG".
_TOKEN = re.compile(
    r"(?<![\w$/.])(?:[a-z]{1,3}[-.* ]?\d[\da-z]*(?:(?: - |[-.* ])\d[\da-z]*)*|\d{1,4}[a-z]{1,3}\d+|"
    r"[a-z]{1,2}(?:-\d{2,})+|"
    r"\d{2,}(?:[- ]\d{2,})*[a-z]{0,2}|[a-z*]{4,7}\d[\da-z*]{3,6})(?!\w|/\d|\.\d)"
)
#: A letter and so many digits are enough where a licence is talked of at all: "H12-88-4409", "S.530.772.81.204".
_STRONG = re.compile(
    r"(?<![\w$/.*-])(?:[a-z]{1,2}[-.*]?\d(?:[-.*]?\d){5,13}|[a-z](?: ?- ?| )(?:\d(?: ?- ?| )){6,13}\d)(?![\w*]|[-./]\d)"
)
#: Washington's old ones: seven letters or stars of the name and five of a code; the new ones begin with WDL
_STARRED = re.compile(r"(?<![\w*])(?=[a-z*]*\d)(?:wdl\*?[a-z\d*]{8,10}|(?=[a-z]+\*)[a-z*]{5,7}[a-z\d*]{4,6})(?![\w*])")
#: "D as in dog, 447 1902", "D de dado 4471902"
_SPELLED = re.compile(
    r"(?<![\w'])[a-z] (?:as in|like|for|de|como) [a-z]{2,10}[, -]{1,3}\d(?:[ -]?\d){4,13}(?!\w|[-./]\d)"
)
_BARE = re.compile(r"licen[sc]es?|lic\.?|[db]mv|mvd")
#: "Nevada one is 1402288736": the licence of a state, in a talk of licences or none
_OF_A_STATE = re.compile(rf"\b(?:{STATE_NAMES}) (?:one|licen[sc]e)(?: is| was|,|:)? ([a-z]?\d{{6,12}})\b")
_NUMBER_FOLLOWS = re.compile(
    rf"[\s:,#]{{1,3}}(?:(?:is|was|es) )?(?:(?:(?:from|in|out of|de) )?(?:{STATE_CODES}|{STATE_NAMES})[ :#]{{1,2}})?"
    r"(?:[a-z]{0,3}\d{6,}|[a-z]\d{2,3}-\d{3}|[a-z]{1,3}-\d{2,3}-\d{3,4}|[a-z]?\d{2,5}[- ]\d{3,5}[- ]\d{3,6}\b)"
)
_ITS_STATE = re.compile(rf",? ?(?:(?:from|in|out of|de) )?(?:{STATE_CODES}|{STATE_NAMES})\b")
_OTHERS = {Kind.CODE, Kind.NOUN, Kind.IBAN, Kind.BANK, Kind.ROUTING, Kind.CARD, Kind.PHONE, Kind.EMAIL}
_TAIL = re.compile(r" [a-z](?=\s*(?:[\n,.;)]|$))")
_MEASURE = re.compile(r"\s?(?:%|k\b|miles|years?|yrs?|months?|days?|weeks?|dollars|usd)")


def find_driver_licenses(doc: Document) -> Iterator[Span]:
    """The first token with four or more digits whose nearest cue is a licence; a plate or a business licence is not."""
    if doc.has_number:
        yield from (Span("DRIVER_LICENSE", *match.span(1)) for match in _OF_A_STATE.finditer(doc.lower))
    if not any(cue.kind == Kind.LICENCE for cue in doc.cues):
        return
    for pattern in (_SPELLED, _STRONG, _STARRED):
        yield from (_with_tail(doc, *m.span()) for m in pattern.finditer(doc.lower) if _is_free(doc, m))
    yield from (Span("DRIVER_LICENSE", w.start, w.end) for w in doc.windows if _is_dictated(doc, w))
    for match in _TOKEN.finditer(doc.lower):
        start, end = _without_state(doc, match)
        if _is_plausible(doc, start, end) and _is_announced(doc, start, end):
            yield _with_tail(doc, start, end)


def _with_tail(doc: Document, start: int, end: int) -> Span:
    """The single letter that ends “GR 17 44 09 B”."""
    tail = _TAIL.match(doc.lower, end)
    return Span("DRIVER_LICENSE", start, tail.end() if tail else end)


def _is_dictated(doc: Document, window: Window) -> bool:
    """As in “driver's license number: eight one four four oh two seven seven three”."""
    fits = window.spoken and window.whole and 7 <= len(window.digits) <= 13
    return fits and doc.says(Kind.LICENCE, window.start, window.end)


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
    behind = doc.cue_behind(end) or _right_behind(doc, end)
    if behind is not None:
        return behind.kind == Kind.LICENCE
    cue = doc.cue_before(start, reach=44)
    if cue is None or cue.kind != Kind.LICENCE:
        return _names_its_state(doc, start, end)
    if _is_bare(doc, cue):
        return False
    return not any(char.isdigit() or char in ".!?;" for char in doc.lower[cue.end : start].rstrip(" .:#")[1:])


def _names_its_state(doc: Document, start: int, end: int) -> bool:
    """As in “my license got suspended last year but it's back, 92-184-0372, Colorado”, or the license behind it."""
    if _ITS_STATE.match(doc.lower, end) is None:
        return False
    cues = [cue for cue in doc.cues if cue.kind == Kind.LICENCE]
    gaps = [doc.lower[cue.end : start] if cue.end <= start else doc.lower[end : cue.start] for cue in cues]
    return any(len(gap) <= 80 and not any(map(str.isdigit, gap)) for gap in gaps)


def _right_behind(doc: Document, end: int) -> Cue | None:
    """As in “WEI-82-4471 drivers lic”: said outright, with nothing but a blank between."""
    cue = next((cue for cue in doc.cues if cue.start >= end), None)
    if cue is None or cue.kind != Kind.LICENCE or _BARE.fullmatch(doc.lower, cue.start, cue.end):
        return None
    numbered = re.match(r"\W{0,3}(?:\w+\W){0,2}\W?[a-z]{0,3}\d", doc.lower[cue.end :])
    return cue if not doc.lower[end : cue.start].strip(" ,") and numbered is None else None


def _is_bare(doc: Document, cue: Cue) -> bool:
    """Only "license" or "lic": most sentences with it hold no number of one."""
    if _BARE.fullmatch(doc.lower, cue.start, cue.end) is None or doc.lower.endswith("my ", 0, cue.start):
        return False
    return _NUMBER_FOLLOWS.match(doc.lower, cue.end) is None


def _is_free(doc: Document, match: re.Match[str]) -> bool:
    """Nothing beside it calls it otherwise."""
    before, behind = doc.cue_before(match.start(), reach=40), doc.cue_behind(match.end())
    if doc.in_url(match.start()) or DATE.fullmatch(match.group()):
        return False
    others = _OTHERS - {Kind.PHONE} if match.group()[0].isalpha() else _OTHERS
    return all(cue is None or cue.kind not in others for cue in (before, behind))
