"""Who opens the operations room."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from campaigns.tests.conftest import provider  # noqa: F401  the simulated mail provider, for what the inbox sends
from dashboard import roles


@pytest.fixture
def operator(db: None) -> Any:
    user = get_user_model().objects.create_user("ann", is_staff=True)
    roles.assign(user, "admin")
    return user


@pytest.fixture
def staff(operator: Any) -> Client:
    """A signed-in operator's browser."""
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client
