"""What every test of the house needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from carloans.core import appendonly
from tests import migrated_copy

#: What migrations leave behind in every database: nothing in a test changes it, and making it again takes long.
_KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def _empty_tables(case: Any) -> None:
    """Empty what a test filled, in one transaction, and let SQLite count from 1 again.

    Django's own way also makes all permissions anew, which takes longer than most tests. SQLite remembers the highest
    number of each table, by which `verify_audit` would miss the seals of the test before.
    """
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    with transaction.atomic(), appendonly.suspended(), connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608  names of our own tables
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[method-assign]

_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database: only that differs on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """Whether the test database stands already: asked for by `--reuse-db`, or laid as a migrated copy."""
    if connection.vendor == "sqlite" and not request.config.getvalue("create_db"):
        database = Path(connection.settings_dict["TEST"]["NAME"])
        if not database.exists() and migrated_copy.lay(database):
            return True
    return bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep what was just migrated for the next run."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            migrated_copy.keep(Path(connection.settings_dict["NAME"]))


@pytest.fixture
def now() -> Any:
    from carloans.core.clock import utc_now

    return utc_now()


@pytest.fixture(autouse=True)
def _models_with_a_clean_slate() -> None:
    """One test's dead server must not make the engine leave a model alone in the next."""
    from cathy.engine import resilience, runner

    resilience.forget_failures()
    runner._house_config.cache_clear()


@pytest.fixture(autouse=True)
def _built_in_prompts() -> None:
    """A version that one test activated is rolled back with its rows; the process must not remember it."""
    from cathy import services
    from cathy.prompts import active

    active.hold_built_in()
    services.forget_known_instructions()
