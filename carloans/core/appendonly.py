"""Tables that only grow: a guard in Python, and triggers in the database that refuse the rest from SQL too.

UPDATE and DELETE are refused on both databases, TRUNCATE on PostgreSQL, and on SQLite an INSERT that would replace a
row (`INSERT OR REPLACE` deletes without asking the delete triggers). Retention and erasure are the two lawful
exceptions; they run inside `maintenance()`, which is itself audited.

The triggers are put in place by migrations and once more after every `migrate`: SQLite drops a table's triggers
whenever Django rebuilds the table to change a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations import RunPython

from carloans.core.errors import Bug

_maintained: ContextVar[bool] = ContextVar("append_only_maintenance", default=False)


class AppendOnlyViolation(Bug):
    code = "append_only"
    message = "This record can be added to, but not changed or removed."


def _guard() -> None:
    if not _maintained.get():
        raise AppendOnlyViolation


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses to change or remove rows outside `maintenance()`."""

    def update(self, **kwargs: Any) -> int:
        _guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _guard()
        return super().delete()


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _guard()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _guard()
        return super().delete(*args, **kwargs)


def append_only_models() -> list[type[AppendOnly]]:
    """Every table that only grows, by introspection: what the triggers, the proofs and the tests go by."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def _unique_sets(connection: BaseDatabaseWrapper, table: str) -> list[list[str]]:
    """The columns by which SQLite would find a row to replace."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    sets = [each["columns"] for each in found.values() if each["unique"] or each["primary_key"]]
    return sorted(columns for columns in sets if columns)


def _sqlite_triggers(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """The statements by the triggers' names."""
    refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
    keys = [["rowid"], *_unique_sets(connection, table)]
    same = " OR ".join("(" + " AND ".join(f'"{name}" = NEW."{name}"' for name in key) + ")" for key in keys)
    there = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608  names of tables and columns alone
    guards = {
        "update": f'BEFORE UPDATE ON "{table}" BEGIN {refusal}; END',
        "delete": f'BEFORE DELETE ON "{table}" BEGIN {refusal}; END',
        "replace": f'BEFORE INSERT ON "{table}" {there} BEGIN {refusal}; END',
    }
    return {f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} {body}" for verb, body in guards.items()}


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


def _postgres_triggers(table: str) -> dict[str, str]:
    call = "EXECUTE FUNCTION carloans_append_only()"
    return {
        f"{table}_append_only": f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {call}",
        f"{table}_no_truncate": f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT {call}",
    }


def _wanted(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    return _sqlite_triggers(connection, table) if connection.vendor == "sqlite" else _postgres_triggers(table)


_PRESENT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # Enabled ones alone: a disabled trigger guards nothing.
    "postgresql": "SELECT t.tgname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND n.nspname = ANY (current_schemas(false))",
}


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT[connection.vendor])
        return dict(cursor.fetchall())


def unprotected(app_label: str = "") -> list[str]:
    """The append-only tables (of one app) whose triggers are missing, disabled or, on SQLite, not as we make them.

    A table that no migration has made yet needs no guard.
    """
    guarded = [model for model in append_only_models() if app_label in ("", model._meta.app_label)]
    made = set(connection.introspection.table_names()) if guarded else set()
    guarded = [model for model in guarded if model._meta.db_table in made]
    present = _present(connection) if guarded else {}
    return [
        model._meta.db_table
        for model in guarded
        if any(
            present.get(name) not in {"", statement}
            for name, statement in _wanted(connection, model._meta.db_table).items()
        )
    ]


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Put the table's triggers in place; what is there already stays."""
    present = _present(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for name, statement in _wanted(connection, table).items():
            if present.get(name) == statement:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def protect_all(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After `migrate`: the triggers of the app's append-only tables, however often its tables were rebuilt."""
    for table in unprotected(sender.label) if using == DEFAULT_DB_ALIAS else ():
        protect(connections[using], table)


def _drop(editor: Any, table: str) -> None:
    for name in _wanted(editor.connection, table):
        on = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def append_only_triggers(table: str) -> RunPython:
    """The migration operation that makes `table` append-only on SQLite and PostgreSQL."""
    return RunPython(lambda apps, editor: protect(editor.connection, table), lambda apps, editor: _drop(editor, table))


@contextmanager
def maintenance() -> Iterator[None]:
    """A transaction in which append-only rows may be removed (retention, erasure)."""
    token = _maintained.set(True)
    try:
        with transaction.atomic(), _triggers_aside():
            yield
    finally:
        _maintained.reset(token)


@contextmanager
def _triggers_aside() -> Iterator[None]:
    """Inside a transaction. A roll-back brings SQLite's triggers back and ends PostgreSQL's permission by itself."""
    if connection.vendor == "sqlite":
        triggers = _suspend_sqlite()
        yield
        _restore_sqlite(triggers)
        return
    before = _permission("on")
    yield
    _permission(before)


def _permission(value: str) -> str:
    """Set PostgreSQL's permission for the rest of the transaction; returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('carloans.maintenance', true)")
        before = cursor.fetchone()[0] or "off"
        cursor.execute("SELECT set_config('carloans.maintenance', %s, true)", [value])
    return str(before)


@contextmanager
def suspended() -> Iterator[None]:
    """For test databases, which are emptied by DELETE and TRUNCATE: no trigger refuses inside."""
    if connection.vendor == "sqlite":
        triggers = _suspend_sqlite()
        try:
            yield
        finally:
            _restore_sqlite(triggers)
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET carloans.maintenance = 'on'")
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET carloans.maintenance")


def _suspend_sqlite() -> list[tuple[str, str]]:
    """SQLite's schema changes are transactional: a roll-back brings the triggers back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'")
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
    return [(str(name), str(sql)) for name, sql in found]


def _restore_sqlite(triggers: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        for name, statement in triggers:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            cursor.execute(statement)
