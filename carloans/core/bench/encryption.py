"""What encryption at rest costs: 100,000 contacts read and exported, next to the same rows in plain columns.

python manage.py shell -c "from carloans.core.bench.encryption import measure; print(measure())"
"""

from __future__ import annotations

import csv
import io
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.apps.registry import Apps
from django.db import connection, models

from carloans.core.encryption import decrypt, encrypt
from carloans.core.fields import EncryptedJSONField, EncryptedTextField

_COLUMNS = ("email", "phone", "first_name", "last_name", "zip_code", "package")
_CHUNK = 500
#: A registry of their own: no migration, no admin and no rotation knows these tables.
_apps = Apps()


class PlainContact(models.Model):
    """The floor."""

    email = models.TextField()
    phone = models.TextField()
    first_name = models.TextField()
    last_name = models.TextField()
    zip_code = models.TextField()
    package = models.JSONField()

    class Meta:
        app_label, db_table, apps = "bench", "bench_plaincontact", _apps

    def __str__(self) -> str:
        return f"contact {self.pk}"


class EncryptedContact(models.Model):
    """The same columns as the house keeps them."""

    email = EncryptedTextField()
    phone = EncryptedTextField()
    first_name = EncryptedTextField()
    last_name = EncryptedTextField()
    zip_code = EncryptedTextField()
    package = EncryptedJSONField()

    class Meta:
        app_label, db_table, apps = "bench", "bench_encryptedcontact", _apps

    def __str__(self) -> str:
        return f"contact {self.pk}"


def measure(rows: int = 100_000) -> dict[str, Any]:
    """Seconds to read and to export so many contacts of six columns, plain and encrypted, and their ratios.

    Uses tables of its own in the configured database, which are gone afterwards.
    """
    with _tables():
        for model in (PlainContact, EncryptedContact):
            _fill(model, rows)
        plain, encrypted = _series(PlainContact), _series(EncryptedContact)
    return {
        "contacts": rows,
        "plain": plain,
        "encrypted": encrypted,
        "read_ratio": round(encrypted["read_s"] / plain["read_s"], 2),
        "export_ratio": round(encrypted["export_s"] / plain["export_s"], 2),
        "value": _values(),
    }


@contextmanager
def _tables() -> Iterator[None]:
    made = (PlainContact, EncryptedContact)
    with connection.schema_editor() as editor:
        for model in made:
            editor.create_model(model)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for model in made:
                editor.delete_model(model)


def _contact(number: int) -> dict[str, Any]:
    contact = {
        "email": f"jane.doe{number}@example.com",
        "phone": f"+1512555{number % 10_000:04d}",
        "first_name": "Jane",
        "last_name": "Doe",
        "zip_code": "78701",
    }
    application = {"step_reached": 4, "loan_amount_cents": 1_850_000, "monthly_income_cents": 420_000, "employer": "X"}
    vehicle = {"year": 2021, "make": "Toyota", "model": "Corolla"}
    package = {"schema": "carloans.lead/1", "contact": contact, "vehicle": vehicle, "application": application}
    return {**contact, "package": {**package, "summary": "Interested in a 2021 Toyota Corolla. " * 4}}


def _fill(model: Any, rows: int) -> None:
    for start in range(0, rows, 5_000):
        model._base_manager.bulk_create(model(**_contact(n)) for n in range(start, min(rows, start + 5_000)))


def _series(model: Any) -> dict[str, float]:
    """Seconds to read and to export, and by how much the process's peak memory grew meanwhile."""
    before = _peak_mb()
    return {
        "read_s": _seconds(lambda: _exhaust(_read(model))),
        "export_s": _seconds(lambda: _exhaust(_exported(model))),
        "peak_memory_growth_mb": round(_peak_mb() - before, 1),
    }


def _read(model: Any) -> Iterator[Any]:
    """Rows in pages by key, as the exports of the house read them."""
    last = 0
    while page := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield from page
        last = page[-1].pk


def _exported(model: Any) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in _read(model):
        writer.writerow([getattr(row, name) for name in _COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _values(count: int = 20_000) -> dict[str, float]:
    """Microseconds to write and to read one short value, next to the older format (Fernet) with one key."""
    fernet, value = MultiFernet([Fernet(Fernet.generate_key())]), "jane.doe@example.com"
    token, older = encrypt(value), fernet.encrypt(value.encode())
    acts: dict[str, Callable[[], object]] = {
        "encrypt_us": lambda: encrypt(value),
        "decrypt_us": lambda: decrypt(token),
        "fernet_encrypt_us": lambda: fernet.encrypt(value.encode()),
        "fernet_decrypt_us": lambda: fernet.decrypt(older),
    }
    return {name: round(_repeated(act, count) / count * 1e6, 2) for name, act in acts.items()}


def _repeated(act: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - started


def _exhaust(values: Iterable[object]) -> None:
    for _ in values:
        pass


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return round(time.perf_counter() - started, 4)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
