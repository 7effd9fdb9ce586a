"""The two checks that the engine puts around a conversation; tests pass their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class GateVerdict(Protocol):
    """Answer of a sentence check. `replacement` None lets the sentence pass; else it is said in its place."""

    @property
    def replacement(self) -> str | None: ...
    @property
    def rule(self) -> str | None: ...


class InputVerdict(Protocol):
    """Answer of an input check: whether the turn must not reach the model, and why."""

    @property
    def flagged(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...


class CheckSentence(Protocol):
    """`(what was released so far, the next sentence, locale, the customer's line if there is one)` → verdict."""

    def __call__(self, text_so_far: str, sentence: str, *, locale: str, context: str | None) -> GateVerdict: ...


#: `(the customer's turn, Cathy's line before it or None)` → verdict.
Inspect = Callable[[str, str | None], InputVerdict]


@dataclass(frozen=True, slots=True)
class Guards:
    """The input check and the sentence check of a run."""

    inspect: Inspect
    check_sentence: CheckSentence


def house_guards() -> Guards:
    """Return the project's own guardrails. Their word lists are read when a text is first judged."""
    return Guards(inspect=_inspect, check_sentence=_check_sentence)


def _inspect(text: str, context: str | None) -> InputVerdict:
    from cathy.guardrails import inputs

    return inputs.inspect(text, context)


def _check_sentence(text_so_far: str, sentence: str, *, locale: str, context: str | None) -> GateVerdict:
    from cathy.guardrails import gate

    return gate.check_sentence(text_so_far, sentence, locale=locale, context=context)
