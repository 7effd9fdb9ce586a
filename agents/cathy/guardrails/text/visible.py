"""The text as a reader sees it. What a model writes may hold characters that no eye meets and that break what carries
it: a database refuses half a surrogate pair, XML a vertical tab, a mail header a line break."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
#: Control, format, surrogate, private-use and unassigned characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str) -> str:
    """Without what has no shape, and with every kind of line break as a plain one."""
    if text.isascii() and text.isprintable():
        return text
    lines = _BREAKS.sub("\n", text)
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)


def one_line(text: str) -> str:
    """The same with single blanks in place of breaks and tabs."""
    return " ".join(visible(text).split())
