"""EMAIL: as written, and as people disguise or dictate it ("jane dot doe at gmail dot com", "arroba", "[at]")."""

import re
from collections.abc import Iterator

from carloans.core.privacy.document import Document
from carloans.core.privacy.recognisers.disguised_email import CUE, HINT, PROVIDER, find_disguised
from carloans.core.privacy.spans import Span

_LOCAL = r"[^\s@<>()\[\]{},;:\"\\|&=?\x00]+"
_WRITTEN = re.compile(
    rf"(?:\"[^\"\n@]{{1,40}}\"|(?<![^\s<>()\[\]{{}},;:\"'\\|=/&?])'?{_LOCAL}|{_LOCAL})\s?@\s?"
    r"(?:[\w-]+(?:\s?\.{1,2}\s?(?=\w)|,(?=(?:com|net|org|edu|gov|mx|es|us|co|ca|io)\b)))*[\w-]*(?:\[\d[\d.]+\])?"
)
_FOUR_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
#: "w i l l y 4 @ a o l . c o m"
_SPACED = re.compile(r"(?<![\w.'])(?:[a-z0-9._+-] ){2,40}@(?: [a-z0-9-]){1,30} \.(?: [a-z]){2,4}(?![a-z0-9])")
#: "w i l l y 4 @ aol.com"
_SPACED_MAILBOX = re.compile(r"(?<![\w.'])(?:[a-z0-9._+-] ){3,40}@ ?[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LOST_AT = re.compile(rf"[a-z0-9][\w.+-]*(?:{PROVIDER})\.(?:com|net|org)\b")


def find_emails(doc: Document) -> Iterator[Span]:
    """Anything around an @; disguised ones by "at" with "dot"; a lost @ only behind "my email is"."""
    if HINT.search(doc.lower):
        found = [*_written(doc), *find_disguised(doc)]
        yield from sorted(found, key=lambda span: span.start - span.end)
    if "mail" in doc.lower or "correo" in doc.lower:
        yield from _lost_at(doc)


def _written(doc: Document) -> Iterator[Span]:
    if "@" not in doc.lower:
        return
    for spaced in (_SPACED, _SPACED_MAILBOX):
        yield from (Span("EMAIL", *match.span()) for match in spaced.finditer(doc.lower))
    for match in _WRITTEN.finditer(doc.lower):
        start, end = _tidy(doc.lower, *match.span())
        local, _, domain = doc.lower[start:end].rpartition("@")
        if local.strip() and _is_domain(domain.strip()):
            yield Span("EMAIL", start, end)


def _tidy(lower: str, start: int, end: int) -> tuple[int, int]:
    """Without quotes around it or the punctuation of the sentence; spaces around "@" only if a domain follows."""
    while start < end and lower[start] in "'.*_~`-!?&=/#$%^" and lower[start + 1 : start + 2].isalnum():
        start += 1
    mailto = lower.find("mailto:", start, end)
    start = mailto + 7 if mailto >= 0 else start
    while end > start and lower[end - 1] in " .,-_'":
        end -= 1
    return start, end


def _is_domain(domain: str) -> bool:
    if domain.startswith("["):
        return True
    if "." in domain or "," in domain:
        return any(char.isalpha() for char in domain) or _FOUR_NUMBERS.fullmatch(domain) is not None
    return re.fullmatch(rf"(?:{PROVIDER})(?:com|net|org)?", domain) is not None


def _lost_at(doc: Document) -> Iterator[Span]:
    """As in “my email is janegmail.com”: a mailbox glued to a known provider."""
    for match in _LOST_AT.finditer(doc.lower):
        glued = not re.match(rf"(?:www\.)?(?:{PROVIDER})\.", match.group())
        if glued and CUE.search(doc.lower, max(0, match.start() - 40), match.start()):
            yield Span("EMAIL", *match.span())
