"""Columns that are encrypted at rest with rotatable keys (Fernet: AES-CBC with HMAC, the newest key first)."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.encoding import force_bytes, force_str


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of the configured keys: the first encrypts, all decrypt."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(value: str) -> str:
    """The value as an authenticated token. Empty stays empty, so that absence can be queried."""
    return force_str(cipher().encrypt(force_bytes(value))) if value else ""


def decrypt(token: str) -> str:
    """The value of a token made by `encrypt`. Raises cryptography.fernet.InvalidToken if it was tampered with."""
    return force_str(cipher().decrypt(force_bytes(token))) if token else ""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, stored as a Fernet token. It cannot be searched: keep a blind index beside it for that."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else decrypt(value)


class EncryptedIntegerField(models.TextField):  # type: ignore[type-arg]
    """A whole number (cents, a score), stored as a Fernet token."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(int(value)))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> int | None:
        return int(decrypt(value)) if value else None

    def to_python(self, value: Any) -> int | None:
        return None if value in (None, "") else int(value)


class EncryptedJSONField(models.TextField):  # type: ignore[type-arg]
    """A JSON value, stored as a Fernet token."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(json.dumps(value, separators=(",", ":"), ensure_ascii=False))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else None

    def to_python(self, value: Any) -> Any:
        return value
