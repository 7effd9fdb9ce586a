"""A process with the wrong keys says so at its start and in its probe, with what to do."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.test import Client

from carloans.core.encryption import key_id
from carloans.core.models.vault import VaultValue

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows(settings, now):
    """One value under the old key, then one under the new one."""
    for key in (OLD, NEW):
        settings.FIELD_ENCRYPTION_KEYS = [key]
        VaultValue.objects.create(
            owner=uuid4(), label="PHONE_1", kind="PHONE", value="1", value_index="x", created_at=now
        )
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return settings


def complaints() -> list[str]:
    return [one.msg for one in run_checks(databases=["default"]) if one.id == "carloans.E004"]


def ready() -> tuple[int, dict]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["keys"]


def test_the_right_keys():
    assert complaints() == []
    status, keys = ready()
    assert (status, keys["ok"]) == (200, True)


@pytest.mark.parametrize(("given", "missing"), [(NEW, OLD), (OLD, NEW)], ids=["removed_too_early", "not_rolled_out"])
def test_a_missing_key(rows, given, missing):
    rows.FIELD_ENCRYPTION_KEYS = [given]
    assert len(complaints()) == 1
    assert key_id(missing) in complaints()[0]
    assert "Append the missing key to FIELD_ENCRYPTION_KEYS" in complaints()[0]
    assert ready() == (503, {"ok": False, "error": "UnreadableValue"})


def test_an_empty_database_needs_nothing(rows):
    VaultValue.objects.all().delete()
    rows.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert complaints() == []
    assert ready()[0] == 200


def test_the_probe_asks_little(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert ready()[0] == 200
