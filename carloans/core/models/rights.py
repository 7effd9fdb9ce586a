"""Requests to be forgotten, duties to preserve, and what retention did."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Erasure(models.Model):
    """One person's request to be forgotten: recorded before anything is erased, so that a crash only delays it.

    The rows it is about are named by `keys`, which hold ids and blind indexes alone. It is kept as the proof that the
    request was honoured (11 CCR 7101: 24 months).
    """

    class State(models.TextChoices):
        ASKED = "asked", "Under way"
        HELD = "held", "Part is held back for now"
        ERASED = "erased", "Erased, to be looked at again"
        SETTLED = "settled", "Settled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    #: When the sweep goes over it (again): work that was under way may have left something behind.
    look_at = models.DateTimeField(null=True, blank=True)
    #: What was erased and what stays, by table, in counts and reasons.
    report = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["look_at"], name="erasure_due", condition=Q(look_at__isnull=False))]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class ErasureKey(models.Model):
    """One id or blind index that an erasure is about."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["erasure", "kind", "value"], name="erasure_key_once")]
        indexes = [models.Index(fields=["value", "kind"], name="erasure_key")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.erasure_id}"


class LegalHold(models.Model):
    """A duty to preserve everything about a visitor: a complaint, a dispute, a preservation letter.

    While it stands, neither erasure nor retention removes their rows. `reason` is shown to them and holds no names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(released_at__isnull=True), name="one_standing_hold_per_visitor"
            )
        ]

    def __str__(self) -> str:
        return f"legal hold on visitor {self.visitor}"


class PurgeRun(models.Model):
    """One round of retention: what was due by rule, what was purged, what was held back and why."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    dry_run = models.BooleanField(default=False)
    due = models.PositiveBigIntegerField(default=0)
    purged = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)
    lines = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"purge of {self.started_at:%Y-%m-%d}"
