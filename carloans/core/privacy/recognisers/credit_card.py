"""CREDIT_CARD: by Luhn and issuer, by its 4-4-4-4 look, or by being called a card however mistyped."""

import re
from collections.abc import Iterator

from stdnum import luhn

from carloans.core.privacy.atoms import Window
from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_LOOKS = {
    (4, 4, 4, 4),
    (4, 4, 4, 4, 1),
    (4, 4, 4, 4, 2),
    (4, 4, 4, 2),
    (4, 4, 4, 5),
    (4, 4, 5, 4),
    (4, 5, 4, 4),
    (4, 4, 3, 4),
    (4, 3, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (4, 4, 4, 4, 3),
    (8, 8),
    (4, 4, 4, 3),
    (4, 4, 5),
    (4, 4, 4, 1),
    (4, 5, 6),
}
#: How issuers print them; the other looks are what a slip makes of these.
_PRINTED = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8)}
_FIELD = re.compile(r"\b(?:id|key|hash|ref|uid|ts|time(?:stamp)?|seq|build|nonce|version)[\"']?\s?[:=#]?\s?[\"']?\Z")
_OTHERS = {Kind.CODE, Kind.NOUN, Kind.BANK, Kind.IBAN, Kind.LICENCE, Kind.ROUTING}


def find_credit_cards(doc: Document) -> Iterator[Span]:
    """Twelve to nineteen digits; certain ones come first, so that an expiry date behind a card is not swallowed."""
    candidates = [w for w in doc.windows if 12 <= len(w.digits) <= 20]
    candidates.sort(key=lambda window: -len(window.digits))
    for certain in (_passes_here, _looks_like_one):
        for window in candidates:
            if (window.tight or window.spoken) and certain(doc, window):
                yield Span("CREDIT_CARD", window.start, window.end)
    for window in candidates:
        if _is_announced(doc, window):
            yield Span("CREDIT_CARD", window.start, window.end)


def _passes_here(doc: Document, window: Window) -> bool:
    """Issuer and Luhn fit; one number in ten does so by chance, so what is called an order in one piece is none."""
    if window.sizes in _PRINTED:
        return _passes(window.digits)
    alone = window.whole or len(window.atoms) == 1
    return alone and _passes(window.digits) and not _is_called_otherwise(doc, window)


def _looks_like_one(doc: Document, window: Window) -> bool:
    if window.spoken and window.whole and len(window.digits) == 16:
        return _could_be_issued(window) and not _is_called_otherwise(doc, window)
    if window.sizes == (16,):
        return _could_be_issued(window) and not _is_called_anything(doc, window)
    begins = window.digits[0] in "3456" or "2221" <= window.digits[:4] <= "2720"
    return window.sizes in _LOOKS and begins and not _is_called_otherwise(doc, window)


def _could_be_issued(window: Window) -> bool:
    """Sixteen digits from Visa's or Mastercard's old ranges, right or mistyped."""
    return window.digits[0] == "4" or window.digits[:2] in ("51", "52", "53", "54", "55")


def _is_called_anything(doc: Document, window: Window) -> bool:
    """Whatever a word, an "id=" or an address on the web makes of it."""
    before = doc.cue_before(window.start, reach=40)
    if before is not None and before.kind not in (Kind.CARD, Kind.LAST4, Kind.DATED, Kind.PLAIN):
        return True
    return doc.in_url(window.start) or _FIELD.search(doc.lower, 0, window.start) is not None


def _is_called_otherwise(doc: Document, window: Window) -> bool:
    before = doc.cue_before(window.start, reach=40)
    return before is not None and before.kind in _OTHERS


def _passes(digits: str) -> bool:
    return _fits_an_issuer(digits) and luhn.is_valid(digits)


def _fits_an_issuer(digits: str) -> bool:
    """Do the first digits and the length belong together? ISO/IEC 7812 ranges in public use."""
    count, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return count in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return count == 16
    if two in (34, 37):
        return count == 15
    if two in (30, 36, 38, 39):
        return 14 <= count <= 19
    if two == 35 or four in (2131, 1800):
        return count in (15, 16)
    return two in (50, 56, 57, 58, 60, 62, 63, 64, 65, 67, 68, 69) and count in (12, 13, 15, 16, 17, 18, 19)


def _is_announced(doc: Document, window: Window) -> bool:
    cues = doc.cues_before(window.start, reach=64)
    if cues and cues[0].kind in (Kind.CARD, Kind.LAST4, Kind.DATED):
        return any(cue.kind == Kind.CARD for cue in cues[:2])
    behind = doc.cue_behind(window.end)
    return behind is not None and behind.kind == Kind.CARD
