"""What every test of the house needs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import TransactionTestCase

from carloans.core import appendonly

_plain_teardown = TransactionTestCase._fixture_teardown


def _teardown_past_triggers(case: Any) -> None:
    """SQLite empties tables with DELETE, which the append-only triggers rightly refuse: suspend them for that."""
    with appendonly.suspended():
        _plain_teardown(case)


TransactionTestCase._fixture_teardown = _teardown_past_triggers  # type: ignore[method-assign]


@pytest.fixture
def now() -> Any:
    from carloans.core.clock import utc_now

    return utc_now()
