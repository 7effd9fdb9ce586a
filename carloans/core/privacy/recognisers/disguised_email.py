"""E-mail addresses that avoid the "@" or the ".", found outwards from whatever stands for the "@"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from carloans.core.privacy.document import Document
from carloans.core.privacy.spans import Span
from carloans.core.text import words
from carloans.core.text.spoken import TEENS, TENS, UNITS

PROVIDER = (
    r"gmail|g[ -]?mail|ge{1,2} ?mail|googlemail|yahoo|ymail|y mail|hot ?mail|out ?look|i ?cloud|aol|a o l|"
    r"live|msn|comcast|verizon|att|sbcglobal|"
    r"bellsouth|proton ?mail|proton|gmx|zoho|yandex|rocketmail|me|mac|cox|charter|earthlink|fastmail"
)
#: Cheap: could there be an address at all?
HINT = re.compile(r"@|\bat\b|arroba|&#64;|&commat;|%40|[\[({]a[\])}]|[-_*]at[-_*]")
#: What announces an address, up to its first character.
CUE = re.compile(
    r"(?:e-?mail(?: address| me)?|write (?:to )?(?:me|us)(?= (?:on|at|to)\b)|"
    r"correo(?: electronico)?|address|addy|inbox|(?:gmail|hotmail|yahoo|outlook)"
    r"(?=\s?(?:is|es|:)))\b[\s:=\-,]*(?:is|es|to|at|on|me|it'?s|would be|a|:)?[\s:=\-,\"']*"
)
_AT = re.compile(
    r"\s{0,3}[\[({<]\s?(?:at|arroba|a|@)\s?[\])}>]\s{0,3}|\s?[-_*]{1,3}at[-_*]{1,3}\s?|"
    r"\s{1,3}(?:at the rate(?: of)?|at sign|at|arroba)\s{1,3}|\s?(?:&#64;|&commat;|%40)\s?|\s{0,2}@\s{0,2}"
)
_SPOKEN_DOT = (
    r"(?:\s{0,3}[\[({<]\s?(?:dot|punto|\.)\s?[\])}>]\s{0,3}|\s{1,3}(?:dot|punto|period|point)\s{1,3}|"
    r"\s?[-_*]{1,3}dot[-_*]{1,3}\s?)"
)
_DOT = rf"(?:{_SPOKEN_DOT}|\s(?:dot|punto|period|point)|\s{{0,2}}\.\s{{0,2}})"
_TLD = r"(?:com|net|org|edu|gov|mil|us|ca|mx|co|io|info|biz|me|uk|es|de|fr|tv|email|app|dev|ai|online|xyz|con|cmo)"
_HOST = re.compile(
    rf"(?:(?:{PROVIDER})(?![a-z0-9])|[a-z0-9][a-z0-9-]*(?:\s(?:hyphen|dash|"
    rf"guion)\s[a-z0-9]+)?)(?:{_DOT}[a-z0-9][a-z0-9-]*){{0,4}}?{_DOT}{_TLD}(?:{_DOT}[a-z]{{2}})?(?![\w@])"
)
_HOST_WITHOUT_DOT = re.compile(rf"(?:{PROVIDER})(?![\w@])")
#: "btate at tate hvac dot com": a firm's name of two or three words, only with a dictated dot
_WORDY_HOST = re.compile(
    rf"(?:(?!(?:the|my|a(?=\s\w\w)|an|your|this|that|our|his|her|some|any|all|work|home|or|and|"
    rf"is)\s)[a-z0-9][a-z0-9-]*\s){{1,12}}?"
    rf"[a-z0-9][a-z0-9-]*{_SPOKEN_DOT}(?:{_TLD}|[a-z] [a-z](?: [a-z])?)(?![\w@])"
)
_ALL_LINE = re.compile(
    r"(?:^|\n|[.!?:]\s)\s*(?:(?:it is|it'?s|its|is|es|mi correo es|um|uh|ok|yes|yeah|hi|spell it)[\s,:]+)*$"
)
_PART = r"[a-z0-9][\w.+'-]*"
_SPELLED = r"(?:[a-z0-9](?:[\s-]{1,2}|\s?,\s?)){2,30}[a-z0-9]"
_SIGN = rf"(?:{_SPOKEN_DOT}|\s(?:underscore|under score|dash|hyphen|minus|plus|guion bajo|guion|mas)\s|\s?_\s?)"
_MAILBOX = re.compile(rf"(?<![\w@.])(?:{_SPELLED}|{_PART})(?:{_SIGN}(?:{_SPELLED}|{_PART})){{0,6}}$")
_IS_DISGUISED = re.compile(r"\s(?:dot|punto|period|point)\b|[\[({<]|[-_*]dot[-_*]")
#: How far before the "at" a mailbox, or the words that announce it, may begin.
_REACH = 70
# Words before "at" that are no mailbox: "look at carmax dot com", "reach me at gmail".
_NO_LOCAL = words(
    """
    me us it look looking looked is was are here there see online them him her you this that one arrive shop website
    site go available contact reach sign check find apply car cars bought got saw price prices located work works
    worked working visit found find saw seen listed ad ads posted advertised sold selling buying ordered read
    reading article review reviews reviewed applied approved started signed registered logged login checked
    prequalified im i'm we're were am pm deal dealer or and up out in on rate stop live someone anyone team people us.
    account email
    mail job based not now just only
    """
)  # fmt: skip


# Words before a mailbox that do not belong to it.
_NO_NAME = words(
    """
    a an the my its it's im i'm i'll ill yes yeah no ok okay hi hey hello sure thanks pls please try use send write
    mail email gmail text call si es el la mi mine personal work his her hers is was and or then so also but to
    """
)
_NUMBERS = "|".join(sorted({*UNITS, *TEENS, *TENS} - {"o", "un", "una", "once"}))
_ONLY_A_NUMBER = re.compile(rf"(?:{_NUMBERS}|\d{{1,4}})\b")
_WORD_BEFORE = re.compile(r"(?:(?<=\s)|^)([a-z0-9][\w.+'-]*)[\s-]+$")


def find_disguised(doc: Document) -> Iterator[Span]:
    """Addresses with something else for the "@" or the "."; a plain "@" with plain dots is not looked at here."""
    for at in _AT.finditer(doc.lower):
        host = _HOST.match(doc.lower, at.end())
        if host is None and (host := _WORDY_HOST.match(doc.lower, at.end())) is not None:
            start = _start_of_wordy(doc.lower, at, host)
        elif host is not None:
            start = _start(doc.lower, at, host)
        elif host := _HOST_WITHOUT_DOT.match(doc.lower, at.end()):
            start = _start_without_dot(doc.lower, at)
        if host is not None and start is not None:
            yield Span("EMAIL", start, host.end())


def _start(lower: str, at: re.Match[str], host: re.Match[str]) -> int | None:
    """Where the address begins; None if it is none, or needs no disguise."""
    dotted = _IS_DISGUISED.search(host.group()) is not None
    if "@" in at.group() and not dotted and not _IS_DISGUISED.search(at.group()) and " " not in host.group():
        return None
    mailbox = _mailbox(lower, at.start())
    if mailbox is None or mailbox.announced:
        return mailbox.start if mailbox else None
    if mailbox.text.rstrip(".") in _NO_LOCAL:
        return None
    start = _with_words_before(lower, mailbox, host.group())
    if at.group().strip() == "at" and not dotted and not _HOST_WITHOUT_DOT.match(host.group()):
        alone = _ALL_LINE.search(lower[:start]) and not re.search(r"\w", lower[host.end() :])
        return start if alone and " " not in host.group() else None
    return start


def _start_of_wordy(lower: str, at: re.Match[str], host: re.Match[str]) -> int | None:
    """With a host of several words an address must be announced, or be all that the line says."""
    names = host.group().split()
    if len(names) > 6 and any(len(name) > 1 and name not in {"dot", "punto", "period", "point"} for name in names):
        return None
    mailbox = _mailbox(lower, at.start())
    if mailbox is None:
        return None
    if mailbox.announced:
        return mailbox.start
    if mailbox.text.split()[-1].rstrip(".") in _NO_LOCAL:
        return None
    start = _with_words_before(lower, mailbox, host.group())
    short = re.search(r"(?:^|[.!?:\n]\s*)(?:[a-z]\w{0,14}\s){0,4}$", lower[max(0, start - 40) : start])
    return start if _ALL_LINE.search(lower[:start]) or (short and host.end() == len(lower.rstrip(" .!"))) else None


def _with_words_before(lower: str, mailbox: "_Mailbox", host: str) -> int:
    """“kimtran ninety two at …”: number words end a mailbox, they are not all of it; nor is a family name."""
    start = mailbox.start
    while _ONLY_A_NUMBER.match(lower, start) and (word := _WORD_BEFORE.search(lower, max(0, start - 40), start)):
        if word[1] in _NO_LOCAL or word[1] in _NO_NAME:
            return start
        start = word.start()
    word = _WORD_BEFORE.search(lower, max(0, start - 40), start)
    if word is None or not word[1].isalpha() or word[1] in _NO_LOCAL or word[1] in _NO_NAME:
        return start
    is_initial = len(word[1]) == 1 and word[1] not in {"a", "i", "y", "o"}
    if is_initial or re.match(PROVIDER, host) is None:
        return word.start(1) if is_initial else start
    first = _first_of_names(lower, start)
    return first if _ALL_LINE.search(lower[:first]) is not None else start


def _first_of_names(lower: str, start: int) -> int:
    """Up to three words before a mailbox, none of which is a word of a sentence: "big dawg trucking at …"."""
    for _ in range(3):
        word = _WORD_BEFORE.search(lower, max(0, start - 40), start)
        if word is None or not word[1].isalpha() or word[1] in _NO_LOCAL or word[1] in _NO_NAME:
            break
        start = word.start(1)
    return start


def _start_without_dot(lower: str, at: re.Match[str]) -> int | None:
    """As in “dana at gmail”: only if an address is announced, or the mailbox has a digit."""
    mailbox = _mailbox(lower, at.start())
    if mailbox is None or "@" in at.group():
        return None
    sure = mailbox.announced or (mailbox.text not in _NO_LOCAL and any(char.isdigit() for char in mailbox.text))
    return mailbox.start if sure else None


class _Mailbox(NamedTuple):
    start: int
    text: str
    announced: bool


def _mailbox(lower: str, end: int) -> _Mailbox | None:
    """The mailbox that ends at `end`: behind "my email is" all words up to there, else the last one."""
    match = _MAILBOX.search(lower, max(0, end - _REACH), end)
    if match is None:
        return None
    announced = _announced_start(lower, end)
    if announced is None:
        return _Mailbox(match.start(), match.group(), False)
    if match.group().split()[-1].rstrip(".") in _NO_LOCAL:
        return None
    return _Mailbox(min(announced, match.start()), match.group(), True)


def _announced_start(lower: str, end: int) -> int | None:
    cues = [cue.end() for cue in CUE.finditer(lower, max(0, end - _REACH), end) if cue.end() < end]
    if not cues or end - cues[-1] > 40 or lower.count(" ", cues[-1], end) > 6:
        return None
    return cues[-1]
