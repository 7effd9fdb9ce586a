"""Run every rule over a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from cathy.guardrails.opinion.judge import Line, Opinion, judge, load
from cathy.guardrails.text.normalise import normalise
from cathy.guardrails.text.sentences import split_sentences

from . import reviewed
from .book import Book
from .loading import ORDER, load_rules
from .phrases import compile_phrase
from .rule import Rule, Sentence

ALL = load_rules()
BOOK = Book(ALL)
RULES: dict[str, Rule] = {rule.name: rule for rule in ALL}
RULE_NAMES = tuple(RULES)

_EXCERPT_CHARS = 200
_SHORT_WORDS = 3
#: A claim may be spread over two sentences; longer pairs are two thoughts.
_PAIR_WORDS = 30
_ASKED_WORDS = 18
#: normalised text is cut behind its stops
_ENDS = re.compile(r"(?<=[.!?]) ")
#: the rules that the models have learned; a room's own rule is judged by its phrases alone
_LEARNED = frozenset(ORDER)
_JUDGED_WORDS = 3
#: how much of a text the careful reader takes in at once
_WINDOW_WORDS = 50
_WORD = re.compile(r" [a-z]{2}")
#: what the models are not asked about: a placeholder by itself, and the address of a page
_PLACEHOLDER = re.compile(r"\s*\[[A-Z][A-Z0-9_]*\]\W*")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule and the words that break it, as they were written.

    `layer` says who decided: "rule" (its phrases), "words" or "encoder" (the second opinion).
    """

    rule: str
    excerpt: str
    layer: str = "rule"


def check(text: str, *, channel: str = "chat", context: str | None = None, lang: str | None = None) -> list[Violation]:
    """Return what in `text` breaks a rule, one entry per rule, in the order of the text.

    `context` is the customer's line before it: a short "No." is judged as an answer to it. `lang` is a hint that
    the rules do not need: both languages are always read. Raises nothing.
    """
    sentences = list(_sentences(text, channel=channel, context=context or ""))
    judged = [
        (sentence, _verdicts(sentence, around=around))
        for sentence, around in zip(sentences, _surroundings(sentences), strict=True)
    ]
    found: dict[str, Violation] = {}
    for violation in chain(
        *(verdicts for _, verdicts in judged), *(_verdicts(pair, pair=True) for pair in _pairs(judged))
    ):
        found.setdefault(violation.rule, violation)
    return list(found.values())


def check_together(first: str, second: str) -> list[Violation]:
    """Return what two neighbours break that were judged apart before, read as one sentence. Raises nothing."""
    raw = f"{first.rstrip('.!… ')} {second.strip()}"
    joined = Sentence(raw, _normal(raw))
    if reviewed.knows(_normal(first)) and reviewed.knows(_normal(second)):
        return _by_rule(list(broken_rules(joined)), joined)
    return _verdicts(joined, pair=True)


def _verdicts(sentence: Sentence, *, pair: bool = False, around: Line | None = None) -> list[Violation]:
    """What one sentence breaks, the rules' word and the models' weighed against each other."""
    broken = list(broken_rules(sentence))
    learned = [rule for rule in broken if rule in _LEARNED]
    second = _second_opinion(sentence, bool(learned), pair=pair, around=around)
    if second is not None and not second.forbidden:
        broken = [rule for rule in broken if _stands(rule, sentence)]
    elif second is not None and not learned and sentence.channel in RULES[second.rule].channels:
        return [*_by_rule(broken, sentence), Violation(second.rule, _excerpt(sentence.raw), second.layer)]
    return _by_rule(broken, sentence)


def _by_rule(names: list[str], sentence: Sentence) -> list[Violation]:
    return [Violation(name, _excerpt(sentence.raw)) for name in names]


def _second_opinion(sentence: Sentence, broken: bool, *, pair: bool, around: Line | None) -> Opinion | None:
    """None when there are no words to judge, they are the program's own, or so few that the rules know better.

    Of two words the models forbid only what is clear to the quick one, and excuse no answer that a rule objects to.
    """
    text = _wording(sentence)
    words = len(_WORD.findall(text))
    if not words or reviewed.knows(text) or _PLACEHOLDER.fullmatch(sentence.raw):
        return None
    if words < _JUDGED_WORDS and broken and sentence.context:
        return None
    return judge((text.strip(), _asked(sentence)), broken, pair or words < _JUDGED_WORDS, around)


def _asked(sentence: Sentence) -> str:
    """What the models read of the customer's line: its end, where that is short enough to be what is answered."""
    parts = [part for part in _ENDS.split(sentence.context.strip()) if part]
    return parts[-1] if parts and len(parts[-1].split()) <= _ASKED_WORDS else ""


def _wording(sentence: Sentence) -> str:
    """The normalised sentence without the addresses of pages in it."""
    return _normal(_ADDRESS.sub("", sentence.raw)) if "://" in sentence.raw else sentence.text


def _surroundings(sentences: list[Sentence]) -> Iterator[Line | None]:
    """For each sentence the text around it with the customer's line before, None where it stands alone.

    What the program says by itself is left out: the models know little of it.
    """
    texts = ["" if reviewed.knows(one.text) else _wording(one).strip() for one in sentences]
    for index, text in enumerate(texts):
        first, last = _window([len(one.split()) for one in texts], index)
        around = " ".join(one for one in texts[first:last] if one)
        yield (around, _asked(sentences[first])) if around != text else None


def _window(sizes: list[int], index: int) -> tuple[int, int]:
    """The neighbours of one sentence, those before it first, as long as all of them fit into the window."""
    first, last, size = index, index + 1, sizes[index]
    while first > 0 and size + sizes[first - 1] <= _WINDOW_WORDS:
        first -= 1
        size += sizes[first]
    while last < len(sizes) and size + sizes[last] <= _WINDOW_WORDS:
        size += sizes[last]
        last += 1
    return first, last


def _stands(rule: str, sentence: Sentence) -> bool:
    """Tell whether the models cannot overrule this finding: a room's rule, or code and keys shown as they are."""
    return rule not in _LEARNED or (rule == "leaks_system_prompt" and RULES[rule].broken_otherwise(sentence))


def _pairs(judged: list[tuple[Sentence, list[Violation]]]) -> Iterator[Sentence]:
    """Neighbours that are harmless each for itself, read as one."""
    for (first, found), (second, found_next) in pairwise(judged):
        if reviewed.knows(first.text) and reviewed.knows(second.text):
            continue
        if found or found_next or len(first.text.split()) + len(second.text.split()) > _PAIR_WORDS:
            continue
        raw, text = f"{first.raw} {second.raw}", f"{first.text.rstrip()}{second.text}"
        yield Sentence(raw, text, first.before, first.context, second.channel)


@lru_cache(maxsize=1024)
def broken_rules(sentence: Sentence) -> tuple[str, ...]:
    """Names of the rules that one sentence breaks, in the order of the rule book.

    Remembered: a growing reply is judged again with each of its sentences.
    """
    broken = {rule.name for rule, pattern in BOOK.candidates(sentence.text) if pattern.found(sentence)}
    here = [rule for rule in ALL if sentence.channel in rule.channels]
    return tuple(rule.name for rule in here if rule.name in broken or rule.broken_otherwise(sentence))


def warm_up() -> None:
    """Compile every pattern and load the models now (about a second), so that the first customer does not wait."""
    load()
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
