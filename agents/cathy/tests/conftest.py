from __future__ import annotations

from collections.abc import Iterator

import pytest

from cathy import registry


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    """Agents that a test defines do not appear in the house's list for the tests after it."""
    registry.cards()
    before = dict(registry._cards)
    yield
    registry._cards.clear()
    registry._cards.update(before)
