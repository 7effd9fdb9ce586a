"""What the rooms declare: which rows of which table are due when, and what happens to them then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import SET_NULL, Exists, ForeignKey, Model, OuterRef, Q, QuerySet

from carloans.core.periods import Period

if TYPE_CHECKING:
    # Only the type checker needs it, and only it is installed where the program is developed.
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Held:
    """Rows of one rule that stay although they are due."""

    reason: StrOrPromise
    rows: Callable[[datetime], Q]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One class of data in one table. `since` is the column whose time the age counts from.

    Rows are deleted, or, with `empties`, kept without these columns; `filled` then tells those that still hold
    something. `only` narrows the rule. `visitor` is the path to the visitor's id, through which a legal hold or an open
    duty of another room spares a row. `held` are reasons of this rule alone.

    A row that another row still points to is never deleted: it is held until that one goes. So nothing cascades, and
    the order of rules only decides how soon everything is gone.
    """

    name: str
    kind: str
    model: type[Model]
    keeps: Period
    since: str
    why: StrOrPromise
    only: Callable[[], Q] = Q
    empties: Mapping[str, Any] = field(default_factory=dict)
    filled: Q = field(default_factory=Q)
    visitor: str = ""
    held: tuple[Held, ...] = ()

    def due(self, *, now: datetime) -> QuerySet[Any]:
        """Rows that are older than their class allows, whether or not something holds them."""
        old = Q(**{f"{self.since}__lt": self.keeps.before(now)})
        return self.model._base_manager.filter(old, self.only(), self.filled)

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    def pointed_to(self) -> Q:
        """Rows that a row of any table still points to by a foreign key."""
        wanted = Q()
        for one in self.model._meta.related_objects:
            key = one.field
            if isinstance(key, ForeignKey) and key.remote_field.on_delete is not SET_NULL:
                rows = key.model._base_manager.filter(**{key.name: OuterRef(key.target_field.attname)})
                wanted |= Q(Exists(rows))
        return wanted
