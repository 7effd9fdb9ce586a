"""What redaction finds, and which find wins where two overlap."""

from collections.abc import Iterable
from typing import NamedTuple

#: Highest first. What must never be kept beats what may be kept; structured types beat those that lean on context
#: (an e-mail address may hold a phone number, an IBAN a routing number, and "my account from 185.220.101.47" is no
#: account); a bare ZIP or a name comes last.
PRIORITY = (
    "EMAIL", "IBAN", "IP", "CREDIT_CARD", "SSN", "ROUTING", "BANK_ACCOUNT", "DRIVER_LICENSE", "DOB", "PHONE",
    "SSN_LAST4", "STREET_ADDRESS", "ZIP", "PERSON",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(PRIORITY)}


class Span(NamedTuple):
    """A value of `type` at `start:end`, half open, in code points."""

    type: str
    start: int
    end: int


class Redacted(NamedTuple):
    """`text` with each value replaced by its type in brackets; `spans` are offsets in the *input*, in order."""

    text: str
    spans: tuple[Span, ...]


def resolve(found: Iterable[Span]) -> list[Span]:
    """Spans without overlap, in order of place. The higher priority wins, then the earlier find of a recogniser.

    Of a lower span that only partly overlaps, the longer rest is kept, so that no half of a value stays readable.
    """
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: _RANK[s.type]):
        rest = _outside(span, kept)
        if rest is not None:
            kept.append(rest)
    return sorted(kept, key=lambda s: s.start)


def _outside(span: Span, kept: list[Span]) -> Span | None:
    start, end = span.start, span.end
    for other in kept:
        if other.end <= start or end <= other.start:
            continue
        if other.type == span.type or (other.start <= start and end <= other.end):
            return None
        start, end = _longer_rest(start, end, other)
    return Span(span.type, start, end) if end - start >= min(3, span.end - span.start) else None


def _longer_rest(start: int, end: int, other: Span) -> tuple[int, int]:
    left, right = (start, min(end, other.start)), (max(start, other.end), end)
    return left if left[1] - left[0] >= right[1] - right[0] else right
