"""IP: version 4 in dots (also "[.]"), version 6 as the standard library reads it. Not version numbers."""

import ipaddress
import re
from collections.abc import Iterator

from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|0?\d?\d)"
_DOT = r"(?:\.|\[\.\]|\(\.\)|\s?\[dot\]\s?|\s?\(dot\)\s?)"
_V4 = re.compile(rf"(?<![\w.])(?<!\d-){_OCTET}(?:{_DOT}{_OCTET}){{3}}(?!\w|\.\d|-\d)")
_V6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")
_CALLED = re.compile(r"\b(?:ip|ipv6|host|address|addr|localhost)\b")
_VERSION_BEHIND = re.compile(r"\s(?:release|version|firmware|update|build|patch|kernel)\b")
_VERSION = re.compile(
    r"(?:\b(?:v|version|ver\.?|release|firmware|build|page|section|sec\.?|rev\.?|sw|os|ios|android|chapter)|"
    r"§)[\s:#]*$"
)


def find_ips(doc: Document) -> Iterator[Span]:
    """Addresses by form; an IPv4 look-alike behind "version", "section" and the like is left alone."""
    if not doc.has_number:
        return
    if doc.lower.count(".") >= 3 or "dot" in doc.lower:
        for match in _V4.finditer(doc.lower):
            if not _is_a_version(doc, *match.span()):
                yield Span("IP", *match.span())
    if doc.lower.count(":") >= 2:
        yield from _version_six(doc)


def _is_a_version(doc: Document, start: int, end: int) -> bool:
    before = _VERSION.search(doc.lower, max(0, start - 14), start)
    return before is not None or _VERSION_BEHIND.match(doc.lower, end) is not None


def _version_six(doc: Document) -> Iterator[Span]:
    for match in _V6.finditer(doc.lower):
        text = match.group()
        if any(char.isdigit() for char in text) and _is_v6(text) and _is_long_or_called_so(doc, match):
            yield Span("IP", *match.span())


def _is_long_or_called_so(doc: Document, match: re.Match[str]) -> bool:
    """“12::34” and "a::1" are rather a ratio or a program's name."""
    return len(match.group().replace(":", "")) >= 5 or _CALLED.search(doc.lower, 0, match.start()) is not None


def _is_v6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
