"""SSN: nine digits grouped 3-2-4, or any nine digits that are called a social security (or tax) number."""

import re
from collections.abc import Iterator

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.money import pairs_of
from carloans.core.privacy.spans import Span
from carloans.core.text import words

_ELSEWHERE = {Kind.CODE, Kind.BANK, Kind.ROUTING, Kind.LICENCE, Kind.PHONE, Kind.ZIP, Kind.PLAIN, Kind.NOUN, Kind.CARD}
_LISTED_WITH = {Kind.DOB, Kind.PHONE, Kind.LICENCE, Kind.ZIP, Kind.EMAIL, Kind.ADDRESS}
_LIST = re.compile(r"\band\b|\by\b|[,&/+]")
# "442-17-9083-A" goes on as a code does.
_CODE_TAIL = re.compile(r"[-/_][a-z]{1,2}\b")
# Beside anything else ("listing 704418821") nine digits are the number of that.
_SMALL_TALK = words(
    """
    a ahi ahora and aqui btw correct de el en es esta estos este fine go good gracias hello here heres hey hi hola i is
    it its just k la listo lo m me mi mine my no now ok okay one oops please pls por s si so sorry sure thank thanks
    that thats the there these they this thx u ur well y ya yeah yep yes you
    """
)
#: what a spreadsheet makes of nine digits
GROUPED = re.compile(r"(?<![\w$,.])\d{2,3},\d{3},\d{3}(?![\d,]|\.\d)")
_OF_MONEY = re.compile(r"\d|[$€]|\b(?:owe|pay|paid|balance|benefits?|income|of|debo)\b")
_WORD = re.compile(r"[a-z]+")


def find_ssns(doc: Document) -> Iterator[Span]:
    """Also mistyped ones of eight or ten digits, where the context leaves no doubt."""
    for window in doc.windows:
        if _is_ssn(doc, window):
            yield Span("SSN", window.start, window.end)
    for match in GROUPED.finditer(doc.lower) if "," in doc.lower else ():
        cue = doc.cue_before(match.start(), reach=30)
        if cue is not None and cue.kind == Kind.SSN and not _OF_MONEY.search(doc.lower, cue.end, match.start()):
            yield Span("SSN", *match.span())


def _is_ssn(doc: Document, window: Window) -> bool:
    count = len(window.digits)
    if not 7 <= count <= 10:
        return False
    if window.sizes == (3, 2, 4) and window.tight and not window.spoken:
        if _CODE_TAIL.match(doc.lower, window.end):
            return doc.says(Kind.SSN, window.start, window.end)
        if _is_numbered(doc, window):
            return False
        return window.punctuated or _fits_unannounced(doc, window)
    announced = doc.says(Kind.SSN, window.start, window.end)
    if count != 9:
        return announced and _is_mistyped(window)
    if announced or _is_listed(doc, window):
        return True
    if window.whole and window.sizes == (1,) * 9 and any(cue.kind == Kind.SSN for cue in doc.cues):
        return True
    if window.whole and sum(atom.spoken for atom in window.atoms) >= 4:
        return not _is_called_otherwise(doc, window) and all(routing != window for routing, _ in pairs_of(doc))
    return window.whole and window.sizes in {(9,), (3, 6)} and _is_the_whole_message(doc)


def _is_listed(doc: Document, window: Window) -> bool:
    """As in “my ssn and dob are 219099999 040185”: the words first, then the values."""
    if window.sizes != (9,):
        return False
    cues = doc.cues_before(window.start, reach=64)
    if len(cues) < 2 or cues[0].kind not in _LISTED_WITH or Kind.SSN not in [cue.kind for cue in cues[1:3]]:
        return False
    said = doc.lower[cues[-1].start : window.start]
    return not any(char.isdigit() for char in said) and _LIST.search(said) is not None


def _is_numbered(doc: Document, window: Window) -> bool:
    """As in “work order #817-22-4410”: an order's number, said right before it."""
    cue = doc.cue_before(window.start, reach=4)
    if any(cue.kind == Kind.SSN for cue in doc.cues) and not any(map(str.isdigit, _since_ssn(doc, window))):
        return False
    return cue is not None and cue.kind == Kind.CODE and not doc.lower[cue.end : window.start].strip(" :#=-")


def _since_ssn(doc: Document, window: Window) -> str:
    """What is said between the last word for a social security number and this one."""
    ends = [cue.end for cue in doc.cues if cue.kind == Kind.SSN and cue.end <= window.start]
    return doc.lower[max(ends) : window.start] if ends else "0"


def _fits_unannounced(doc: Document, window: Window) -> bool:
    """For “123 45 6789” with nothing said about it: an area that exists and no other name for it."""
    if any(cue.kind == Kind.SSN for cue in doc.cues):
        return True
    return window.digits[:3] not in ("000", "666") and not _is_called_otherwise(doc, window)


def _is_called_otherwise(doc: Document, window: Window) -> bool:
    before, behind = doc.kinds_near(window.start, window.end)
    return behind in _ELSEWHERE or before in _ELSEWHERE


def _is_mistyped(window: Window) -> bool:
    """One digit short or too many; ten digits grouped as a phone are a phone."""
    if len(window.digits) == 10:
        return window.whole and window.sizes not in {(3, 3, 4), (10,), (6, 4), (3, 7)}
    return window.whole and (window.punctuated or len(window.digits) == 8) and window.sizes not in {(3, 4), (4, 4)}


def _is_the_whole_message(doc: Document) -> bool:
    """Nine digits and hardly a word beside them are an answer to the question that everybody asks."""
    said = _WORD.findall(doc.lower)
    alone = sum(len(atom.digits) for run in doc.runs for atom in run) == len("412559876")
    return alone and len(said) <= 3 and not doc.cues and _SMALL_TALK.issuperset(said)
