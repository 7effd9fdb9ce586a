"""A small pattern language over normalised text, so that a rule reads like the sentences it forbids.

    {you} {be} ~2 {approved}

- a plain word matches itself; `word*` matches any ending
- `{name}` is a group of the lexicon; a `?` right after a word, group or bracket makes it optional
- `(a|b c|d*)` is one of these
- `~n` is up to n words within the same clause
- `#` is a number, in digits or words
- `^` is the start of the sentence, `¶` its end, `_` any one word

A phrase is tried only on texts that hold a word of each of its parts, which keeps a reading under a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache

from .lexicon import EVERYWHERE, GROUPS, NUMBER, NUMBER_WORDS

_GAP_WORD = r"[^ .?!;]+ "
_ANCHORS = {"^": "(?<!. )", "¶": r"\Z", "_": _GAP_WORD}
_NO_NEED: frozenset[str] = frozenset()
_STEMS: set[str] = set()
_STEM_SIZES: set[int] = set()


class Phrase:
    """A template: for each part the words of which a text must hold one, and its pattern, compiled on first use."""

    def __init__(self, template: str) -> None:
        self._source = r"(?<= )" + _sequence(template)
        self.needs = tuple(sorted(_needs(template), key=_rarity))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression."""
        return re.compile(self._source)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in normalised text, or None."""
        return self.pattern.search(text) if self.possible(keys_of(text)) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in normalised text."""
        return self.pattern.finditer(text) if self.possible(keys_of(text)) else iter(())

    def starts(self, text: str) -> bool:
        """Tell whether the text begins with the phrase."""
        return self.possible(keys_of(text)) and self.pattern.match(text, 1) is not None

    def possible(self, keys: frozenset[str]) -> bool:
        """Tell whether a text with these keys can match at all."""
        # A loop: some thirty phrases are asked for each sentence, and a generator would double the time.
        for need in self.needs:  # noqa: SIM110
            if need.isdisjoint(keys):
                return False
        return True


@cache
def compile_phrase(template: str) -> Phrase:
    """Return the phrase of `template`; it matches whole words in normalised, space-padded text.

    Raises ValueError for a template that cannot be read and KeyError for an unknown group.
    """
    return Phrase(template)


@lru_cache(maxsize=256)
def keys_of(text: str) -> frozenset[str]:
    """The words of a text, the known stems among them, and "#" when it has a number."""
    words = set(text.split())
    keys = set(words)
    for word in words:
        keys.update(f"{word[:size]}*" for size in _STEM_SIZES if word[:size] in _STEMS and len(word) >= size)
        if word[0].isdigit() or word in NUMBER_WORDS:
            keys.add("#")
    return frozenset(keys)


def _rarity(need: frozenset[str]) -> tuple[int, int]:
    """Sorts first what the fewest texts hold."""
    return len(need & EVERYWHERE), len(need)


def _needs(template: str) -> list[frozenset[str]]:
    return [need for item in _items(template) if (need := _need(item))]


def _need(item: str) -> frozenset[str]:
    """The keys of which one must be present for this item to match; empty when none is."""
    if item in _ANCHORS or (item[0] == "~" and item != "~") or (item.endswith("?") and len(item) > 1):
        return _NO_NEED
    if item[0] in "({":
        options = [_needs(part) for part in (_group(item[1:-1]) if item[0] == "{" else split_choices(_inside(item)))]
        return frozenset().union(*(min(option, key=len) for option in options)) if all(options) else _NO_NEED
    if item.endswith("*"):
        _STEMS.add(item[:-1])
        _STEM_SIZES.add(len(item) - 1)
    return frozenset({item})


def _sequence(template: str) -> str:
    return "".join(_item(item) for item in _items(template))


def _items(template: str) -> list[str]:
    """Cut a template at the spaces that stand outside brackets."""
    items, depth, current = [], 0, ""
    for char in template + " ":
        depth += (char == "(") - (char == ")")
        if char == " " and not depth:
            items.append(current)
            current = ""
        else:
            current += char
    if depth:
        raise ValueError(f"a bracket is not closed in {template!r}")
    return [item for item in items if item]


def _item(item: str) -> str:
    if item.endswith("?") and len(item) > 1:
        return f"(?:{_item(item[:-1])})?"
    if item[0] == "{":
        return _alternatives(_group(item[1:-1]))
    if item[0] == "~" and item != "~":
        return f"(?:{_GAP_WORD}){{0,{int(item[1:])}}}?"
    if item[0] == "(":
        return _alternatives(split_choices(_inside(item)))
    return _word(item)


def _inside(item: str) -> str:
    """The content of a bracket; ValueError when something is stuck to it or it holds an empty choice."""
    depth = 0
    for index, char in enumerate(item):
        depth += (char == "(") - (char == ")")
        if not depth and index != len(item) - 1:
            raise ValueError(f"no space after the bracket in {item!r}")
    if item[-1] != ")" or any(not part for part in split_choices(item[1:-1])):
        raise ValueError(f"cannot read {item!r}")
    return item[1:-1]


def _group(name: str) -> list[str]:
    return split_choices(GROUPS[name])


def split_choices(text: str) -> list[str]:
    """Split at the bars that stand outside brackets."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part.strip() for part in (*parts, current)]


def _alternatives(parts: list[str]) -> str:
    return f"(?:{'|'.join(_sequence(part) for part in parts)})"


def _word(word: str) -> str:
    if word == "#":
        return NUMBER
    if word in _ANCHORS:
        return _ANCHORS[word]
    return re.escape(word[:-1]) + "[^ ]* " if word.endswith("*") else re.escape(word) + " "
