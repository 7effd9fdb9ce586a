"""The audit trail: entries, and the seals that chain them in batches so that writers never queue behind each other."""

from __future__ import annotations

import uuid

from django.db import models

from carloans.core.appendonly import AppendOnly

#: What an action was called when it was written, and what it is called today. Entries never change, so whoever shows
#: or looks for an action goes by this.
FORMER_NAMES = {
    f"conversation_{what}": f"conversation.{what}"
    for what in (
        "answered", "claimed", "closed", "forgotten", "mailed", "noted", "put_back", "released", "returned",
        "rule_overridden", "taken_over",
    )
}  # fmt: skip


class AuditEntry(AppendOnly):
    """One decision, effect, consent or staff action. Facts hold ids and codes, never personal data."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["action", "at"], name="audit_action"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
            models.Index(fields=["at", "id"], name="audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.called} on {self.subject}"

    @property
    def called(self) -> str:
        """The action by its name of today; the digest is over the one that was written."""
        return FORMER_NAMES.get(self.action, self.action)


class AuditSeal(AppendOnly):
    """One sealed batch: its root covers every member in order and the root of the seal before it.

    Anybody can recompute a root. The signature cannot be made without a key that is not in the database.
    """

    number = models.PositiveIntegerField(unique=True)
    previous_root = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    signature = models.CharField(max_length=64, default="", editable=False)

    def __str__(self) -> str:
        return f"seal {self.number}"


class AuditSealMember(AppendOnly):
    """The place of one entry in its seal. Membership is a row of its own, because the entry may never change."""

    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="members")
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="seal_position")]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.position}"
