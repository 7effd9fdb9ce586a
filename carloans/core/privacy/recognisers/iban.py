"""IBAN: by ISO 13616 structure and checksum, or mistyped where it is called an IBAN."""

import re
from collections.abc import Iterator

from stdnum import iban

from carloans.core.privacy.cues import Kind
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_CANDIDATE = re.compile(r"(?<![a-z0-9])[a-z]{2}[ -]?\d{2}(?:[ -]{0,2}[a-z0-9]){11,30}")
_BLOCK = re.compile(r"[a-z0-9]+")


def find_ibans(doc: Document) -> Iterator[Span]:
    """In groups of four or in one piece; what follows an IBAN without a break is cut off by its checksum."""
    if not doc.has_number:
        return
    for match in _CANDIDATE.finditer(doc.lower):
        end = _valid_end(match) or _announced_end(doc, match)
        if end:
            yield Span("IBAN", match.start(), end)


def _valid_end(match: re.Match[str]) -> int | None:
    text = match.group()
    for length in range(len(text), 14, -1):
        if text[length - 1].isalnum() and iban.is_valid(text[:length].replace("-", " ")):
            return match.start() + length
    return None


def _announced_end(doc: Document, match: re.Match[str]) -> int | None:
    """Blocks with a digit in them belong to a mistyped IBAN, and so does a bank code right behind its check digits."""
    cue = doc.cue_before(match.start())
    if cue is None or cue.kind != Kind.IBAN:
        return None
    end = match.start()
    for index, block in enumerate(_BLOCK.finditer(doc.lower, match.start(), match.end())):
        if index > 2 and not any(char.isdigit() for char in block.group()):
            break
        end = block.end()
    return end
