"""Keys are rotated while people read and write: no read fails, no write is lost, whatever dies in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.db import connection, connections

from carloans.core import rotation
from carloans.core.encryption import key_id
from carloans.core.models import AuditEntry
from carloans.core.models.vault import VaultValue
from visitors.models import Application, Consent, Visitor
from visitors.tests.factories import ApplicationFactory, ConsentFactory, SiteFactory

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def old_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    return settings


def people(count: int) -> list[Visitor]:
    """Visitors whose encrypted columns say how often they were written: "0" so far."""
    site, now = SiteFactory(), ApplicationFactory().created_at
    rows = [
        Visitor(site=site, email="0", phone="0", first_name="0", first_seen_at=now, last_seen_at=now)
        for _ in range(count)
    ]
    VaultValue.objects.bulk_create(
        VaultValue(owner=uuid4(), label="PHONE_1", kind="PHONE", value="0", value_index="x", created_at=now)
        for _ in range(count)
    )
    ConsentFactory()
    return Visitor.objects.bulk_create(rows)


@contextmanager
def environment(tmp_path) -> Iterator[dict[str, str]]:
    """What a process of the house needs to work on the database of this test, with the new key in front."""
    chosen = {
        "DATA_DIR": str(tmp_path),
        "ENV_FILE": "",
        "DATABASE_URL": "",
        "FIELD_ENCRYPTION_KEYS": f"{NEW},{OLD}",
        "DJANGO_SETTINGS_MODULE": "carloans.settings",
    }
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        (tmp_path / "carloans.sqlite3").symlink_to(name)
    else:
        chosen["DATABASE_URL"] = f"{configured.DATABASE_URL.rpartition('/')[0]}/{name}"
    yield os.environ | chosen


def rotating(env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(configured.BASE_DIR / "manage.py"), "rotate_keys", *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Load:
    """Threads that write and read the same rows; `faults` is what went wrong, `written` what must be there."""

    COLUMNS = ("email", "phone", "first_name")

    def __init__(self, rows: list[Visitor]) -> None:
        self.keys = [row.pk for row in rows]
        self.written = {(key, column): 0 for key in self.keys for column in self.COLUMNS}
        self.faults: list[str] = []
        self.reads = self.writes = 0
        self._over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        acts = [self._writer(column) for column in self.COLUMNS] + [self._reader] * 2
        threads = [threading.Thread(target=self._guarded, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _guarded(self, act: Callable[[random.Random], None]) -> None:
        dice = random.Random()
        try:
            while not self._over.is_set():
                act(dice)
                time.sleep(0.01)
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    def _writer(self, column: str) -> Callable[[random.Random], None]:
        """Each writer has a column of its own on all rows, so that it knows what is last."""

        def write(dice: random.Random) -> None:
            key = dice.choice(self.keys)
            number = self.written[key, column] + 1
            row = Visitor(pk=key, **{column: str(number)})
            row._state.adding = False
            row.save(update_fields=[column])
            self.written[key, column] = number
            self.writes += 1

        return write

    def _reader(self, dice: random.Random) -> None:
        key = dice.choice(self.keys)
        known = {column: self.written[key, column] for column in self.COLUMNS}
        row = Visitor.objects.get(pk=key)
        for column, least in known.items():
            if int(getattr(row, column) or -1) < least:
                self.faults.append(f"{column}: read {getattr(row, column)!r} after {least} was written")
        self.reads += 1

    def lost(self) -> list[str]:
        """Writes that are not in the database."""
        rows = Visitor.objects.in_bulk(self.keys)
        return [
            f"{column} is {getattr(rows[key], column)}, written was {number}"
            for (key, column), number in self.written.items()
            if int(getattr(rows[key], column)) != number
        ]


def test_rotation_under_load_loses_no_read_and_no_write(settings, tmp_path):
    load = Load(people(300))
    settings.FIELD_ENCRYPTION_KEYS = [OLD, NEW]  # this process was not restarted yet: it still writes the old key
    with environment(tmp_path) as env, load.running():
        first = rotating(env, "--batch", "25")
        first.communicate(timeout=900)
        during_first = load.writes
        settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]  # now it is
        time.sleep(0.2)
        second = rotating(env, "--batch", "25")
        told, _ = second.communicate(timeout=900)
        during_second = load.writes - during_first
    assert load.faults == []
    assert load.lost() == []
    assert min(during_first, during_second, load.reads) > 20
    assert second.returncode == 0, told
    assert "may be removed" in told
    assert {one.key for one in rotation.standings()} == {key_id(NEW)}
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert load.lost() == []
    assert {row.value for row in VaultValue.objects.all()} == {"0"}
    assert {row.ip for row in Consent.objects.all()} == {"192.0.2.1"}


def test_a_killed_rotation_is_finished_by_the_next(settings, tmp_path):
    rows = people(1500)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with environment(tmp_path) as env:
        process = rotating(env, "--batch", "5")
        while not Visitor.objects.filter(email__token__startswith=f"e1.{key_id(NEW)}").exists():
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)
        left = rotation.left()
        assert 0 < left < 2 * len(rows)
        assert {row.email for row in Visitor.objects.filter(pk__in=[row.pk for row in rows])} == {"0"}
        second = rotating(env)
        told, _ = second.communicate(timeout=900)
    assert second.returncode == 0, told
    assert rotation.left() == 0
    assert Application.objects.get().employer == "Acme Foods"
    assert AuditEntry.objects.filter(action="keys.rotated").count() == 1


def test_two_rotations_at_once_do_no_harm(settings, tmp_path):
    rows = people(200)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with environment(tmp_path) as env:
        both = [rotating(env, "--batch", "20") for _ in range(2)]
        told = [process.communicate(timeout=900)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert rotation.left() == 0
    assert {row.email for row in Visitor.objects.filter(pk__in=[row.pk for row in rows])} == {"0"}
