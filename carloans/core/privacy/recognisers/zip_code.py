"""ZIP: five digits (and four) that are called a ZIP, or stand behind a state or a street address."""

import re
from collections.abc import Iterator

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Cue, Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.places import ALSO_WORDS, PLAIN_SUFFIXES, STATE_FIRST_DIGITS, STATE_NAMES
from carloans.core.privacy.spans import Span

_ZIP = re.compile(r"(?<![\w$#.,-])(?<!\$ )\d{5}(?:\s?-\s?\d{4})?(?![\w%]|[,.]\d|-\d)")
#: "90210 miles", "15000 down"
AMOUNT_BEHIND = re.compile(
    r"\s?(?:miles?|mi\b|k\b|km|dollars?|usd|bucks|cash|down|a year|per|/|on the|or so|left|pesos|people|units|"
    r"\+|for(?! (?:my|the|our) (?:zip|postal))|range|price|"
    r"ballpark|to \d|-\s?\d|total|max|budget|square|sq|feet|ft|rpm|btu|gvwr)"
)
_STATE_CODE = re.compile(r"(?:^|[\s,(])(?P<city>[A-Za-z.'-]+)?(?P<comma>\s*,)?\s*(?P<state>[A-Za-z]{2})\.?,?\s{1,2}$")
_STREET_BEFORE = re.compile(
    rf"(?<![\w$.,])\d{{1,6}}\s+(?:[\w.'-]+\s+){{1,4}}(?:{PLAIN_SUFFIXES})\b[^\d$]{{0,30}}[\s;|]$"
)
_STATE_NAME = re.compile(rf"\b(?:{STATE_NAMES}),?\s{{1,2}}$")
_LIVING = re.compile(
    r"(?:\b(?:(?:live|living|located|based|stay|staying|reside|vivo)\s+(?:here )?(?:in|at|near|around|en(?: el)?)?|"
    r"(?:moved?|moving)\s+(?:here )?(?:in|to|from)|(?:i'?m|we'?re|am|over|area)\s+(?:here )?"
    r"(?:in|at|near|around|en|of|from))\s*(?:the )?|\b(?:near|in the|"
    r"(?:ship|shipping|shipped|deliver|delivered|delivery) to) )$"
)
_QUANTITY_BEHIND = re.compile(r"\s(?:people|dealers|cars|stores|of|or|and|to|in)\b")
#: "79932, zip of the garage"; what a digit follows is named by that
_APPOSED = re.compile(r"[\s,.;:(-]{0,3}(?:(?:is|es|as|my|mi|the|el|our) )*")
_NAMES_THE_NEXT = re.compile(r"[\s:=#]{0,3}(?:(?:is|es|code)[\s:]{1,2})?\d")
_AREA_BEHIND = re.compile(r"\s(?:area|zip)\b")


def find_zips(doc: Document) -> Iterator[Span]:
    """Five digits with a unit behind them ("90210 miles") never count."""
    if not doc.has_number:
        return
    yield from _dictated(doc)
    for match in _ZIP.finditer(doc.lower):
        if not AMOUNT_BEHIND.match(doc.lower, match.end()) and _is_zip(doc, *match.span()):
            yield Span("ZIP", *match.span())


def _dictated(doc: Document) -> Iterator[Span]:
    """As in “zip code seven eight seven oh four”; five digits that are not in one piece must be called so.

    Or stand behind a town and its state: "Hardin MT five nine oh three four".
    """
    for window in doc.windows:
        if len(window.digits) != 5 or len(window.atoms) == 1:
            continue
        if doc.says(Kind.ZIP, window.start, window.end) or (window.spoken and _is_in_a_state(doc, window)):
            yield Span("ZIP", window.start, window.end)


def _is_in_a_state(doc: Document, window: Window) -> bool:
    before = doc.cased[max(0, window.start - 40) : window.start]
    code = _STATE_CODE.search(before)
    if not window.whole or _QUANTITY_BEHIND.match(doc.lower, window.end):
        return False
    return _STATE_NAME.search(before.lower()) is not None or bool(code and _is_state(code, window.digits[0]))


def _is_zip(doc: Document, start: int, end: int) -> bool:
    if _is_announced(doc, start, end):
        return True
    if end - start > len("78704") and any(cue.kind == Kind.ZIP for cue in doc.cues):
        return True
    before = doc.cased[max(0, start - 40) : start]
    if _STREET_BEFORE.search(doc.lower, max(0, start - 60), start):
        return True
    if _STATE_NAME.search(before.lower()):
        return True
    code = _STATE_CODE.search(before)
    if code and _is_state(code, doc.lower[start]):
        return True
    return bool(_LIVING.search(before.lower()) or _AREA_BEHIND.match(doc.lower, end))


def _is_announced(doc: Document, start: int, end: int) -> bool:
    behind = doc.cue_behind(end) or _apposed(doc, end)
    if behind is not None and behind.kind == Kind.ZIP:
        return True
    cues = doc.cues_before(start, reach=40)
    # "código postal de la tarjeta 33010": the card's billing address
    cue = next((cue for cue in cues if cue.kind != Kind.CARD), None)
    if cue is None or cue.kind != Kind.ZIP:
        return False
    gap = doc.lower[cue.end : start]
    return leads_to(gap) or (len(gap) <= 24 and not any(char.isdigit() for char in gap))


def _apposed(doc: Document, end: int) -> Cue | None:
    cue = next((cue for cue in doc.cues if cue.start >= end), None)
    if cue is None or not _APPOSED.fullmatch(doc.lower, end, cue.start) or _NAMES_THE_NEXT.match(doc.lower, cue.end):
        return None
    return cue


def _is_state(code: re.Match[str], first_digit: str) -> bool:
    """Two letters are a state in capitals or behind a comma; "OK 15000" is not, no ZIP of Oklahoma starts so."""
    state = code["state"].upper()
    digits = STATE_FIRST_DIGITS.get(state)
    if digits is None:
        return False
    small = code["state"].islower() and state not in ALSO_WORDS and first_digit in digits
    if code["city"] and small:
        return True
    if not code["city"] or not (code["comma"] or code["state"].isupper()):
        return False
    return first_digit in digits or not (state in ALSO_WORDS and (code["state"].islower() or not code["comma"]))
