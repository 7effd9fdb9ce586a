"""A text as the recognisers see it: folded, with its digit runs and context words found once."""

import re
from functools import cached_property

from carloans.core.privacy.atoms import Run, Window, runs_of, windows
from carloans.core.privacy.cues import Cue, Kind, cues_of, is_link_to, leads_to
from carloans.core.text.fold import fold
from carloans.core.text.spoken import may_hold_spoken_digits

#: What redaction and placeholders put in the place of a value. It is never looked into again.
MARK = re.compile(
    r"\[(?:PHONE|EMAIL|SSN|SSN_LAST4|CREDIT_CARD|CARD|BANK_ACCOUNT|ACCOUNT|ROUTING|IBAN|DOB|DRIVER_LICENSE|LICENSE|"
    r"STREET_ADDRESS|ADDRESS|ZIP|IP|PERSON|NAME)(?:_\d{1,6})?\]"
)
#: A picture between two groups ("915🌵555🌵0191") is a dash: faces, signs and dingbats, but no sign of a bank's check.
_PICTURE = re.compile(r"(?<=[^\W_])( ?)([\u2600-\u27bf\U0001f000-\U0001faff]+)( ?)(?=[^\W_])")
_LETTERED_DATE = re.compile(r"(?<![\w/.-])[\dol]{1,2}([/.-])[\dol]{1,2}\1[\dol]{2,4}(?![\w/-])")
_AS_DIGITS = str.maketrans("ol", "01")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+")
_DIALLING = re.compile(r"wa\.me|tel[:/=]|whatsapp|phone=|call")
#: How far before a number, in characters, a context word still speaks of it.
REACH = 48


class Document:
    """One text and everything about it that more than one recogniser asks for; nothing is computed unasked."""

    def __init__(self, text: str, known_names: tuple[str, ...] = ()) -> None:
        self.text = text
        self.known_names = known_names
        masked = MARK.sub(lambda mark: "\x00" * len(mark.group()), text) if "[" in text else text
        self.folded = fold(masked)
        self.cased = self.folded.cased
        self.lower = self.folded.lower if text.isascii() else _PICTURE.sub(_as_dashes, self.folded.lower)

    @cached_property
    def has_number(self) -> bool:
        """Any digit, or number words side by side."""
        return any(char in self.lower for char in "0123456789") or self.may_be_dictated

    @cached_property
    def may_be_dictated(self) -> bool:
        """Number words side by side, or one beside a digit."""
        return may_hold_spoken_digits(self.lower)

    @cached_property
    def runs(self) -> list[Run]:
        """Digit runs, see `atoms`."""
        return runs_of(self.lower, dictated=self.may_be_dictated) if self.has_number else []

    @cached_property
    def dated(self) -> str:
        """The text with letters in dates read as the digits that they look like: "O3/14/1988"."""
        return _LETTERED_DATE.sub(lambda match: match.group().translate(_AS_DIGITS), self.lower)

    @cached_property
    def windows(self) -> list[Window]:
        """Every window of every run."""
        return [window for run in self.runs for window in windows(run)]

    @cached_property
    def cues(self) -> list[Cue]:
        """Context words; only looked for when there is a number that they could explain."""
        return cues_of(self.lower) if self.has_number else []

    def cue_before(self, position: int, *, reach: int = REACH) -> Cue | None:
        """The nearest context word that ends at or before `position` and not more than `reach` before it."""
        for cue in reversed(self.cues):
            if cue.end <= position:
                return cue if position - cue.end <= reach else None
        return None

    def cues_before(self, position: int, *, reach: int = REACH) -> list[Cue]:
        """All context words within `reach` before `position`, the nearest first."""
        return [cue for cue in reversed(self.cues) if cue.end <= position and position - cue.end <= reach]

    def cue_behind(self, position: int) -> Cue | None:
        """The context word that a linking phrase ties to a number ending at `position` ("… is my social")."""
        for cue in self.cues:
            if cue.start >= position:
                return cue if is_link_to(self.lower[position : cue.start]) else None
        return None

    @cached_property
    def urls(self) -> list[tuple[int, int]]:
        """Web addresses, except those that dial ("tel:", "wa.me")."""
        if "://" not in self.lower and "www." not in self.lower:
            return []
        return [m.span() for m in _URL.finditer(self.lower) if not _DIALLING.search(m.group())]

    def in_url(self, position: int) -> bool:
        """Does `position` lie inside a web address?"""
        return any(start <= position < end for start, end in self.urls)

    def kinds_near(self, start: int, end: int) -> tuple[Kind | None, Kind | None]:
        """What the nearest cue before and the linked cue behind say about a number at `start:end`."""
        before, behind = self.cue_before(start), self.cue_behind(end)
        return (before.kind if before else None), (behind.kind if behind else None)

    def says(self, kind: Kind, start: int, end: int) -> bool:
        """Is a number at `start:end` announced as `kind`? Right before it, or behind, or earlier on."""
        before, behind = self.cue_before(start), self.cue_behind(end)
        led = before is not None and leads_to(self.lower[before.end : start])
        if before is not None and before.kind == kind:
            return led or behind is None or behind.kind == kind
        return behind is not None and behind.kind == kind


def _as_dashes(picture: re.Match[str]) -> str:
    return f"{picture[1]}{'-' * len(picture[2])}{picture[3]}"
