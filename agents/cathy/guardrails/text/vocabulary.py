"""The words that rules and cues look for: what a disguised word may turn out to be.

They are read from the phrase files, so the normaliser undoes a disguise only where the result means something to
somebody ("gu4rant33d" becomes "guaranteed", "4runner" stays as it is), and always the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_SHORTEST_STEM = 4
_LONGEST_ENDING = 6


class Vocabulary:
    """Whole words and stems (a stem stands for all its endings)."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._stems: set[str] = set()

    def add(self, words: Iterable[str]) -> None:
        """Register words; one that ends in "*" is a stem."""
        for word in words:
            if word.endswith("*"):
                self._stems.add(word[:-1])
            else:
                self._words.add(word)

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        if word in self._words or word in self._stems:
            return True
        sizes = range(len(word) - 1, _SHORTEST_STEM - 1, -1)
        return any(word[:size] in self._stems and len(word) - size <= _LONGEST_ENDING for size in sizes)


_COMMON = """
    the a an you your i we our us my me it is are was be been am do does did have has had will would can could not
    no never to of in on for with at by from and or but if that this there here what who how when where why all
    any every one two three get got need want just now today out up off so say says tell like make time please yes
    okay la el los las un una de que y en con por para su tu mi es son no si se le lo al del como esta este usted
"""

_FOLDER = Path(__file__).parents[2]
_PHRASE = re.compile(r"'([^'\n]+)'")
_WORD = re.compile(r"(?<![a-z])[a-z]{3,}\*?(?![a-z])")


def _phrase_words() -> Iterator[str]:
    """Every word of every phrase: what stands in single quotes in a TOML file."""
    for path in sorted(_FOLDER.rglob("*.toml")):
        for phrase in _PHRASE.findall(path.read_text("utf-8")):
            yield from _WORD.findall(phrase)


KNOWN = Vocabulary()
KNOWN.add(_COMMON.split())
KNOWN.add(_phrase_words())
