from __future__ import annotations

from django.db import models

from carloans.core.errors import Category


class ErrorRecord(models.Model):
    """One fault or refusal, by category, without personal data: what the error rate is counted from."""

    category = models.CharField(max_length=20, choices=[(str(c), str(c)) for c in Category])
    code = models.CharField(max_length=60)
    where = models.CharField(max_length=80)
    provider = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at", "category"], name="fault_at_category")]

    def __str__(self) -> str:
        return f"{self.category}/{self.code}"
