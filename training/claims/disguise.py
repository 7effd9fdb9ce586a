"""Disguise sentences as somebody would who wants to slip past a word filter, for the models to learn from."""

from __future__ import annotations

import random
from collections.abc import Callable

_LOOKALIKES = str.maketrans("aeiocpxysj", "аеіосрхуѕј")
_DIGITS = str.maketrans("aeiost", "4310$7")
_EMOJI = "🎉🔥✅💰🚗👍"


def _spaced(word: str, luck: random.Random) -> str:
    return luck.choice((" ", ".", "-", "_")).join(word)


def _cut(word: str, luck: random.Random) -> str:
    at = luck.randrange(2, len(word) - 1)
    return word[:at] + luck.choice((" ", "-", ".", "\u200b", "\u00ad", "*")) + word[at:]


def _foreign(word: str, luck: random.Random) -> str:
    return word.translate(_LOOKALIKES)


def _digits(word: str, luck: random.Random) -> str:
    return word.translate(_DIGITS)


def _emoji(word: str, luck: random.Random) -> str:
    at = luck.randrange(1, len(word))
    return word[:at] + luck.choice(_EMOJI) + word[at:]


def _stretched(word: str, luck: random.Random) -> str:
    at = luck.randrange(1, len(word))
    return word[:at] + word[at] * 3 + word[at:]


def _entities(word: str, luck: random.Random) -> str:
    return "".join(f"&#{ord(letter)};" if luck.random() < 0.5 else letter for letter in word)


_WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _spaced, _cut, _foreign, _digits, _emoji, _stretched, _entities,
)  # fmt: skip


def disguise(text: str, luck: random.Random) -> str:
    """Return `text` with up to three of its longer words disguised, all in one way."""
    words = text.split(" ")
    long = [index for index, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    way = luck.choice(_WAYS)
    for index in luck.sample(long, min(len(long), luck.randint(1, 3))):
        words[index] = way(words[index], luck)
    return " ".join(words)
