"""Run every rule over a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cathy.guardrails.text.normalise import normalise
from cathy.guardrails.text.sentences import split_sentences

from .book import Book
from .loading import load_rules
from .phrases import compile_phrase
from .rule import Rule, Sentence

ALL = load_rules()
BOOK = Book(ALL)
RULES: dict[str, Rule] = {rule.name: rule for rule in ALL}
RULE_NAMES = tuple(RULES)

_EXCERPT_CHARS = 200
_SHORT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule and the words that break it, as they were written."""

    rule: str
    excerpt: str


def check(text: str, *, channel: str = "chat", context: str | None = None, lang: str | None = None) -> list[Violation]:
    """Return what in `text` breaks a rule, one entry per rule, in the order of the text.

    `context` is the customer's line before it: a short "No." is judged as an answer to it. `lang` is a hint that
    the rules do not need: both languages are always read. Raises nothing.
    """
    found: dict[str, Violation] = {}
    for sentence in _sentences(text, channel=channel, context=context or ""):
        for rule in broken_rules(sentence):
            found.setdefault(rule, Violation(rule, _excerpt(sentence.raw)))
    return list(found.values())


def broken_rules(sentence: Sentence) -> list[str]:
    """Names of the rules that one sentence breaks, in the order of the rule book."""
    broken = {rule.name for rule, pattern in BOOK.candidates(sentence.text) if pattern.found(sentence)}
    return [rule.name for rule in ALL if rule.name in broken or rule.broken_otherwise(sentence)]


def warm_up() -> None:
    """Compile every pattern now (about a second), so that the first customer does not wait for it."""
    for rule in ALL:
        for pattern in rule.patterns:
            for template in (pattern.template, *pattern.unless):
                _ = compile_phrase(template).pattern


def _sentences(text: str, *, channel: str, context: str) -> Iterator[Sentence]:
    question = _normal(context) if context else ""
    before = ""
    for index, raw in enumerate(_merged(split_sentences(text))):
        norm = _normal(raw)
        yield Sentence(raw, norm, before, question if index == 0 else "", channel)
        before = norm


def _merged(pieces: list[str]) -> list[str]:
    """Put fragments of a few words back together: "Guaranteed. Approval. For you." """
    out: list[str] = []
    short_before = False
    for piece in pieces:
        short = len(piece.split()) < _SHORT_WORDS and not piece.rstrip().endswith("?")
        if out and short and short_before:
            out[-1] = f"{out[-1].rstrip('.!')} {piece}"
        else:
            out.append(piece)
        short_before = short
    return out


@lru_cache(maxsize=512)
def _normal(text: str) -> str:
    return normalise(text)


def _excerpt(raw: str) -> str:
    return raw if len(raw) <= _EXCERPT_CHARS else raw[: _EXCERPT_CHARS - 1] + "…"
