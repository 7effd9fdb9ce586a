"""EMAIL: as written, and as people disguise or dictate it ("jane dot doe at gmail dot com", "arroba", "[at]")."""

import re
from collections.abc import Iterator

from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span
from carloans.core.text import words

_LOCAL = r"[^\s@<>()\[\]{},;:\"\\|\x00]+"
_WRITTEN = re.compile(
    rf"(?:\"[^\"\n@]{{1,40}}\"|(?<![^\s<>()\[\]{{}},;:\"'\\|=/])'?{_LOCAL}|{_LOCAL})\s?@\s?"
    r"(?:[\w-]+(?:\s?\.\s?|,)(?=\w))*[\w-]*(?:\[\d[\d.]+\])?"
)
_PROVIDER = (
    r"gmail|g ?mail|googlemail|yahoo|ymail|hotmail|outlook|icloud|aol|live|msn|comcast|verizon|att|sbcglobal|"
    r"bellsouth|"
    r"protonmail|proton|gmx|zoho|yandex|rocketmail|me|mac|cox|charter|earthlink|fastmail"
)
_TLD = r"(?:com|net|org|edu|gov|mil|us|ca|mx|co|io|info|biz|me|uk|es|de|fr|tv|email|app|dev|ai|online|xyz|con|cmo)"
_AT = (
    r"(?:\s*[\[({<]\s*(?:at|arroba|a|@)\s*[\])}>]\s*|\s*[-_*]+at[-_*]+\s*|\s+(?:at the rate(?: of)?|at sign|"
    r"at|arroba)\s+|\s*(?:&#64;|&commat;|%40)\s*)"
)

_PLAIN_AT = r"(?:\s*@\s*)"
_DOT = (
    r"(?:\s*[\[({<]\s*(?:dot|punto|\.)\s*[\])}>]\s*|\s+(?:dot|punto|period|point)\s*|\s*[-_*]+dot[-_*]+\s*|"
    r"\s*\.\s*)"
)

_SPOKEN_DOT = r"(?:\s*[\[({<]\s*(?:dot|punto|\.)\s*[\])}>]\s*|\s+(?:dot|punto|period|point)\s+|\s*[-_*]+dot[-_*]+\s*)"
_PART = r"[a-z0-9][\w.+'-]*"
_JOINER = rf"(?:{_SPOKEN_DOT}|\s+(?:underscore|under score|dash|hyphen|minus|plus|guion bajo|guion|mas)\s+|\s*_\s*)"
_SPELLED = r"(?:[a-z0-9](?:[\s-]+|\s*,\s*)){2,}[a-z0-9]"
_LOCAL_SPOKEN = rf"(?:{_SPELLED}|{_PART})(?:{_JOINER}(?:{_SPELLED}|{_PART}))*"
_HOST = rf"[a-z0-9][a-z0-9-]*(?:{_DOT}[a-z0-9][a-z0-9-]*)*?"
_DISGUISED = re.compile(
    rf"(?<![\w@.])({_LOCAL_SPOKEN})(?:{_AT}|{_PLAIN_AT})({_HOST})({_DOT}){_TLD}(?:{_DOT}[a-z]{{2}})?(?![\w@])"
)
_PLAIN_TAIL = re.compile(r"@[\w.-]+$")
_NO_DOT = re.compile(rf"(?<![\w@.])({_LOCAL_SPOKEN})(?:{_AT})(?:{_PROVIDER})(?![\w@])")
_CUE = re.compile(
    r"(?:e-?mail(?: address| me)?|correo(?: electronico)?|address|addy|inbox|(?:gmail|hotmail|yahoo|"
    r"outlook)(?=\s?(?:is|es|:)))\b[\s:=\-,]*(?:is|es|to|at|me|it'?s|would be|a|:)?[\s:=\-,\"']*"
)
_LOST_AT = re.compile(rf"[a-z0-9][\w.+-]*(?:{_PROVIDER})\.(?:com|net|org)\b")
_HINT = re.compile(r"@|\bat\b|arroba|&#64;|&commat;|%40|[\[({]a[\])}]|[-_*]at[-_*]")
# Words before "at" that are no mailbox: "look at carmax dot com", "reach me at gmail".
_NO_LOCAL = words(
    """
    me us it look looking looked is was are here there see online them him her you this that one arrive shop website
    site go available contact reach sign check find apply car cars bought got saw price prices located work works
    worked working visit deal dealer or and up out in on rate stop live someone anyone team people us. account email
    mail job based not now just only
    """
)  # fmt: skip


def find_emails(doc: Document) -> Iterator[Span]:
    """Anything around an @; disguised ones by "at" with "dot"; a lost @ only behind "my email is"."""
    if _HINT.search(doc.lower):
        found = [*_written(doc), *_disguised(doc)]
        yield from sorted(found, key=lambda span: span.start - span.end)
    if "mail" in doc.lower or "correo" in doc.lower:
        yield from _lost_at(doc)


def _written(doc: Document) -> Iterator[Span]:
    if "@" not in doc.lower:
        return
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
    if "." in domain or "," in domain or domain.startswith("["):
        return True
    return re.fullmatch(_PROVIDER, domain) is not None


def _disguised(doc: Document) -> Iterator[Span]:
    for match in _DISGUISED.finditer(doc.lower):
        if _PLAIN_TAIL.search(match.group()):
            continue
        start = _real_start(doc.lower, match)
        if start is not None:
            yield Span("EMAIL", start, match.end())
    for match in _NO_DOT.finditer(doc.lower):
        start = _real_start(doc.lower, match)
        if start is not None and (_cue_before(doc.lower, start) or any(c.isdigit() for c in match.group(1))):
            yield Span("EMAIL", start, match.end())


def _real_start(lower: str, match: re.Match[str]) -> int | None:
    """Where the mailbox starts: right behind "email is" if that is near, else at its last word; None if it is none."""
    start, local = match.start(1), match.group(1)
    cue = _last_cue(lower, match.end(1))
    if (
        cue is not None
        and 0 < match.end(1) - cue <= 40
        and lower[cue : match.end(1)].count(" ") <= 6
        and cue < match.end(1)
    ):
        return _behind_small_talk(lower, cue, start, match.end(1))
    disguise = lower[match.end(1) : match.end()]
    if local in _NO_LOCAL or local.rstrip(".") in _NO_LOCAL:
        return None
    plain_words = re.fullmatch(r"\s+at\s+", lower[match.end(1) : match.start(2)]) if match.re is _DISGUISED else None
    if plain_words and not re.search(
        r"\s(?:dot|punto|period|point)\s*|[\[({]", disguise[match.start(2) - match.end(1) :]
    ):
        return start if _is_known_provider(lower[match.start(2) : match.end()]) else None
    return start


def _behind_small_talk(lower: str, cue: int, start: int, end: int) -> int | None:
    """With "my email is" before it all words up to the "at" are the mailbox, if none of them is small talk."""
    between = lower[cue:end]
    words = between.split()
    if not words or words[-1].rstrip(".") in _NO_LOCAL:
        return None
    return cue + len(between) - len(between.lstrip()) if cue < start else start


def _is_known_provider(host: str) -> bool:
    return re.match(rf"(?:{_PROVIDER})\b", host) is not None


def _last_cue(lower: str, end: int) -> int | None:
    cues = [m.end() for m in _CUE.finditer(lower, max(0, end - 70), end)]
    return cues[-1] if cues else None


def _cue_before(lower: str, start: int) -> bool:
    return _CUE.search(lower, max(0, start - 40), start + 1) is not None


def _lost_at(doc: Document) -> Iterator[Span]:
    """ "my email is janegmail.com": a mailbox glued to a known provider."""
    for match in _LOST_AT.finditer(doc.lower):
        glued = not re.match(rf"(?:www\.)?(?:{_PROVIDER})\.", match.group())
        if glued and _CUE.search(doc.lower, max(0, match.start() - 40), match.start()):
            yield Span("EMAIL", *match.span())
