"""The table behind placeholders."""

from __future__ import annotations

from django.db import models

from carloans.core.fields import EncryptedTextField


class VaultValue(models.Model):
    """What a placeholder such as [PHONE_1] stands for within one conversation (its `owner`)."""

    owner = models.UUIDField()
    label = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    value = EncryptedTextField()
    #: keyed digest of the value's normal form, so that one value gets one label
    value_index = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "label"], name="vault_label"),
            models.UniqueConstraint(fields=["owner", "kind", "value_index"], name="vault_value"),
        ]

    def __str__(self) -> str:
        return f"[{self.label}]"
