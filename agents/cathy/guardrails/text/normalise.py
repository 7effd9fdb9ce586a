"""Turn disguised text into plain words: the form that every rule reads.

What it undoes: look-alike letters and alphabets, accents, zero-width and combining characters, emoji inside
words, HTML tags and entities, letters set apart (g u a r a n t e e d), words cut in two (guar anteed,
guar-anteed), digits for letters (gu4rant33d), stretched letters (approooved), contractions and SMS short forms.
A telephone number reads as its placeholder does, since its digits are neither words nor amounts.

The result is lower-case words and signs with one space around each, so that a pattern can rely on " word ".
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import product

from .everyday import EVERYDAY
from .lookalikes import LEET, plain_letters
from .short_forms import CONTRACTIONS, SHORT_FORMS
from .vocabulary import KNOWN

_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_BREAKING_TAG = re.compile(r"<(?:br|p|/p|li|/li|div|/div|tr|/tr|td|/td)\b[^<>]*>", re.IGNORECASE)
_SPACED = re.compile(r"(?<![\w'])(?:[^\W_][ .\-_*/|~+,]{1,2}){2,}[^\W_](?![^\W_])")
_WIDE_GAP = re.compile(r"[ \t]{2,}|\s*[/|]\s*")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+(?:'[a-z]+)*|[^\sa-z\d]|[^\x00-\x7f]+")
_ADDRESS = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+")
_TELEPHONE = re.compile(r"(?<![\d-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d-])")
_AS_PLACEHOLDER = " [phone 1] "
_INNER = re.compile(r"^[a-z]{1,12}(?:[-.*_~|/+\"]{1,2}[a-z]{1,12}){1,12}$")
_EDGES = ".,;:?!\"'()[]{}<>-*_~"
_STRETCH = re.compile(r"([a-z])\1{2,}")
_TINY = frozenset({"n0", "s0", "d0", "g0", "t0", "1t", "1s", "1f", "1n", "4r", "h1", "@m", "@n"})
_MAX_CHARS = 6000


def normalise(text: str) -> str:
    """Return `text` as plain words and signs, padded: " you are approved ! ". Never raises.

    Only the first 6,000 characters are read.
    """
    plain = plain_letters(_strip_markup(text[:_MAX_CHARS]))
    plain = _SPACED.sub(_close_up, _TELEPHONE.sub(_AS_PLACEHOLDER, plain))
    words: list[str] = []
    for chunk in plain.split():
        words.extend(_chunk_words(chunk))
    return f" {' '.join(_rejoin(words))} "


def _strip_markup(text: str) -> str:
    if "<" in text:
        text = _TAG.sub("", _BREAKING_TAG.sub(" ", text))
    return html.unescape(text) if "&" in text else text


def _close_up(match: re.Match[str]) -> str:
    """g u a r a n t e e d  a p p r o v a l → guaranteed approval."""
    pieces = [re.sub(r"[\W_]+", "", piece) for piece in _WIDE_GAP.split(match.group())]
    if all(piece.isdigit() for piece in pieces) or (len(pieces) == 1 and len(pieces[0]) < 4 and pieces[0] not in KNOWN):
        return match.group()
    words = [word for piece in pieces if piece for word in _segment(_unleet(piece) or piece)]
    return f" {' '.join(words)} "


@lru_cache(maxsize=2048)
def _segment(letters: str) -> tuple[str, ...]:
    """Cut run-together letters into known words, with the fewest and longest ones; whole when impossible."""
    best: list[tuple[int, tuple[str, ...]] | None] = [(0, ())] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 18), end):
            before, piece = best[start], letters[start:end]
            if before is None or not (piece in KNOWN or piece.isdigit()):
                continue
            score = before[0] + len(piece) ** 2
            current = best[end]
            if current is None or score > current[0]:
                best[end] = (score, (*before[1], piece))
    found = best[-1]
    return found[1] if found else (letters,)


def _chunk_words(chunk: str) -> list[str]:
    if chunk.isalpha() and chunk.isascii():
        return _expand(_unstretch(chunk))
    if _ADDRESS.fullmatch(chunk.strip(_EDGES)):
        return [chunk.strip(_EDGES)]
    core = chunk.strip(_EDGES)
    if core and (word := _disguised(core)):
        lead, _, tail = chunk.partition(core)
        return [*_TOKEN.findall(lead), *_expand(word), *_TOKEN.findall(tail)]
    tokens = _TOKEN.findall(chunk.replace("_", " ").replace("*", "").replace("~", ""))
    return [word for piece in tokens if piece != "'" for word in _expand(_unstretch(piece))]


def _disguised(core: str) -> str | None:
    """Return the known word behind `core`, or None."""
    if core.isalpha():
        return None
    if _INNER.match(core):
        joined = re.sub(r"[^a-z]", "", core)
        apart = re.split(r"[^a-z]+", core)
        if joined in KNOWN:
            return joined if not all(_is_word(part) for part in apart) else None
    return _unleet(core)


@lru_cache(maxsize=4096)
def _unleet(core: str) -> str | None:
    letters = sum(char.isalpha() for char in core)
    if letters < 1 or len(core) < 2 or len(core) > 20 or core.isalpha() or (letters == 1 and core not in _TINY):
        return None
    options = [char if char.isalpha() else LEET.get(char, "") for char in core]
    if not all(options) or sum(len(option) > 1 for option in options) > 4:
        return None
    for letters_tuple in product(*options):
        word = "".join(letters_tuple)
        if word in KNOWN or _unstretch(word) in KNOWN:
            return _unstretch(word)
    return None


def _unstretch(word: str) -> str:
    if not _STRETCH.search(word):
        return word
    double = _STRETCH.sub(r"\1\1", word)
    single = _STRETCH.sub(r"\1", word)
    return double if double in KNOWN and single not in KNOWN else single


def _expand(word: str) -> list[str]:
    if word in SHORT_FORMS:
        return SHORT_FORMS[word].split()
    if "'" in word:
        return _apart(word)
    return [word]


def _apart(word: str) -> list[str]:
    """don't → do not; dealer's → dealer's (kept as "dealer s" would read like a word)."""
    if word in CONTRACTIONS:
        return CONTRACTIONS[word].split()
    stem, _, ending = word.rpartition("'")
    full = {"t": "not", "re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}.get(ending)
    if full is None:
        return [stem] if ending == "s" else [stem, ending]
    return [stem.removesuffix("n") if full == "not" else stem, full]


def _rejoin(words: list[str]) -> list[str]:
    """Join neighbours that only make sense together: "guar anteed", "in come"."""
    out: list[str] = []
    for word in words:
        if out and _belongs(out[-1], word):
            out[-1] += word
        elif len(out) > 1 and out[-1] not in KNOWN and _belongs(out[-2] + out[-1], word):
            out[-2:] = ["".join((*out[-2:], word))]
        else:
            out.append(word)
    return out


def _belongs(left: str, right: str) -> bool:
    if not (4 < len(left) + len(right) < 20 and len(left) > 1 and len(right) > 1) or _is_word(left) or _is_word(right):
        return False
    return left.isalpha() and right.isalpha() and left + right in KNOWN


@lru_cache(maxsize=8192)
def _is_word(word: str) -> bool:
    return word in KNOWN or word in EVERYDAY
