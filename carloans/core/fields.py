"""Columns that are encrypted at rest (`carloans.core.encryption`); `rotate_keys` finds them by their class."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from carloans.core.encryption import decrypt, encrypt

__all__ = ["EncryptedField", "EncryptedIntegerField", "EncryptedJSONField", "EncryptedTextField", "decrypt", "encrypt"]


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A value, stored as a token. It cannot be searched: keep a blind index beside it for that.

    Only two questions can be asked of such a column: is it NULL, is it empty. Any other look-up raises FieldError,
    because it could never match. `<column>__token` is what is stored.
    """

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "isnull") else None

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else decrypt(value)


@EncryptedField.register_lookup
class IsEmpty(Exact):  # type: ignore[type-arg]
    """`column=""`, the one comparison that means something."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("An encrypted column cannot be searched: look it up by its blind index.")
        return self.rhs


@EncryptedField.register_lookup
class Token(models.Transform):
    """The stored token itself, for key rotation."""

    lookup_name = "token"
    template = "%(expressions)s"
    output_field = models.TextField()  # type: ignore[assignment]


class EncryptedTextField(EncryptedField):
    """Text."""


class EncryptedIntegerField(EncryptedField):
    """A whole number (cents, a score)."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(int(value)))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> int | None:
        return int(decrypt(value)) if value else None

    def to_python(self, value: Any) -> int | None:
        return None if value in (None, "") else int(value)


class EncryptedJSONField(EncryptedField):
    """A JSON value."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(json.dumps(value, separators=(",", ":"), ensure_ascii=False))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else None

    def to_python(self, value: Any) -> Any:
        return value
