"""Encrypted columns: what the database holds, who can read it, and what is said when nobody can."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection

from carloans.core import encryption
from carloans.core.encryption import UnreadableValue, decrypt, encrypt, key_id
from carloans.core.errors import problem
from carloans.core.models.vault import VaultValue

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return settings


def stored(value: str, now) -> VaultValue:
    return VaultValue.objects.create(
        owner=uuid4(), label="PHONE_1", kind="PHONE", value=value, value_index="x", created_at=now
    )


def token_of(row: VaultValue) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM core_vaultvalue WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def plant(row: VaultValue, token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_vaultvalue SET value = %s WHERE id = %s", [token, row.pk])


@pytest.mark.parametrize("value", ["+15125550134", "Zoë Ångström", "0", " ", "x" * 20_000, '{"a":1}'])
def test_a_value_comes_back_and_never_twice_as_the_same_token(value):
    tokens = {encrypt(value) for _ in range(5)}
    assert len(tokens) == 5
    assert {decrypt(token) for token in tokens} == {value}
    assert not any(value in token for token in tokens if value.strip("0 "))


def test_empty_stays_empty():
    assert (encrypt(""), decrypt("")) == ("", "")


def test_a_token_names_the_first_key(keys):
    assert encrypt("a").startswith(f"e1.{key_id(NEW)}.")
    keys.FIELD_ENCRYPTION_KEYS = [OLD, NEW]
    assert encrypt("a").startswith(f"e1.{key_id(OLD)}.")


def test_every_key_of_the_list_reads(keys):
    keys.FIELD_ENCRYPTION_KEYS = [OLD]
    token = encrypt("jane@example.com")
    keys.FIELD_ENCRYPTION_KEYS = [NEW, LOST, OLD]
    assert decrypt(token) == "jane@example.com"


def test_the_older_format_is_read():
    assert decrypt(Fernet(OLD).encrypt(b"jane@example.com").decode()) == "jane@example.com"


def test_the_key_id_gives_no_key_away():
    assert key_id(NEW) != key_id(OLD)
    raw = encryption.base64.urlsafe_b64decode(NEW)
    assert bytes.fromhex(key_id(NEW)) not in raw


@pytest.mark.django_db
def test_the_database_holds_a_token(now):
    row = stored("+15125550134", now)
    assert token_of(row).startswith(f"e1.{key_id(NEW)}.")
    assert VaultValue.objects.get(pk=row.pk).value == "+15125550134"


@pytest.mark.django_db
def test_a_missing_key_is_named_with_what_to_do(now, keys):
    row = stored("+15125550134", now)
    keys.FIELD_ENCRYPTION_KEYS = [LOST]
    with pytest.raises(UnreadableValue) as caught:
        VaultValue.objects.get(pk=row.pk)
    text = str(caught.value)
    assert key_id(NEW) in text
    assert key_id(LOST) in text
    assert "Append the missing key to FIELD_ENCRYPTION_KEYS" in text


@pytest.mark.django_db
def test_a_missing_key_of_the_older_format_is_said(now):
    row = stored("x", now)
    plant(row, Fernet(LOST).encrypt(b"+15125550134").decode())
    with pytest.raises(UnreadableValue, match="FIELD_ENCRYPTION_KEYS"):
        VaultValue.objects.get(pk=row.pk)


def _flipped(token: str) -> str:
    middle = len(token) // 2
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [_flipped, lambda token: token[:-8], lambda token: token[:12], lambda _: "in clear"])
def test_a_damaged_value_is_an_error_and_never_empty(now, damage):
    row = stored("+15125550134", now)
    plant(row, damage(token_of(row)))
    with pytest.raises(UnreadableValue):
        VaultValue.objects.get(pk=row.pk)


def test_a_token_cannot_pass_for_one_of_another_key():
    token = encrypt("a")
    with pytest.raises(UnreadableValue):
        decrypt(token.replace(key_id(NEW), key_id(OLD)))


def test_customers_are_told_nothing_of_keys():
    document = json.dumps(problem(UnreadableValue("key 01234567 is missing")))
    assert "01234567" not in document
    assert "unreadable_value" in document


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question", [{"value": "+15125550134"}, {"value__contains": "555"}, {"value__in": ["+15125550134"]}]
)
def test_a_search_that_could_never_match_is_refused(question):
    with pytest.raises(FieldError):
        VaultValue.objects.filter(**question).count()


@pytest.mark.django_db
def test_absence_can_be_asked_for(now):
    stored("+15125550134", now)
    VaultValue.objects.create(owner=uuid4(), label="A_1", kind="A", value="", value_index="y", created_at=now)
    assert VaultValue.objects.filter(value="").count() == 1
    assert VaultValue.objects.exclude(value="").count() == 1
    assert VaultValue.objects.filter(value__isnull=True).count() == 0
