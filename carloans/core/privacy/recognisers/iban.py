"""IBAN: by ISO 13616 structure and checksum, or mistyped where it is called an IBAN."""

import re
from collections.abc import Iterator

from stdnum import iban

from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span
from carloans.core.text import words

_CANDIDATE = re.compile(r"(?<![a-z0-9])[a-z] ?[a-z][ ._/:-]?\d ?\d(?:[ ._/:-]{0,2}[a-z0-9]){11,30}")
_SIGNS = re.compile(r"[._/:-]")
#: ISO 3166 codes of the countries in the registry of IBANs
_COUNTRIES = words(
    """
    ad ae al at az ba be bg bh br by ch cr cy cz de dk do ee eg es fi fo fr gb ge gi gl gr gt hr hu ie il iq is it jo
    kw kz lb lc li lt lu lv ly mc md me mk mr mt mu nl no pk pl ps pt qa ro rs sa sc se si sk sm st sv tl tn tr ua va
    vg xk
    """
)
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 9
_BLOCK = re.compile(r"[a-z0-9]+")


def find_ibans(doc: Document) -> Iterator[Span]:
    """In groups of four or in one piece; what follows an IBAN without a break is cut off by its checksum.

    A country's own check digits inside it are not asked for: ISO 13616 alone makes it an IBAN.
    """
    if not doc.has_number or len(_DIGIT.findall(doc.lower)) < _FEWEST_DIGITS:
        return
    for match in _CANDIDATE.finditer(doc.lower):
        end = _valid_end(match) or _announced_end(doc, match)
        if end:
            yield Span("IBAN", match.start(), end)


def _valid_end(match: re.Match[str]) -> int | None:
    text = _SIGNS.sub(" ", match.group())
    if text.replace(" ", "")[:2] not in _COUNTRIES:
        return None
    for length in range(len(text), 14, -1):
        if text[length - 1] != " " and iban.is_valid(text[:length], check_country=False):
            return match.start() + length
    return None


def _announced_end(doc: Document, match: re.Match[str]) -> int | None:
    """Blocks with a digit in them belong to a mistyped IBAN, and so does a bank code right behind its check digits."""
    if not _is_called_so(doc, match):
        return None
    end = match.start()
    for index, block in enumerate(_BLOCK.finditer(doc.lower, match.start(), match.end())):
        if index > 2 and not any(char.isdigit() for char in block.group()):
            break
        end = block.end()
    return end


def _is_called_so(doc: Document, match: re.Match[str]) -> bool:
    """Before it; or anywhere, if it begins as one does and is not called otherwise."""
    cue = doc.cue_before(match.start())
    if cue is not None and cue.kind in (Kind.IBAN, Kind.CODE, Kind.NOUN):
        return cue.kind == Kind.IBAN
    known = match.group().replace(" ", "")[:2] in _COUNTRIES
    return known and match.group()[:2].isalpha() and any(cue.kind == Kind.IBAN for cue in doc.cues)
