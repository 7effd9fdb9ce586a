"""What the rooms declare: whom a row is about, what of it is shown, what goes and what stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from carloans.core.periods import AT_ONCE, Period

if TYPE_CHECKING:
    # Only the type checker needs it, and only it is installed where the program is developed.
    from django_stubs_ext import StrOrPromise

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Person:
    """The ids and blind indexes that the rooms know somebody by. No contact data.

    `alone` means this one browser and nothing found by its address: what may be shown to whoever holds the browser,
    because an address that somebody typed proves nothing.
    """

    visitors: tuple[UUID, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    applications: tuple[UUID, ...] = ()
    conversations: tuple[UUID, ...] = ()
    leads: tuple[UUID, ...] = ()
    #: Subjects of the audit trail: "visitor:<uuid>", "lead:<uuid>" …
    subjects: tuple[str, ...] = ()
    alone: bool = False

    def having(self, **more: Iterable[Any]) -> Person:
        """The same person with more ids, each once, in the order in which they were found."""
        found: dict[str, Any] = {name: tuple(dict.fromkeys([*getattr(self, name), *new])) for name, new in more.items()}
        return replace(self, **found)

    def names(self) -> Iterator[tuple[str, str]]:
        """Every (kind, value)."""
        for one in fields(self):
            if one.name != "alone":
                yield from ((one.name, str(value)) for value in getattr(self, one.name))

    @property
    def known(self) -> bool:
        """Whether any row of the visitors' room is about them."""
        return bool(self.visitors)


class _Row:
    def __repr__(self) -> str:
        return "the whole row"


#: `Table.erases`: the row itself goes.
ROW = _Row()


@dataclass(frozen=True, kw_only=True)
class Stays:
    """Why rows outlive an erasure, and until when: `keeps` after the time in the column `since`; open without one."""

    reason: StrOrPromise
    since: str = ""
    keeps: Period = AT_ONCE


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table about people: which rows are a person's, how they are shown, what an erasure does to them.

    `erases` is `ROW`, or the columns that are emptied and with what. Whoever does not delete the row says why it
    `stays`. `filled` tells rows that still hold something, where emptiness cannot be queried (encrypted JSON).
    `withheld` columns exist but are not shown, for the reason given; `hidden` ones are technical or secret.
    `prepare` is called once per export and returns what turns a stored row into a shown one.
    `contact` is the path to the visitor's id in a table that holds what is needed to reach them: a duty to write to
    them (`Hold.contact_only`) spares these rows.
    """

    model: type[Model]
    title: StrOrPromise
    of: Callable[[Person], Q]
    order: tuple[str, ...] = ("pk",)
    erases: _Row | Mapping[str, Any] = field(default_factory=dict)
    stays: Stays | None = None
    filled: Q | None = None
    withheld: Mapping[str, StrOrPromise] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    prepare: Callable[[Person, datetime], Callable[[Row], Row]] | None = None
    contact: str = ""

    def rows(self, person: Person) -> QuerySet[Any]:
        """The person's rows, in their order."""
        return self.model._base_manager.filter(self.of(person)).order_by(*self.order)

    def doomed(self, person: Person, *, spared: Collection[UUID] = ()) -> QuerySet[Any]:
        """Those of the person's rows that hold something which an erasure takes away."""
        rows = self.rows(person).order_by()
        if spared and self.contact:
            rows = rows.exclude(**{f"{self.contact}__in": spared})
        if isinstance(self.erases, _Row):
            return rows
        return rows.filter(self._filled()) if self.blanks else rows.none()

    @property
    def blanks(self) -> Mapping[str, Any]:
        """The columns that an erasure empties, and with what; none where the row itself goes."""
        return {} if isinstance(self.erases, _Row) else self.erases

    def _filled(self) -> Q:
        if self.filled is not None:
            return self.filled
        blank = Q()
        for name, value in self.blanks.items():
            blank &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        return ~blank

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def room(self) -> str:
        return str(self.model._meta.app_label)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A duty that keeps a visitor's data for a while. `visitors` says which of some ids it holds, in one query.

    `contact_only` holds back only what is needed to reach them; anything else may go.
    """

    reason: StrOrPromise
    visitors: Callable[[Collection[UUID]], Iterable[UUID]]
    contact_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of an export. `rows` streams plain dictionaries with real values, oldest first; read it in order."""

    room: str
    table: str
    title: StrOrPromise
    rows: Iterator[Row]
