from __future__ import annotations

from django.db import models

from carloans.core.clock import utc_now

NAMES = ("ai", "send", "pull", "post")


class Switch(models.Model):
    """Whether a kind of effect may happen: everywhere, in one US state, or for one buyer. No row means on."""

    name = models.CharField(max_length=10, choices=[(name, name) for name in NAMES])
    scope = models.CharField(max_length=60, default="all", help_text="all, state:TX or buyer:lakeside-motors")
    on = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    #: Who flipped it last: an actor as the audit trail names it ("staff:7", "system").
    changed_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(default=utc_now)

    class Meta:
        verbose_name_plural = "switches"
        constraints = [models.UniqueConstraint(fields=["name", "scope"], name="switch_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.scope}: {'on' if self.on else 'off'}"
