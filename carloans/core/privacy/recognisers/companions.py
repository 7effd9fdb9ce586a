"""What the recognisers left open, explained by the rest of the text.

People list values and name them elsewhere ("219099999, 4-1-85. That's social, dob"), paste a table under its
header, or answer two questions at once. A number that no word beside it explains is what the text talks of, if
its length fits and nothing calls it otherwise.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from carloans.core.privacy.atoms import CLOCK, Window
from carloans.core.privacy.cues import Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import COMPACT, DATE, is_compact_date
from carloans.core.privacy.recognisers.ssn_last4 import MONEY_BEHIND
from carloans.core.privacy.recognisers.zip_code import AMOUNT_BEHIND
from carloans.core.privacy.spans import Span

_IDENTITY = {"SSN", "SSN_LAST4", "DRIVER_LICENSE", "DOB"}
_NUMBERED = {"SSN", "SSN_LAST4", "DRIVER_LICENSE"}
#: two of these in one text make it somebody's record
_RECORD = {"PHONE", "EMAIL", "STREET_ADDRESS", "DOB", "DRIVER_LICENSE"}
_CREDIT_CHECK = re.compile(r"\b(?:credit (?:check|pull|report|app\w*)|(?:run|pull|check) (?:my|the|our) credit)\b")
_CONTACT = {"PHONE", "EMAIL", "SSN", "DOB"}
_NAMED = {Kind.SSN, Kind.DOB, Kind.ZIP, Kind.BANK, Kind.CARD, Kind.PHONE, Kind.LAST4}
#: cues that say outright what a number is, and that it is nothing of these
_OTHERS = {Kind.CODE, Kind.NOUN, Kind.PLAIN, Kind.IBAN}
_BIRTH_YEAR = re.compile(r"(?:19[2-9]\d|20(?:0\d|1[0-5]))(?:(?!\d)|\d{4}\Z)|(?:'|[-/., ])\d\d\Z")
#: between two last fours: "5587 hers 2093", "5587 and my husband's is 2093"
_HERS = re.compile(
    r"[\s,;:/&|]*(?:(?:and|y|not|no|instead|of|is|es|are|hers?|his|mine|theirs?|my|mi|la|el|de|wife|husband|spouse|"
    r"co-?(?:borrower|signer|applicant)|fiancee?|girlfriend|boyfriend|partner|mom|dad|sister|brother|son|daughter|esposa|"
    r"esposo|novi[oa]|mama|papa|herman[oa]|hij[oa]|other|the|for|on|one)(?:'?s)?[\s,;:/&|]*){0,6}"
)
#: "I gave you 7358, you said no match, so try 7385", "7358, no wait 7385"
_CORRECTION = re.compile(
    r"[^\d?\n]{0,50}?\b(?:no|not|wrong|match\w*|mean|meant|sorry|oops|wait|try|tried|instead|actually|"
    r"correction|perdon|digo|"
    r"quise|equivo\w+|corrijo|sino)\b[^\d?\n]{0,30}"
)
#: between the question and what is answered: no digit, and the end of a line or of the question
_ANSWER = re.compile(r"[^\d]*[?:\n][^\d]{0,24}")
_ENDS = re.compile(r"\s*(?:[^\w\s$%]|$|(?:and|y|bot|agent|thanks?|gracias|that|is|es)\b|[a-z]+:)")
#: "12 Oak St, 79932 El Paso", "12 Oak St",79932: no town between
_ZIP_BESIDE = re.compile(r"[\"']?[\s,;/|]{1,3}(\d{5}(?:-\d{4})?)(?![\w%]|[,.]\d|-\d)")
#: "12 Oak St Apt 14B atlanta 30331": a town without its state, no word of a sentence
_ZIP_OF_TOWN = re.compile(
    r"(?:[\s,]+(?!(?:pay\w*|for|about|owe|owed|at|with|and|has|have|is|it|cost\w*|down|price|only|over|under|around|put|"
    r"asking|making|make|worth|got|get|y|con|por|de|pago|debo|cuesta|tiene|than|to|from|or)\b)[a-z][a-z.'-]+){1,3}[\s,]+"
    r"(\d{5}(?:-\d{4})?)(?![\w%]|[,.]\d|-\d)"
)
_ZIP_BELOW = re.compile(
    r"(?:[^\d$]|\d{1,4}(?!\d)){1,100}?(?<![\w$.,#-])(\d{5}(?:-\d{4})?)(?=\s*(?:[\n|;]|$|\s*\(?\d{3}\)?[-. ]\d{3}))"
)

#: "615 quitman, houston, 77009" in a message that gives an e-mail address or a phone number as well
_TOWNED = re.compile(r"(?<![\w$.,/#-])(?!(?:19|20)\d\d\b)(\d{2,5} (?:[nsew] )?[a-z][a-z'.-]{2,}(?: [a-z][a-z'.-]{2,})?)"
                     r",?\s+[a-z][a-z.' -]{2,24},\s+(\d{5})(?![\d-]|[,.]\d)")  # fmt: skip


def find_companions(doc: Document, found: Sequence[Span]) -> Iterator[Span]:
    """Values that only the text as a whole names; `found` is what stands fast already."""
    if not doc.has_number:
        return
    yield from _zips_below(doc, found)
    named = {cue.kind for cue in doc.cues} & _NAMED
    types = {span.type for span in found}
    if types & _CONTACT:
        yield from _addresses_without_a_state(doc, found)
    if len(types & _RECORD) >= 2 or _CREDIT_CHECK.search(doc.lower):
        named |= {Kind.SSN}
    if not named and not types & _IDENTITY:
        return
    for window in doc.windows:
        if len(window.digits) >= 4 and not _overlaps(window, found) and not _is_called_otherwise(doc, window):
            found = [*found, *_explained(doc, window, found, named)]
    yield from found
    yield from _birthdays(doc, found, named)


def _explained(doc: Document, window: Window, found: Sequence[Span], named: set[Kind]) -> Iterator[Span]:
    if Kind.SSN in named and len(window.digits) == 4:
        if _is_another_last_four(doc, window, found):
            yield Span("SSN_LAST4", window.start, window.end)
        return
    if Kind.ZIP in named and window.sizes == (5,) and _is_in_a_row(doc, window.start, window.end, found):
        yield Span("ZIP", window.start, window.end)
        return
    fits = next((kind for cue, kind, fits in _LENGTHS if cue in named and fits(window)), None)
    if fits is not None:
        yield Span(fits, window.start, window.end)


def _is_nine(window: Window) -> bool:
    return len(window.digits) == 9 and (window.sizes in {(9,), (3, 2, 4)} or (window.spoken and window.whole))


def _is_ten(window: Window) -> bool:
    fits = window.sizes in {(10,), (3, 3, 4), (3, 7)} and window.tight
    return fits and window.digits[0] in "23456789" and window.digits[3] in "23456789"


def _is_account(window: Window) -> bool:
    """In one piece: longer than a price or a mileage, shorter than a parcel's number, and no date."""
    return len(window.atoms) == 1 and 8 <= len(window.digits) <= 14 and not is_compact_date(window.digits)


def _is_card(window: Window) -> bool:
    return 14 <= len(window.digits) <= 16 and (window.tight or window.spoken) and window.digits[0] in "3456"


_LENGTHS: tuple[tuple[Kind, str, Callable[[Window], bool]], ...] = (
    (Kind.SSN, "SSN", _is_nine),
    (Kind.CARD, "CREDIT_CARD", _is_card),
    (Kind.PHONE, "PHONE", _is_ten),
    (Kind.BANK, "BANK_ACCOUNT", _is_account),
)


def _is_a_year(window: Window) -> bool:
    return not window.spoken and window.digits[:2] in ("19", "20") and window.digits[2] in "0123"


def _overlaps(window: Window, found: Sequence[Span]) -> bool:
    return any(span.start < window.end and window.start < span.end for span in found)


def _is_called_otherwise(doc: Document, window: Window) -> bool:
    """By the nearest word before it: an order, a loan, a price. A value between the two takes the word for itself."""
    if doc.in_url(window.start):
        return True
    cue = doc.cue_before(window.start, reach=40)
    if cue is None or cue.kind not in _OTHERS:
        return False
    gap = doc.lower[cue.end : window.start]
    return leads_to(gap) or not any(char.isdigit() for char in gap)


def _is_another_last_four(doc: Document, window: Window, found: Sequence[Span]) -> bool:
    """Behind the first one ("hers is 2093"), or the answer to a question for it."""
    if not window.whole or _is_a_year(window) or MONEY_BEHIND.match(doc.lower, window.end):
        return False
    if _is_beside_another(doc, window, [span for span in found if span.type == "SSN_LAST4"]):
        return True
    asked = [cue for cue in doc.cues_before(window.start, reach=100) if cue.kind in (Kind.LAST4, Kind.SSN)]
    kinds = {cue.kind for cue in asked}
    gap = CLOCK.sub("", doc.lower[asked[0].end : window.start]) if asked else ""
    if not {Kind.LAST4, Kind.SSN} <= kinds or not _ENDS.match(doc.lower, window.end):
        return False
    return _ANSWER.fullmatch(gap) is not None


def _is_beside_another(doc: Document, window: Window, fours: Sequence[Span]) -> bool:
    """Somebody else's behind it, or a slip and its correction in either order."""
    before = [span.end for span in fours if span.end <= window.start]
    behind = [span.start for span in fours if span.start >= window.end]
    if before and _HERS.fullmatch(doc.lower[max(before) : window.start]):
        return True
    gap = doc.lower[max(before) : window.start] if before else doc.lower[window.end : min(behind, default=window.end)]
    return _CORRECTION.fullmatch(gap) is not None


def _birthdays(doc: Document, found: Sequence[Span], named: set[Kind]) -> Iterator[Span]:
    """A date of birth in a record: beside a social security number, or where one is named and the date is not."""
    types = {span.type for span in found}
    if Kind.DOB not in named and not types & _NUMBERED and len(types & _RECORD) < 2:
        return
    compact = [match for match in COMPACT.finditer(doc.lower) if Kind.DOB in named and _is_told(doc, match, found)]
    for match in [*DATE.finditer(doc.lower), *compact]:
        inside = any(span.start < match.end() and match.start() < span.end for span in found)
        of_a_birth = len(match.group()) == 6 or _BIRTH_YEAR.search(match.group()) is not None
        if inside or not of_a_birth or _is_dated(doc, match.start()):
            continue
        if Kind.DOB in named or _shares_a_record(doc, match, found):
            yield Span("DOB", *match.span())


def _is_told(doc: Document, match: re.Match[str], found: Sequence[Span]) -> bool:
    """Eight digits tell a day; six do in a row of other values."""
    return len(match.group()) == 8 or _is_in_a_row(doc, *match.span(), found)


def _is_in_a_row(doc: Document, start: int, end: int, found: Sequence[Span]) -> bool:
    """Nothing but a sign or a blank between it and a value: "604187732 95350 060279"."""
    gaps = [doc.lower[span.end : start] for span in found if span.end <= start]
    gaps += [doc.lower[end : span.start] for span in found if span.start >= end]
    return any(len(gap) <= 3 and not any(char.isalnum() or char in "$€" for char in gap) for gap in gaps)


def _is_dated(doc: Document, start: int) -> bool:
    return any(cue.kind in (Kind.DATED, Kind.NOUN) for cue in doc.cues_before(start, reach=48)[:2])


def _shares_a_record(doc: Document, match: re.Match[str], found: Sequence[Span]) -> bool:
    """Only signs between the date and another value: "R. T. | 08/19/1992 | 449-18-2207"."""
    gaps = [
        doc.lower[match.end() : span.start] if span.start >= match.end() else doc.lower[span.end : match.start()]
        for span in found
        if span.type in _IDENTITY | _RECORD
    ]
    return any(len(gap) <= 4 and not any(char.isalnum() for char in gap) for gap in gaps)


def _addresses_without_a_state(doc: Document, found: Sequence[Span]) -> Iterator[Span]:
    for match in _TOWNED.finditer(doc.lower):
        if not any(span.start < match.end() and match.start() < span.end for span in found):
            yield Span("STREET_ADDRESS", *match.span(1))
            yield Span("ZIP", *match.span(2))


def _zips_below(doc: Document, found: Sequence[Span]) -> Iterator[Span]:
    """The five digits that end the lines of an address, whatever its town and country are called."""
    for span in found:
        if span.type != "STREET_ADDRESS":
            continue
        beside = _ZIP_BESIDE.match(doc.lower, span.end) or _ZIP_OF_TOWN.match(doc.lower, span.end)
        if beside is not None and AMOUNT_BEHIND.match(doc.lower, beside.end()):
            beside = None
        if match := _ZIP_BELOW.match(doc.lower, span.end) or beside:
            yield Span("ZIP", *match.span(1))
