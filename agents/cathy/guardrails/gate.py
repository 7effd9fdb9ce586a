"""The sentence gate: what a model is about to say is judged before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass

from .claims import check
from .replacements import replacement_for
from .text.sentences import split_sentences

_SHORT_CHARS = 60


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """`replacement` is the sentence to say instead, None when the sentence may pass; `rule` names the broken rule."""

    replacement: str | None = None
    rule: str | None = None

    @property
    def allowed(self) -> bool:
        """True when the sentence may be shown as it is."""
        return self.rule is None


PASS = GateVerdict()


def check_sentence(text_so_far: str, sentence: str, *, locale: str = "en", context: str | None = None) -> GateVerdict:
    """Judge one more sentence of a reply whose earlier part was already shown.

    A claim that is cut over two sentences is found too: a short last sentence is read together with this one.
    `context` is the customer's line, for a first sentence that is only "Yes." or "No."
    Takes under a millisecond for a sentence of ordinary length; raises nothing.
    """
    first = not text_so_far.strip()
    rules = [violation.rule for violation in check(sentence, context=context if first else None)]
    rules = rules or _broken_together(text_so_far, sentence)
    return GateVerdict(replacement_for(rules[0], locale), rules[0]) if rules else PASS


def _broken_together(text_so_far: str, sentence: str) -> list[str]:
    """Rules that the last words shown and the next sentence break only together."""
    shown = split_sentences(text_so_far[-200:])
    if not shown or len(shown[-1]) > _SHORT_CHARS:
        return []
    before = {violation.rule for violation in check(shown[-1])}
    joined = check(f"{shown[-1].rstrip('.!… ')} {sentence}")
    return [violation.rule for violation in joined if violation.rule not in before]
