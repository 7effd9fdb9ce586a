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
_VERSION = re.compile(
    r"(?:\b(?:v|version|ver\.?|release|firmware|build|section|sec\.?|rev\.?|sw|os|ios|android|chapter)|"
    r"§)[\s:#]*$"
)


def find_ips(doc: Document) -> Iterator[Span]:
    """Addresses by form; an IPv4 look-alike behind "version", "section" and the like is left alone."""
    if not doc.has_number:
        return
    if doc.lower.count(".") >= 3 or "dot" in doc.lower:
        for match in _V4.finditer(doc.lower):
            if not _VERSION.search(doc.lower, max(0, match.start() - 14), match.start()):
                yield Span("IP", *match.span())
    if doc.lower.count(":") >= 2:
        yield from _version_six(doc)


def _version_six(doc: Document) -> Iterator[Span]:
    for match in _V6.finditer(doc.lower):
        text = match.group()
        if any(char.isdigit() for char in text) and _is_v6(text) and len(text.replace(":", "")) > 0:
            yield Span("IP", *match.span())


def _is_v6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
