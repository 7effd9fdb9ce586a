"""Who received somebody's data. The rooms above know it and hand it down, as they hand the chat its dealers' names.

A room registers a source when it is ready; the privacy page asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

#: Kinds of recipients: a dealer who got a lead, and whoever was asked for the soft credit check.
DEALER, CREDIT_CHECK = "dealer", "credit_check"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient at one moment. `name` is a company's, never a person's."""

    kind: str
    name: str
    at: datetime


Source = Callable[[Sequence[UUID]], Iterable[Recipient]]
Names = Callable[[], Mapping[str, str]]
_sources: dict[str, Source] = {}
_names: list[Names] = []


def tell_with(room: str, source: Source) -> None:
    """Register what a room knows, given visitors' ids. The same room again replaces its source."""
    _sources[room] = source


def recipients(*, visitor_ids: Sequence[UUID]) -> list[Recipient]:
    """Everybody who received data of these visitors, the latest first."""
    found = [one for source in _sources.values() for one in source(visitor_ids)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def name_with(names: Names) -> None:
    """Register who knows the dealers' names by their slugs; the last one counts."""
    _names[:] = [names]


def names_of(slugs: Sequence[str]) -> list[str]:
    """The dealers' names, in the order of the slugs; unknown ones are left out."""
    known = _names[0]() if slugs and _names else {}
    return [known[slug] for slug in slugs if slug in known]
