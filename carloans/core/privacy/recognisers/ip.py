"""IP: version 4 in dots (also "[.]", "dot", and other signs where it is called so), version 6. Not version numbers."""

import ipaddress
import re
from collections.abc import Iterator
from itertools import pairwise

from carloans.core.privacy.atoms import Atom, Run
from carloans.core.privacy.cues import Kind, leads_to
from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|0?\d?\d)"
_DOT = r"(?:\.|\[\.\]|\(\.\)|\s?\[dot\]\s?|\s?\(dot\)\s?|\s(?:dot|punto|point)\s)"
_V4 = re.compile(rf"(?<![\w.])(?<!\d-){_OCTET}(?:{_DOT}{_OCTET}){{3}}(?!\w|\.\d|-\d)")
#: "108 . 26 . 77 . 14"
_SPACED = re.compile(rf"(?<![\w.])(?<![\d.] ){_OCTET}(?: ?\. ?{_OCTET}){{3}}(?!\w| ?\. ?\d)")
#: right behind "ip" any sign will do, as long as it is the same three times
_SAID = re.compile(
    rf"\bip(?:v4)?\b[^\d.\n]{{0,24}}(?P<value>{_OCTET}(?P<sign>[ ,_/-]|"
    rf", )(?:{_OCTET}(?P=sign)){{2}}{_OCTET})(?!\w|[.,-]\d)"
)
_SAID_BEHIND = re.compile(
    rf"(?<![\w.,-])(?P<value>{_OCTET}(?P<sign>[ ,_/-]|, )(?:{_OCTET}(?P=sign)){{2}}{_OCTET})"
    r"[,.]? (?:(?:is|es|was|era|that'?s) )?(?:(?:my|mi|the|la|an|una|your|his|her) )?(?:home |old |work )?ip\b"
)
_V6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:]|\.\d)")
_CALLED = re.compile(r"\b(?:ip|ipv6|host|address|addr|localhost)\b")
#: what a text with an address in it talks of
_NETWORK = re.compile(
    r"\b(?:ips?|ipv4|host|address|server|router|network|vpn|dns|ping\w*|block\w*|bloque\w*|den(?:y|ied)|"
    r"log(?:ged|in|s)?|"
    r"sign(?:ed)? ?in|session|sesion|device|wifi|firewall|red|from|desde|conexion|connect\w*)\b"
)
_VERSION_BEHIND = re.compile(r"\s(?:release|version|firmware|update|build|patch|kernel)\b")
_VERSION = re.compile(
    r"(?:\b(?:v|version|ver\.?|release|firmware|build|page|section|sec\.?|rev\.?|sw|os|ios|android|chapter)|"
    r"§)[\s:#]*$"
)
_SPOKEN_DOT = re.compile(r"[\s,]*(?:dot|punto|point|\.)[\s,]*")


def find_ips(doc: Document) -> Iterator[Span]:
    """Addresses by form; an IPv4 look-alike behind "version", "section" and the like is left alone."""
    if not doc.has_number:
        return
    if doc.lower.count(":") >= 2:
        yield from _version_six(doc)
    if doc.lower.count(".") >= 3 or "dot" in doc.lower or "punto" in doc.lower:
        yield from _dotted(doc)
        yield from _dictated(doc)
    if "ip" in doc.lower:
        for pattern in (_SAID, _SAID_BEHIND):
            yield from (Span("IP", *match.span("value")) for match in pattern.finditer(doc.lower))


def _dotted(doc: Document) -> Iterator[Span]:
    for match in _V4.finditer(doc.lower):
        if not _is_something_else(doc, *match.span()):
            yield Span("IP", *match.span())
    if " ." in doc.lower or ". " in doc.lower:
        for match in _SPACED.finditer(doc.lower):
            if re.search(r"\d{3}", match.group()) or _NETWORK.search(doc.lower):
                yield Span("IP", *match.span())


def _is_something_else(doc: Document, start: int, end: int) -> bool:
    """A version, or four digits of a social security number in dots."""
    before = _VERSION.search(doc.lower, max(0, start - 14), start)
    if before is not None or _VERSION_BEHIND.match(doc.lower, end) is not None:
        return True
    cue = doc.cue_before(start) if end - start == len("4.8.2.1") else None
    return cue is not None and cue.kind == Kind.LAST4 and leads_to(doc.lower[cue.end : start])


def _dictated(doc: Document) -> Iterator[Span]:
    """As in “one ninety two dot one sixty eight dot one dot twenty”."""
    for run in doc.runs:
        if not any(atom.spoken for atom in run):
            continue
        octets = _octets(doc, run)
        if len(octets) == 4 and all(len(text) <= 3 and int(text) <= 255 for text in map(_digits, octets)):
            yield Span("IP", run[0].start, run[-1].end)


def _octets(doc: Document, run: Run) -> list[list[Atom]]:
    """The atoms of a run between one dot and the next."""
    octets = [[run[0]]]
    for before, atom in pairwise(run):
        if _SPOKEN_DOT.fullmatch(doc.lower, before.end, atom.start):
            octets.append([atom])
        else:
            octets[-1].append(atom)
    return octets


def _digits(octet: list[Atom]) -> str:
    return "".join(atom.digits for atom in octet)


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
