"""SSN: nine digits grouped 3-2-4, or any nine digits that are called a social security (or tax) number."""

import re
from collections.abc import Iterator

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_ELSEWHERE = {Kind.CODE, Kind.BANK, Kind.ROUTING, Kind.LICENCE, Kind.PHONE, Kind.ZIP, Kind.PLAIN, Kind.NOUN, Kind.CARD}
_WORD = re.compile(r"[a-z]+")


def find_ssns(doc: Document) -> Iterator[Span]:
    """Also mistyped ones of eight or ten digits, where the context leaves no doubt."""
    for window in doc.windows:
        if _is_ssn(doc, window):
            yield Span("SSN", window.start, window.end)


def _is_ssn(doc: Document, window: Window) -> bool:
    count = len(window.digits)
    if not 7 <= count <= 10:
        return False
    if window.sizes == (3, 2, 4) and window.tight and not window.spoken:
        return window.punctuated or _fits_unannounced(doc, window)
    announced = doc.says(Kind.SSN, window.start, window.end)
    if count != 9:
        return announced and _is_mistyped(window)
    if announced:
        return True
    if window.whole and sum(atom.spoken for atom in window.atoms) >= 4:
        return not _is_called_otherwise(doc, window)
    return window.whole and window.sizes in {(9,), (3, 6)} and _is_the_whole_message(doc)


def _fits_unannounced(doc: Document, window: Window) -> bool:
    """For “123 45 6789” with nothing said about it: an area that exists and no other name for it."""
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
    return len(_WORD.findall(doc.lower)) <= 3 and not doc.cues
