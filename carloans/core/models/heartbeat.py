from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a kind of process last showed that it works: the worker, through the schedule."""

    process = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.process
