"""The rule book with an index: which patterns can match a text at all, by the rarest word that they need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from .phrases import compile_phrase, keys_of
from .rule import Pattern, Rule

Entry = tuple[Rule, Pattern]


class Book:
    """All patterns of the rules, found by the words of a text."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._entries: list[Entry] = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._phrases = [compile_phrase(pattern.template) for _, pattern in self._entries]
        for number, phrase in enumerate(self._phrases):
            for key in phrase.needs[0] if phrase.needs else ("",):
                self._by_key[key].append(number)

    def candidates(self, text: str) -> Iterator[Entry]:
        """Yield the patterns of which every part has a word in normalised `text`."""
        keys = keys_of(text)
        numbers = set(self._by_key.get("", ()))
        for key in keys:
            numbers.update(self._by_key.get(key, ()))
        for number in sorted(numbers):
            if self._phrases[number].possible(keys):
                yield self._entries[number]
