"""The dealers whom the contact form may name.

They are rows of a room above this one, which therefore hands its selector down when the programme starts:

    # leads/apps.py, in ready()
    chat.partners.name_with(lambda state: [Partner(slug=…, name=…), …])

With nobody to name the form has no box: a consent that names no dealer would allow nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Partner:
    slug: str
    name: str


#: From a US state code ("" when unknown) to the dealers that may be named there, best first.
Source: TypeAlias = Callable[[str], Sequence[Partner]]

_source: Source | None = None
_named_here: ContextVar[Source | None] = ContextVar("named_here", default=None)


def name_with(source: Source | None) -> Source | None:
    """Use `source` from now on (None names nobody) and return the one that was used before."""
    global _source
    before, _source = _source, source
    return before


def partners(state: str) -> list[Partner]:
    """Active, certified dealers that may be named to a customer in this state."""
    source = _named_here.get() or _source
    return list(source(state)) if source else []


@contextmanager
def named_here(dealers: Sequence[Partner]) -> Iterator[None]:
    """Name these dealers, and no others, within this context alone: for evaluations beside a running program."""
    token = _named_here.set(lambda state: dealers)
    try:
        yield
    finally:
        _named_here.reset(token)
