"""A lifecycle declares its states and moves in one block; a move is a conditional UPDATE that can be lost to another.

LIFE = Lifecycle(initial="started", moves={"started": {"saved"}, "saved": {"abandoned", "submitted"}})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from carloans.core.errors import Bug


class IllegalMove(Bug):
    code = "illegal_move"
    message = "That step is not possible from here."


class Lifecycle:
    """States and the moves between them. Raises ValueError at import for a move to or from an unknown state."""

    def __init__(self, *, initial: str, moves: Mapping[str, Iterable[str]], field: str = "state") -> None:
        self.field = field
        self.initial = initial
        self.moves = {state: frozenset(targets) for state, targets in moves.items()}
        self.states = tuple(dict.fromkeys([*self.moves, *(t for ts in self.moves.values() for t in sorted(ts))]))
        if initial not in self.moves:
            raise ValueError(f"The initial state {initial!r} is not declared.")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a model field, in the order of declaration."""
        return [(state, state.replace("_", " ")) for state in self.states]

    def sources(self, to: str) -> list[str]:
        """Every state from which `to` may be reached."""
        return [state for state, targets in self.moves.items() if to in targets]

    def move(self, instance: models.Model, to: str, **updates: Any) -> bool:
        """Move the row to `to` if it is still in the state that the instance shows.

        Returns False, and changes nothing, when somebody moved it first. The instance follows a successful move.
        Raises IllegalMove for an undeclared move.
        """
        current = getattr(instance, self.field)
        if to not in self.moves.get(current, frozenset()):
            raise IllegalMove(f"From {current} there is no way to {to}.")
        changes = {self.field: to, **updates}
        rows = type(instance)._base_manager.filter(pk=instance.pk, **{self.field: current})
        if not rows.update(**changes):
            return False
        for name, value in changes.items():
            setattr(instance, name, value)
        return True
