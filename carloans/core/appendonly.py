"""Tables that only grow: a guard in Python, and triggers in the database that refuse UPDATE and DELETE from SQL too.

Retention and erasure are the two lawful exceptions; they run inside `maintenance()`, which is itself audited.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations.operations import RunPython

from carloans.core.errors import Bug


class AppendOnlyViolation(Bug):
    code = "append_only"
    message = "This record can be added to, but not changed or removed."


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyViolation

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyViolation


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyViolation
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyViolation


def _sqlite_triggers(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]


POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION carloans_append_only() RETURNS trigger AS $$
BEGIN
  IF current_setting('carloans.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql
"""


def _create(editor: Any, table: str) -> None:
    if editor.connection.vendor == "sqlite":
        for statement in _sqlite_triggers(table):
            editor.execute(statement)
        return
    editor.execute(POSTGRES_FUNCTION, params=None)
    editor.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION carloans_append_only()"
    )


def _drop(editor: Any, table: str) -> None:
    if editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        return
    editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")


def append_only_triggers(table: str) -> RunPython:
    """The migration operation that makes `table` append-only on SQLite and PostgreSQL."""
    return RunPython(lambda apps, editor: _create(editor, table), lambda apps, editor: _drop(editor, table))


@contextmanager
def maintenance() -> Iterator[None]:
    """A transaction in which append-only rows may be removed (retention, erasure)."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL carloans.maintenance = 'on'")
            yield
            return
        triggers = _suspend_sqlite()
        yield
        _restore_sqlite(triggers)


@contextmanager
def suspended() -> Iterator[None]:
    """For test databases: the triggers of SQLite are gone inside and back afterwards; PostgreSQL truncates past
    them."""
    triggers = _suspend_sqlite() if connection.vendor == "sqlite" else []
    try:
        yield
    finally:
        _restore_sqlite(triggers)


def _suspend_sqlite() -> list[str]:
    """SQLite's schema changes are transactional: a roll-back brings the triggers back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'")
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in found]


def _restore_sqlite(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
