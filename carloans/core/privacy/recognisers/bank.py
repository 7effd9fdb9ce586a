"""BANK_ACCOUNT and ROUTING: digits that are called so. A routing number's checksum tells the two apart."""

import re
from collections.abc import Iterator

from stdnum.us import rtn

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Cue, Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.dates import is_compact_date
from carloans.core.privacy.recognisers.money import accounts_told_by_the_text, pairs_of, routing_on_a_check
from carloans.core.privacy.spans import Span

# "The account has 1234567 in it": an amount.
_HOLDS = re.compile(r"\b(?:has|have|had|holds?|tiene|over|about|balance)\b")
#: "account no 778-120-0451": said outright, so it is no phone
_NUMBERED = re.compile(r"\b(?:account|acct)\s?(?:numbers?|num|no|#)[\s.:#]*(?:is )?\Z")
_AN_ACCOUNT_FOLLOWS = re.compile(r"[ ,;/]{1,3}\d{6,17}(?!\d)")
#: "and the other number on the check is 325-170-482"
_THE_OTHER = re.compile(r"\b(?:other|first|bottom|check)\b[^\d]*\Z")
#: a credit union's share: "0048821-S1"
_SUFFIX = re.compile(r"[- ]?[a-z]\d{1,3}(?!\w)")
_PHONE_LIKE = {(3, 3, 4), (1, 3, 3, 4)}


def find_bank_accounts(doc: Document) -> Iterator[Span]:
    """Five to seventeen digits behind "account", "acct", "checking", "cuenta" … or tied to them by "is my".

    And those that the whole text tells to be one, see `money`.
    """
    yield from (Span("BANK_ACCOUNT", account.start, account.end) for _, account in pairs_of(doc))
    named = any(cue.kind == Kind.BANK for cue in doc.cues)
    for window in doc.windows:
        if named and _could_be_account(doc, window) and _is_account(doc, window):
            suffix = _SUFFIX.match(doc.lower, window.end)
            yield Span("BANK_ACCOUNT", window.start, suffix.end() if suffix else window.end)
    yield from (Span("BANK_ACCOUNT", account.start, account.end) for account in accounts_told_by_the_text(doc))


def _could_be_account(doc: Document, window: Window) -> bool:
    if not 5 <= len(window.digits) <= 17:
        return False
    if window.sizes in _PHONE_LIKE and window.punctuated and not _NUMBERED.search(doc.lower, 0, window.start):
        return False
    return (window.tight or window.spoken) and not window.years


def _is_account(doc: Document, window: Window) -> bool:
    cues = doc.cues_before(window.start, reach=64)
    if cues and cues[0].kind in (Kind.ROUTING, Kind.LAST4):
        return len(window.digits) != 9 and _named_together(doc, cues)
    if cues and cues[0].kind == Kind.BANK:
        gap = doc.lower[cues[0].end : window.start]
        told = len(window.digits) >= 7 and not is_compact_date(window.digits)
        return leads_to(gap) or (told and len(gap) <= 40 and not _HOLDS.search(gap))
    behind = doc.cue_behind(window.end)
    return behind is not None and behind.kind == Kind.BANK and len(window.digits) >= 6


def _named_together(doc: Document, cues: list[Cue]) -> bool:
    """As in “Account and routing: …”: both words first, then both numbers."""
    if len(cues) < 2 or {cues[0].kind, cues[1].kind} != {Kind.BANK, Kind.ROUTING}:
        return False
    return not any(char.isdigit() for char in doc.lower[cues[1].end : cues[0].start])


def find_routing_numbers(doc: Document) -> Iterator[Span]:
    """Nine digits that are called a routing number, right or mistyped; or with a right checksum beside an account."""
    yield from (Span("ROUTING", routing.start, routing.end) for routing, _ in pairs_of(doc))
    yield from (Span("ROUTING", routing.start, routing.end) for routing in routing_on_a_check(doc))
    if not any(cue.kind in (Kind.ROUTING, Kind.BANK) for cue in doc.cues):
        return
    for window in doc.windows:
        if len(window.digits) in (8, 9, 10) and _is_routing(doc, window):
            yield Span("ROUTING", window.start, window.end)


def _is_routing(doc: Document, window: Window) -> bool:
    checks = len(window.digits) == 9 and rtn.is_valid(window.digits)
    if checks and window.sizes == (3, 3, 3) and _THE_OTHER.search(doc.lower, max(0, window.start - 40), window.start):
        return True
    cues = doc.cues_before(window.start, reach=64)
    behind = doc.cue_behind(window.end)
    if behind is not None and behind.kind == Kind.ROUTING:
        return len(window.digits) == 9
    if not cues:
        return checks
    if cues[0].kind == Kind.ROUTING:
        return len(window.digits) == 9 or (leads_to(doc.lower[cues[0].end : window.start]) and window.whole)
    if not checks or cues[0].kind != Kind.BANK:
        return False
    return _named_together(doc, cues) or _AN_ACCOUNT_FOLLOWS.match(doc.lower, window.end) is not None
