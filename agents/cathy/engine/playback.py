"""Tools in a rehearsal: arguments and guards are judged as ever, and an answer stands in for the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Played:
    """What the model reads of a call, and how the log tells it. `rule` is the guard that refused it."""

    text: str
    ok: bool = True
    error_category: str = ""
    rule: str = ""


class Playback(Protocol):
    """Answers instead of tools."""

    def take(self, name: str) -> Played:
        """Return the next answer for a call of this tool."""


class Recalled:
    """Recorded answers, each tool's in their order. A call that was never recorded is answered so."""

    def __init__(self, recorded: Sequence[tuple[str, Played]]) -> None:
        self._waiting = list(recorded)

    def take(self, name: str) -> Played:
        found = next((at for at, (tool, _) in enumerate(self._waiting) if tool == name), None)
        if found is None:
            return Played("This call was not recorded.", ok=False, error_category="bad_input")
        return self._waiting.pop(found)[1]


class Pretended:
    """One fixed answer for each tool, as in a rehearsal with an invented customer."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers

    def take(self, name: str) -> Played:
        return Played(self._answers.get(name, "Done."))
