"""A small pattern language over normalised text, so that a rule reads like the sentences it forbids.

    {you} {be} ~2 {approved}

- a plain word matches itself; `word*` matches any ending
- `{name}` is a group of the lexicon; a `?` after a group or a bracket makes it optional
- `(a|b c|d*)` is one of these
- `~n` is up to n words within the same clause
- `#` is a number, in digits or words
"""

from __future__ import annotations

import re
from functools import lru_cache

from cathy.guardrails.text.vocabulary import KNOWN

from .lexicon import GROUPS, NUMBER

_GAP_WORD = r"[^ .?!;]+ "
_ITEM = re.compile(r"\{\w+\}\??|~\d+|\((?:[^()]|\([^()]*\))*\)\??|\S+")


@lru_cache(maxsize=4096)
def compile_phrase(template: str) -> re.Pattern[str]:
    """Return the pattern of `template`; it matches whole words in normalised, space-padded text."""
    return re.compile(r"(?<= )" + _sequence(template))


def _sequence(template: str) -> str:
    return "".join(_item(item) for item in _ITEM.findall(template))


def _item(item: str) -> str:
    if item.endswith("?") and len(item) > 1 and item[0] in "({":
        return f"(?:{_item(item[:-1])})?"
    if item[0] == "{":
        return _alternatives(_group(item[1:-1]))
    if item[0] == "~":
        return f"(?:{_GAP_WORD}){{0,{item[1:]}}}?"
    if item[0] == "(":
        return _alternatives(_split(item[1:-1]))
    return _word(item)


def _group(name: str) -> list[str]:
    return _split(GROUPS[name])


def _split(text: str) -> list[str]:
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
    if word.rstrip("*").isalpha() and len(word) > 2:
        KNOWN.add([word])
    return re.escape(word[:-1]) + "[^ ]* " if word.endswith("*") else re.escape(word) + " "
