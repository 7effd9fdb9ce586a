"""One plain view of any text, which remembers where each of its characters came from.

People hide numbers from filters (and from themselves) behind full-width digits, key-cap emoji,
zero-width characters and fancy dashes. Recognisers read the folded view only, so none of them has to
know about Unicode; `Folded.origin` translates what they find back to the input.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Characters that people use as separators and that NFKD leaves alone.
_AS_DOT = frozenset("·•∙‧․。｡⋅・")
_AS_QUOTE = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"'}
# Letters of other alphabets that look exactly like Latin ones.
_LOOKALIKES = dict(zip("авеікмнорстухѕјοαε", "abeikmhopctyxsjoae", strict=True))
_DASHES = frozenset("−⁃﹣－ー–—‐‑‒―")


@dataclass(frozen=True, slots=True)
class Folded:
    """`cased` and `lower` are equally long, plain text; `starts`/`ends` are None when nothing moved."""

    cased: str
    lower: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Code-point offsets in the input of the half-open range `start:end` of this view."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Digits, dashes, spaces, quotes and accents made ASCII where Unicode says they are the same."""
    if text.isascii():
        return Folded(text, text.lower())
    return _fold_unicode(text)


def _fold_unicode(text: str) -> Folded:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, char in enumerate(text):
        plain = _plain(char)
        if not plain:
            _extend_last(ends, index, char)
            continue
        chars.append(plain)
        starts.extend([index] * len(plain))
        ends.extend([index + 1] * len(plain))
    cased = "".join(chars)
    return Folded(cased, _same_length_lower(cased), tuple(starts), tuple(ends))


def _extend_last(ends: list[int], index: int, char: str) -> None:
    """A dropped mark (the key-cap of an emoji digit) belongs to the character before it."""
    if ends and (unicodedata.category(char) in ("Mn", "Me")) and ends[-1] == index:
        ends[-1] = index + 1


def _same_length_lower(cased: str) -> str:
    lower = cased.lower()
    if len(lower) == len(cased):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in cased)


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """What one character reads as; empty for invisible characters and combining marks."""
    if char.isascii():
        return char
    known = _punctuation(char)
    if known is not None:
        return known
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    return _decomposed(char)


def _punctuation(char: str) -> str | None:
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Pd" or char in _DASHES:
        return "-"
    if category.startswith("Z"):
        return " " if category == "Zs" else "\n"
    if char in _AS_DOT:
        return "."
    return _AS_QUOTE.get(char)


def _decomposed(char: str) -> str:
    """NFKD without its marks, except for fractions: "5½" must not become "51/2"."""
    lookalike = _LOOKALIKES.get(char.lower())
    if lookalike is not None:
        return lookalike.upper() if char.isupper() else lookalike
    if unicodedata.decomposition(char).startswith("<fraction>"):
        return char
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return plain or char
