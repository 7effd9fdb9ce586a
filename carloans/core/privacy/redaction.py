"""Find personal data in free text and take it out."""

from collections.abc import Iterable, Sequence

from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers import RECOGNISERS, find_companions
from carloans.core.privacy.spans import Redacted, Span, resolve

#: A reply in the chat is at most 4,000 characters; longer texts (logs, imports) are read in pieces of this size.
_PIECE = 8_000


def find(text: str, *, known_names: Iterable[str] = ()) -> tuple[Span, ...]:
    """The personal data in `text`, without overlaps, in order; offsets in code points of `text`. Never raises."""
    names = tuple(sorted(set(known_names)))
    if len(text) <= _PIECE:
        return tuple(_find_in(text, names))
    return tuple(
        Span(span.type, span.start + offset, span.end + offset)
        for offset, piece in _pieces(text)
        for span in _find_in(piece, names)
    )


def redact(text: str, *, known_names: Iterable[str] = ()) -> Redacted:
    """`text` with each value replaced by its type in brackets, such as "[PHONE]", and where the values stood.

    `known_names` are names that the system knows; PERSON is never guessed. Redacting twice changes nothing more.
    """
    spans = find(text, known_names=known_names)
    return Redacted(replace(text, spans, [f"[{span.type}]" for span in spans]), spans)


def scrub(text: str) -> str:
    """`text` as it may stand in a log."""
    return redact(text).text


def replace(text: str, spans: Sequence[Span], marks: Sequence[str]) -> str:
    """`text` with each span (sorted, not overlapping) replaced by the mark at the same index."""
    parts, position = [], 0
    for span, mark in zip(spans, marks, strict=True):
        parts += [text[position : span.start], mark]
        position = span.end
    return "".join([*parts, text[position:]])


def _find_in(text: str, names: tuple[str, ...]) -> list[Span]:
    document = Document(text, names)
    found = resolve(span for recognise in RECOGNISERS for span in recognise(document))
    if companions := list(find_companions(document, found)):
        found = resolve([*found, *companions])
    return [_in_input(document, span) for span in found]


def _in_input(document: Document, span: Span) -> Span:
    return Span(span.type, *document.folded.origin(span.start, span.end))


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    """Cut at white space, so that no value is cut in two."""
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        if end < len(text):
            gap = max(text.rfind("\n", start + _PIECE // 2, end), text.rfind(" ", start + _PIECE // 2, end))
            end = gap + 1 if gap > 0 else end
        yield start, text[start:end]
        start = end
