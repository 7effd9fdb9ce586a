"""The benchmark of encryption measures what it says and leaves nothing behind."""

from __future__ import annotations

import pytest
from django.db import connection

from carloans.core.bench import encryption


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_measures_and_cleans_up():
    figures = encryption.measure(rows=1200)
    assert figures["contacts"] == 1200
    assert figures["value"]["decrypt_us"] < figures["value"]["fernet_decrypt_us"]
    assert figures["read_ratio"] == round(figures["encrypted"]["read_s"] / figures["plain"]["read_s"], 2)
    assert not [name for name in connection.introspection.table_names() if name.startswith("bench_")]


@pytest.mark.django_db
def test_no_migration_and_no_rotation_knows_its_tables():
    from django.apps import apps

    from carloans.core import rotation

    assert "bench" not in {model._meta.app_label for model in apps.get_models()}
    assert not [place for place in rotation.places() if place.table.startswith("bench_")]
