"""Find cues in a turn: normalised, with typing slips mended, sentence by sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from cathy.guardrails.claims.phrases import Phrase, compile_phrase, keys_of

from .cues import CUES


@dataclass(frozen=True, slots=True)
class Matcher:
    """A cue ready for use."""

    intent: str
    weight: float
    phrase: Phrase
    unless: tuple[Phrase, ...]

    def found(self, line: str) -> bool:
        """Tell whether the cue stands in the normalised line and nothing rules it out."""
        return self.phrase.search(line) is not None and not any(phrase.search(line) for phrase in self.unless)


class Index:
    """All cues, found by the rarest word that they need."""

    def __init__(self, matchers: Iterable[Matcher]) -> None:
        self._matchers = list(matchers)
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for number, matcher in enumerate(self._matchers):
            for key in matcher.phrase.needs[0] if matcher.phrase.needs else ("",):
                self._by_key[key].append(number)

    def found(self, line: str) -> Iterator[Matcher]:
        """Yield the cues that the line holds."""
        keys = keys_of(line)
        numbers = set(self._by_key.get("", ()))
        for key in keys:
            numbers.update(self._by_key.get(key, ()))
        for number in sorted(numbers):
            matcher = self._matchers[number]
            if matcher.phrase.possible(keys) and matcher.found(line):
                yield matcher


@cache
def index() -> Index:
    """The index of all cues, built on first use."""
    return Index(_matchers())


def _matchers() -> Iterator[Matcher]:
    for intent, cues in CUES.items():
        for cue in cues:
            unless = tuple(compile_phrase(template) for template in cue.unless)
            for template in cue.phrases:
                yield Matcher(intent, cue.weight, compile_phrase(template), unless)


def scores(lines: Iterable[str]) -> dict[str, float]:
    """Weigh every intent: its strongest cue, plus a little for each further one."""
    weights: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        for matcher in index().found(line):
            weights[matcher.intent].append(matcher.weight)
    return {intent: max(found) + 0.4 * min(len(found) - 1, 4) for intent, found in weights.items()}
