from __future__ import annotations

from django.db import models

NAMES = ("ai", "send", "pull", "post")


class Switch(models.Model):
    """Whether a kind of effect may happen: everywhere, in one US state, or for one buyer. No row means on."""

    name = models.CharField(max_length=10, choices=[(name, name) for name in NAMES])
    scope = models.CharField(max_length=60, default="all", help_text="all, state:TX or buyer:lakeside-motors")
    on = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "switches"
        constraints = [models.UniqueConstraint(fields=["name", "scope"], name="switch_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.scope}: {'on' if self.on else 'off'}"
