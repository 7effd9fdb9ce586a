"""The invented customer of a trial: who they are, and how they put what their task lets them say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2s
from random import Random

#: Words that a typing slip may hit: long, and not a word whose slip is another word.
_LONG_WORD = re.compile(r"\b[a-z]{7,}\b")
#: Data is typed with care, and so is what is enclosed in a placeholder.
_DATA = re.compile(r"\d|@|\{|http|/")


@dataclass(frozen=True, slots=True)
class Person:
    """Contact data of nobody: the address is this task's own, the numbers are those of films."""

    email: str
    other_email: str
    phone: str = "555-123-4567"
    other_phone: str = "555-987-6543"

    @classmethod
    def of(cls, task: str, name: str = "") -> Person:
        """The person of a task, the same in each trial and on each machine."""
        mark = blake2s(task.encode(), digest_size=4).hexdigest()
        word = re.sub(r"[^a-z]", "", name.lower()) or "someone"
        return cls(email=f"{word}.ev{mark}@gmail.com", other_email=f"{word}.ev{mark}b@gmail.com")

    def fill(self, text: str) -> str:
        """A text with {email}, {other_email}, {phone} and {other_phone} put in."""
        for name in self.__slots__:
            text = text.replace(f"{{{name}}}", str(getattr(self, name)))
        return text


class Voice:
    """Chooses paraphrases and a way of writing, by the seed of a trial."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._manner = rng.choice((_as_written, _as_written, _hasty, _slipping))

    def put(self, options: Sequence[str]) -> str:
        """One of the options, in this customer's manner."""
        text = self._rng.choice(options)
        return text if _DATA.search(text) else self._manner(text, self._rng)


def _as_written(text: str, rng: Random) -> str:
    return text


def _hasty(text: str, rng: Random) -> str:
    """Small letters, and nothing at the end."""
    return text.lower().rstrip(".!")


def _slipping(text: str, rng: Random) -> str:
    """Two letters swapped within one long word."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 2, word.end() - 2)
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
