"""Statements that are composed once.

The ORM takes longer to compose a query than the database to answer it. A statement that runs with each message of a
chat is therefore written with the ORM as ever, composed when it first runs, and from then on only filled in: `Given`
stands where a value will be.

    _OF = Rows(lambda: Message.objects.filter(conversation=Given("conversation", UUIDField()), seq__gt=Given("after")))
    _OF(conversation=conversation_id, after=7)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

M = TypeVar("M", bound=Model)
Converter = Callable[[Any, Any, Any], Any]


class Given(Expression):
    """The place of a value that is given each time, by its name. It is an integer unless `field` says otherwise."""

    def __init__(self, name: str, field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The value as the database takes it. Raises KeyError for one that was not given."""
        return self.output_field.get_db_prep_value(given[self.name], connection=connection)


class _Statement:
    """SQL with its parameters, some of which are still to be given."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        self._sql, self._params = sql, params

    def run(self, given: Mapping[str, Any]) -> Any:
        """The rows that it gives back."""
        params = [one.bound(given) if isinstance(one, Given) else one for one in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return cursor.fetchall()


class _Query:
    """A query with what turns its rows into Python's values."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._statement = _Statement(*self.compiler.as_sql())
        columns = [column for column, *_ in self.compiler.select]
        found: Mapping[int, tuple[list[Converter], Any]] = self.compiler.get_converters(columns)
        self._converters = [(at, one, column) for at, (converters, column) in found.items() for one in converters]

    def run(self, given: Mapping[str, Any]) -> Iterator[list[Any]]:
        for found in self._statement.run(given):
            row = list(found)
            for at, convert, column in self._converters:
                row[at] = convert(row[at], column, connection)
            yield row


class Tuples:
    """The query of a `values_list`: one list for each row."""

    def __init__(self, compose: Callable[[], QuerySet[Any, Any]]) -> None:
        self._compose = compose

    @cached_property
    def _query(self) -> _Query:
        return _Query(self._compose())

    def __call__(self, **given: Any) -> list[list[Any]]:
        return list(self._query.run(given))


class Rows(Generic[M]):
    """A query for instances, with what it annotates and what `select_related` brings; nothing may be deferred."""

    def __init__(self, compose: Callable[[], QuerySet[M, M]]) -> None:
        self._compose = compose

    @cached_property
    def _made(self) -> tuple[_Query, Callable[[list[Any]], M]]:
        query = _Query(self._compose())
        return query, _maker(query.compiler)

    def __call__(self, **given: Any) -> list[M]:
        query, make = self._made
        return [make(row) for row in query.run(given)]


def _maker(compiler: Any) -> Callable[[list[Any]], Any]:
    """What makes an instance of a row, as the ORM's own iteration does."""
    model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, end = columns[0], columns[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[first:end]]
    populators: Any = get_related_populators
    related = populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
    annotated = list((compiler.annotation_col_map or {}).items())

    def make(row: list[Any]) -> Any:
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for populator in related:
            populator.populate(row, made)
        for name, at in annotated:
            setattr(made, name, row[at])
        return made

    return make


class Change:
    """An UPDATE of `rows`; returns the columns of `returning` of each row that it changed."""

    def __init__(
        self,
        compose: Callable[[], QuerySet[Any, Any]],
        changes: Mapping[str, Any],
        *,
        returning: Sequence[str],
    ) -> None:
        self._compose, self._changes, self._returning = compose, changes, returning

    @cached_property
    def _statement(self) -> _Statement:
        rows = self._compose()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        columns = (rows.model._meta.get_field(name).column for name in self._returning)
        return _Statement(f"{sql} RETURNING {', '.join(map(connection.ops.quote_name, columns))}", params)

    def __call__(self, **given: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._statement.run(given)
        return found


class Insert(Generic[M]):
    """Stores new rows of a model, several with one statement. No signal is sent; a row that is stored alone learns the
    key that the database gave it."""

    def __init__(self, model: type[M]) -> None:
        self._model = model

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self._model._meta.local_concrete_fields if not field.db_returning]

    @cached_property
    def _head(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in self._fields)
        return f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES "  # noqa: S608  our own names

    def __call__(self, *rows: M) -> None:
        if not rows:
            return
        places = f"({', '.join(['%s'] * len(self._fields))})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"{self._head}{', '.join([places] * len(rows))} RETURNING {self._key.column}", self._params(rows)
            )
            if len(rows) == 1:
                rows[0].pk = self._key.to_python(cursor.fetchone()[0])
        for row in rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

    @property
    def _key(self) -> Any:
        return self._model._meta.pk

    def _params(self, rows: Sequence[M]) -> list[Any]:
        return [
            field.get_db_prep_save(field.pre_save(row, True), connection=connection)
            for row in rows
            for field in self._fields
        ]
