"""Digit groups of a text, written or spoken, and the runs that they form.

"(512) 555-0134" is one run of three atoms with sizes (3, 3, 4). Recognisers of numbers compare such sizes
and the digits themselves, so that a phone or a card is found whatever stands between its groups.
Amounts, measures and pieces of longer codes ("$1,250", "90k miles", "F150", a VIN) are no atoms: they end a run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from carloans.core.text.spoken import Spoken, spoken_numbers

#: "tight": a sign such as "-" or ")("; "spaced": the same with blanks around; "space": only a blank;
#: "loose": commas, colons, words.
Joint = Literal["tight", "spaced", "space", "loose"]

_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d,-])(?:\.\d{1,2}(?!\d))?|\d+\.\d{2}(?![\d.-])(?=\s*(?:dollars|usd|%|/|per|$|"
    r"[,;)]))"
)
_MONEY_BEFORE = re.compile(r"(?:[$€£]|usd|us\$)\s?-?\Z")
_UNIT_AFTER = re.compile(
r"\s?(?:%|k\b|km\b|kms\b|mi\b(?!\s(?:seguro|social|ssn|tarjeta|cuenta|numero|num|cel|tel|licencia|fecha|zip|"
r"codigo|ruta|iban|movil))|"
    r"miles?\b|millas\b|dollars?\b|dolares\b|usd\b|bucks\b|pesos\b|mph\b|mpg\b|"
r"hp\b|lbs?\b|"
    r"kg\b|cc\b|years?\b|yrs?\b|months?\b|mos?\b|weeks?\b|days?\b|hours?\b|hrs?\b|mins?\b|minutes?\b|am\b|pm\b|"
    r"anos\b|meses\b|dias\b|horas\b|minutos\b|thousand\b|grand\b|percent\b|a month\b|per month\b|/mo\b|al mes\b)"
)  # fmt: skip
_LAST = re.compile(r"(?:(?:last|final|ultimos|ultimas)[ _]?|ssn)\Z")
# Two groups before it: the last one of a longer number, whatever "am", "mi" or "k" says behind.
_LAST_GROUP = re.compile(r"\d{2,}\)?[-. /]{1,2}\d{2,}[-. /]{1,2}\Z|(?<![\d-])[2-9]\d\d-\Z")
# \Z and not $: the end of the line before is no letter before the number.
_GLUE_LEFT = re.compile(r"[a-z]+\Z")
_GLUE_RIGHT = re.compile(r"[a-z]+")
# Words that may stick to a number without being part of a code.
_GLUED_CUES = re.compile(
    r"(?:ssn|social|tel|telephone|phone|ph|cell|mobile|fax|call|text|acct|account|routing|aba|card|zip|dob|"
    r"number|num|is|es|iban|t|p|m|c)\Z"
)
_GLUED_TAILS = re.compile(
    r"(?:x|ext|extn|extension|is|es|and|or|y|my|ok|thanks|please|thx|cell|home|work|st|nd|rd|th)\b|(?:x|"
    r"ext)(?=\d)"
)
_CODE = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b0x[0-9a-f]+\b|"
    r"\b(?=[a-hj-npr-z]*\d)(?=\d*[a-hj-npr-z])[a-hj-npr-z0-9]{17}\b"
)
#: a VIN
_SHORTEST_CODE = 17
CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?!\d)(?!:\d)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")

_TIGHT = re.compile(r"[ \t]?(?:[-._/*~|+,=\\]|\)\s?-?|-\(|\()[ \t]?|\) \(|\.\.|-{2,4}|\*{2,3}|\] ?-?")
_LOOSE = re.compile(r"[\s\-._/*~|+,;:()\[\]{}'\"<>\\=#]{1,7}")
_SPOKEN_SIGN = re.compile(r"[\s,]{0,2}(?:dash|hyphen|minus|dot|period|point|slash|guion|punto)[\s,]{0,2}")
_LINK_WORDS = re.compile(
    r"\b(?:dash|hyphen|minus|dot|period|point|space|slash|then|and|comma|um+|uh+|er+|again|guion|punto|"
    r"espacio|y|luego)\b"
)


# "388-1O-441O", "2l0-555-0l63": letters typed for the digits that they look like, in a number of seven or more.
_LETTERED = re.compile(r"(?<![\w.@-])[\doil]+(?:[-./ ][\doil]+)*(?![\w@])")
# "1500 o 2000", "5.7l": a word, or a unit behind its number
_HAS_WORDS = re.compile(r"(?<!\d)[oil]+(?!\d)|\d[il]\b")
_AS_DIGITS = str.maketrans("oil", "011")


@dataclass(frozen=True, slots=True)
class Atom:
    """`digits` standing at `start:end`; `joint` tells how it is tied to the atom before it, None if it is not."""

    start: int
    end: int
    digits: str
    joint: Joint | None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Some neighbouring atoms of one run, read as one number."""

    atoms: tuple[Atom, ...]
    #: all its digits
    digits: str
    #: how many digits each group has
    sizes: tuple[int, ...]
    #: it is its whole run
    whole: bool

    @property
    def start(self) -> int:
        """Where its first digit stands."""
        return self.atoms[0].start

    @property
    def end(self) -> int:
        """Behind its last digit."""
        return self.atoms[-1].end

    @property
    def spoken(self) -> bool:
        """Was it dictated, wholly or in part? One word among digits ("2018-2022, two people") is not enough."""
        return sum(atom.spoken for atom in self.atoms) >= min(2, len(self.atoms))

    @property
    def years(self) -> bool:
        """Is it a range of years, such as 2018-2022?"""
        return self.sizes == (4, 4) and all(atom.digits[:2] in ("19", "20") for atom in self.atoms)

    @property
    def tight(self) -> bool:
        """No comma, colon or word between its groups."""
        return all(atom.joint != "loose" for atom in self.atoms[1:])

    @property
    def punctuated(self) -> bool:
        """Some dash, dot, slash or bracket between its groups, and no comma or word."""
        return self.tight and any(atom.joint in ("tight", "spaced") for atom in self.atoms[1:])


Run = tuple[Atom, ...]


def runs_of(lower: str, *, dictated: bool = True) -> list[Run]:
    """The runs of digit groups in a folded lower-case text, in order; `dictated`: number words may be among them."""
    lower = _LETTERED.sub(_with_digits, lower)
    barred = _barred(lower)
    spoken = spoken_numbers(lower) if dictated else []
    runs: list[list[Atom]] = []
    previous_end = -1
    for number in sorted([*_written(lower), *spoken]):
        if number.amount or not number.digits or _is_barred(number, barred) or _is_measure(number, lower):
            previous_end = -1
            continue
        is_spoken = not lower[number.start].isdigit()
        joint = _joint(lower[previous_end : number.start]) if previous_end >= 0 else None
        if joint and lower[previous_end : number.start].strip() in ("/", "|") and _is_whole(runs[-1], number.digits):
            joint = "loose"
        if joint and not is_spoken and _begins_anew(runs[-1], lower[previous_end : number.start], number.digits):
            joint = None
        atom = Atom(number.start, number.end, number.digits, joint, is_spoken)
        if joint is None:
            runs.append([atom])
        else:
            runs[-1].append(atom)
        previous_end = number.end
    return [trimmed for run in runs if (trimmed := _trim(run, lower))]


def _begins_anew(run: list[Atom], gap: str, digits: str) -> bool:
    """In “not all nine. 9947 is …” the word belongs to the sentence before."""
    return len(run) == 1 and run[0].spoken and gap[:1] in ".!?" and gap[1:].isspace() and len(digits) >= 4


def _with_digits(match: re.Match[str]) -> str:
    text = match.group()
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    if not letters or digits + letters < 7 or digits < 2 * letters or _HAS_WORDS.search(text):
        return text
    return text.translate(_AS_DIGITS)


def _is_whole(run: list[Atom], following: str) -> bool:
    """What follows “512-555-0188/” is another number, and so is either side of "044000037/3340918827"."""
    sizes = [len(atom.digits) for atom in run[-3:]]
    return sizes == [3, 3, 4] or (sizes[-1] >= 8 and len(following) >= 6)


def windows(run: Run, *, longest: int = 20) -> Iterator[Window]:
    """Stretches of neighbouring atoms of `run` with three to twenty digits, longer ones first at each start.

    A stretch that a sign ties to a further atom ("-99" behind "512-555-0188") is part of a longer code and left out.
    """
    count = len(run)
    all_digits = [atom.digits for atom in run]
    all_sizes = tuple(map(len, all_digits))
    for first in range(count):
        if first and run[first].joint == "tight":
            continue
        for end in range(min(count, first + longest), first, -1):
            sizes = all_sizes[first:end]
            if (end < count and run[end].joint == "tight") or not 3 <= sum(sizes) <= 20:
                continue
            whole = first == 0 and end == count
            yield Window(run[first:end], "".join(all_digits[first:end]), sizes, whole)


def _written(lower: str) -> Iterator[Spoken]:
    for match in _DIGITS.finditer(lower):
        yield Spoken(match.start(), match.end(), match.group())


def _barred(lower: str) -> list[tuple[int, int]]:
    """Stretches whose digits are amounts, clock times or codes."""
    found = [match.span() for match in _THOUSANDS.finditer(lower)] if "," in lower or "." in lower else []
    found += [match.span() for match in CLOCK.finditer(lower)] if ":" in lower else []
    if "0x" in lower or any(len(word) >= _SHORTEST_CODE for word in lower.split()):
        found += [match.span() for match in _CODE.finditer(lower)]
    return found


def _is_barred(number: Spoken, barred: list[tuple[int, int]]) -> bool:
    return any(start <= number.start < end for start, end in barred)


def _is_measure(number: Spoken, lower: str) -> bool:
    """Money, a distance, a duration, or digits inside a code such as "F150"."""
    before = lower[max(0, number.start - 14) : number.start]
    if _LAST.search(before) and number.digits == "4":
        return True
    after = lower[number.end : number.end + 14]
    if len(number.digits) in (3, 4) and _LAST_GROUP.search(before):
        return False
    if len(number.digits) <= 7 and (_MONEY_BEFORE.search(before) or _UNIT_AFTER.match(after)):
        return True
    if number.digits and not lower[number.start].isdigit():
        return False
    return _glued(before, after)


def _glued(before: str, after: str) -> bool:
    left = _GLUE_LEFT.search(before)
    if left and not _GLUED_CUES.search(left.group()) and not spoken_numbers(left.group()):
        return True
    right = _GLUE_RIGHT.match(after)
    return bool(right and not _GLUED_TAILS.match(after) and not spoken_numbers(right.group()))


def _joint(gap: str) -> Joint | None:
    if gap in (" ", "  ", "\n", "\t", ""):
        return "space" if gap else "tight"
    if _TIGHT.fullmatch(gap):
        if "," in gap:
            return "loose"
        return "spaced" if gap[0] == gap[-1] == " " else "tight"
    if _SPOKEN_SIGN.fullmatch(gap):
        return "tight"
    words = _LINK_WORDS.sub("", gap)
    if words != gap and len(gap) <= 18 and not words.strip(" \t\n-._,()/"):
        return "loose"
    return "loose" if _LOOSE.fullmatch(gap) else None


def _trim(run: list[Atom], lower: str) -> Run:
    """A run neither starts nor ends with words that are seldom digits ("oh", "un", "once")."""
    weak = {"oh", "o", "un", "una", "once"}
    while len(run) > 1 and lower[run[0].start : run[0].end] in weak and not (run[0].digits == "0" and run[1].spoken):
        run = run[1:]
    while len(run) > 1 and lower[run[-1].start : run[-1].end] in weak - {"oh", "o"}:
        run = run[:-1]
    return tuple(run)
