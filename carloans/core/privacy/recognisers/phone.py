"""PHONE: North American numbers however they are written or spoken, and foreign ones with a plus."""

import re
from collections.abc import Iterator

import phonenumbers

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_SHAPES = {
    (3, 3, 4), (1, 3, 3, 4), (3, 7), (1, 3, 7), (6, 4), (1, 6, 4), (10,), (11,), (1, 10), (3, 3, 2, 2), (1, 3, 3, 2, 2),
    (2, 4, 4), (3, 3, 3, 4), (2, 3, 3, 4), (3, 3, 1, 1, 1, 1), (5, 5), (2,) * 5, (1,) * 10, (1,) * 11,
}  # fmt: skip
_EXTENSION = re.compile(
    r"[\s,;(]{0,3}(?:extension|extn|ext|xtn|x|anexo)\.?[\s:#.-]{0,3}\d{1,6}(?!\d)\)?|/\d{4}(?![\d/-])"
)
#: a country's code and groups behind a plus; "+52 1 55 1234 5678" is still written though no longer assigned
_PLUS = re.compile(
    r"(?<![\w+)])\(?\+[1-9]\d{0,2}[ .\-]{0,2}(?:\(\d{1,4}\)|\d{1,4})(?:[ .\-]{1,2}\d{2,5}){1,4}(?![\d-]|[.,]\d)"
)
_LEAD = re.compile(r"(?:\(?\+|\()$")
_TOLL_FREE_WORD = re.compile(
    r"(?<![\w$])(?:\+?1[-. ]{0,2})?\(?8(?:00|33|44|55|66|77|"
    r"88)\)?[-. ]{1,2}(?=[a-z-]*[a-z])[a-z0-9]{2,7}(?:-[a-z0-9]{2,6}){0,2}(?![\w])"
)
_LETTERED = re.compile(
    r"(?<![\w.@-])(?:\+?[1li][-. ]?)?\(?[2-9oilsbz][0-9oilsbz]{2}\)?[-./_ ]{0,3}[2-9oilsbz][0-9oilsbz]{2}"
    r"[-./_ ]{0,3}[0-9oilsbz]{4}(?![\w])"
)
_AREA_CODE = re.compile(r"\b(?:area code|codigo de area|area)\b")
_DATES = {(1, 2, 4), (2, 2, 4), (2, 1, 4), (1, 1, 4), (4, 2, 2), (4, 1, 2), (4, 2, 1), (4, 1, 1), (4, 4)}
_NAMED_SO = re.compile(
    r"\b(?:guia|reclamo|solicitud|expediente|filing|citation|"
    r"order|invoice|part|stock|ticket|case|claim|ref|reference|item|sku|serial|policy)[ :#]{1,2}$"
)
_WORD = re.compile(r"[a-z']+")
#: "img_9154407718.jpg"
_FILE = re.compile(r"\.(?:jpe?g|png|pdf|gif|heic|mp4|docx?|xlsx?|csv|txt)\b")
_ELSEWHERE = {Kind.CODE, Kind.IBAN}
_TAKEN = {Kind.CODE, Kind.NOUN, Kind.PLAIN, Kind.BANK, Kind.ROUTING, Kind.CARD, Kind.SSN, Kind.LICENCE, Kind.IBAN}


def find_phones(doc: Document) -> Iterator[Span]:
    """Numbers of ten digits (eleven with the country's 1) by shape; seven digits or odd groupings by context."""
    if not doc.has_number:
        return
    yield from _foreign(doc)
    yield from _with_area_code(doc)
    for window in doc.windows:
        if _is_phone(doc, window):
            yield _with_surroundings(doc, window.start, window.end)
    for match in _TOLL_FREE_WORD.finditer(doc.lower):
        if sum(char.isalnum() for char in match.group()) >= 9 and _is_vanity(doc, match):
            yield Span("PHONE", *match.span())
    for match in _LETTERED.finditer(doc.lower):
        letters = any(char.isalpha() for char in match.group())
        if letters and sum(char.isdigit() for char in match.group()) >= 5:
            yield Span("PHONE", *match.span())


def _is_phone(doc: Document, window: Window) -> bool:
    count = len(window.digits)
    if _FILE.match(doc.lower, window.end):
        return False
    if count == 7:
        return _is_local(doc, window)
    if window.sizes == (3, 3, 3, 4) and window.digits.startswith("001"):
        return True
    national = _national(window)
    if not national:
        return _is_odd_but_announced(doc, window)
    before, behind = doc.kinds_near(window.start, window.end)
    if Kind.PHONE in (before, behind):
        return True
    if behind in _TAKEN or (before in _ELSEWHERE and not _is_of_somebody(doc, window)):
        return False
    if window.spoken:
        return before not in _TAKEN
    return _looks_like_one(doc, window, national, before)


def _is_of_somebody(doc: Document, window: Window) -> bool:
    """As in “Reference: my supervisor Gail, 417-555-0103”: another thing is named in between."""
    cue = doc.cue_before(window.start)
    gap = doc.lower[cue.end : window.start] if cue is not None else ""
    return "," in gap and not leads_to(gap) and not any(map(str.isdigit, gap))


def _looks_like_one(doc: Document, window: Window, national: str, before: Kind | None) -> bool:
    """Without a context word: dashes and brackets in the right places, or a number that could be assigned."""
    if window.sizes not in _SHAPES or doc.in_url(window.start):
        return False
    if not window.tight:
        one_by_one = window.sizes == (1,) * 10 and window.whole and before not in _TAKEN
        if one_by_one:
            return national[0] in "23456789" and national[3] in "23456789"
        return window.sizes == (3, 3, 4) and window.whole and before is None and _is_all_there_is(doc, national)
    if before == Kind.NOUN and _NAMED_SO.search(doc.lower, 0, window.start):
        return False
    if window.punctuated and window.sizes in {(3, 3, 4), (1, 3, 3, 4), (3, 7), (1, 3, 7), (6, 4)}:
        return True
    assignable = national[0] in "23456789" and national[3] in "23456789"
    return assignable and before not in _TAKEN


def _is_odd_but_announced(doc: Document, window: Window) -> bool:
    """One digit short or too many, or another country's, right behind "my number is" or "call me at"."""
    if not 8 <= len(window.digits) <= 13 or not window.whole or not (window.tight or window.spoken):
        return False
    if window.sizes in _DATES or window.years:
        return False
    cue = doc.cue_before(window.start)
    return cue is not None and cue.kind == Kind.PHONE and leads_to(doc.lower[cue.end : window.start])


def _with_area_code(doc: Document) -> Iterator[Span]:
    """As in “area code 512, and the number is 555 0134”, or "555-0134, area code 512"."""
    places = [match.span() for match in _AREA_CODE.finditer(doc.lower)]
    if not places:
        return
    local = [w for w in doc.windows if len(w.digits) == 7 and w.digits[0] in "23456789"]
    areas = [w for w in doc.windows if len(w.digits) == 3 and any(_is_beside(w, *place) for place in places)]
    for area, rest in ((area, rest) for area in areas for rest in local):
        if rest.start >= area.end and rest.start - area.end <= 40:
            yield Span("PHONE", area.start, rest.end)
        elif 0 <= area.start - rest.end <= 40:
            yield Span("PHONE", rest.start, area.end)


def _is_beside(window: Window, start: int, end: int) -> bool:
    return 0 <= window.start - end <= 8 or 0 <= start - window.end <= 14


def _is_vanity(doc: Document, match: re.Match[str]) -> bool:
    """“800 dollars” is none: letters are dialled in capitals, or where a call is talked of."""
    letters = re.search(r"[a-z]+", match.group())
    if letters is None or doc.cased[match.start() + letters.start() : match.start() + letters.end()].isupper():
        return letters is not None
    if re.match(r"1-8\d\d-", match.group()):
        return True
    cue = doc.cue_before(match.start(), reach=16)
    return cue is not None and cue.kind == Kind.PHONE and leads_to(doc.lower[cue.end : match.start()])


def _is_all_there_is(doc: Document, national: str) -> bool:
    """As in “Sure, 212, 549, 3527”: hardly a word beside it, and an area code that exists."""
    if len(_WORD.findall(doc.lower)) > 4:
        return False
    return phonenumbers.is_valid_number(phonenumbers.parse(national, "US"))


def _national(window: Window) -> str:
    """The ten digits, or nothing."""
    digits = window.digits
    if len(digits) == 10:
        return digits
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else ""


def _is_local(doc: Document, window: Window) -> bool:
    """Seven digits: only when a phone is talked of, or as 555-0123."""
    if window.sizes not in {(3, 4), (7,), (1,) * 7, (3, 2, 2)} and not window.spoken:
        return False
    if window.digits[0] in "01" or (window.sizes == (1,) * 7 and not window.whole):
        return False
    cue = doc.cue_before(window.start, reach=24)
    if cue is not None and cue.kind in (Kind.CODE, Kind.NOUN) and not doc.lower[cue.end : window.start].strip(" :#"):
        return False
    announced = (cue is not None and cue.kind == Kind.PHONE) or doc.says(Kind.PHONE, window.start, window.end)
    if announced:
        return True
    if cue is not None and cue.kind in _TAKEN:
        return False
    return window.sizes == (3, 4) and window.punctuated and window.digits.startswith("555")


def _with_surroundings(doc: Document, start: int, end: int) -> Span:
    """The opening bracket or plus before, and the extension behind, belong to the number."""
    lead = _LEAD.search(doc.lower, max(0, start - 3), start)
    extension = _EXTENSION.match(doc.lower, end)
    return Span("PHONE", lead.start() if lead else start, extension.end() if extension else end)


def _foreign(doc: Document) -> Iterator[Span]:
    """International numbers, by their plus and phonenumbers' own matcher."""
    if "+" not in doc.lower:
        return
    for found in _PLUS.finditer(doc.lower):
        if 10 <= sum(map(str.isdigit, found.group())) <= 15:
            yield _with_surroundings(doc, *found.span())
    for match in phonenumbers.PhoneNumberMatcher(doc.lower, None, phonenumbers.Leniency.POSSIBLE):
        if not doc.lower[max(0, match.start - 1) : match.start].isalnum():  # "ZIP+4"
            yield Span("PHONE", match.start, match.end)
