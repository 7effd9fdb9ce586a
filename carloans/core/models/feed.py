from __future__ import annotations

from django.db import models

SEVERITIES = [("info", "info"), ("warn", "warn"), ("error", "error")]


class FeedEvent(models.Model):
    """Something that just happened. The row is the truth; browsers learn of it through the tail.

    `listed` events show in the operations room's activity feed; the others only wake a conversation's sockets.
    Neither `summary` nor `data` ever holds personal data.
    """

    kind = models.CharField(max_length=60)
    room = models.CharField(max_length=20)
    severity = models.CharField(max_length=5, choices=SEVERITIES, default="info")
    summary = models.CharField(max_length=200)
    visitor = models.UUIDField(null=True, blank=True)
    application = models.UUIDField(null=True, blank=True)
    conversation = models.UUIDField(null=True, blank=True)
    lead = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    listed = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["listed", "-id"], name="feed_listed"),
            models.Index(fields=["kind", "at"], name="feed_kind"),
            models.Index(fields=["visitor", "at"], name="feed_visitor"),
            models.Index(fields=["conversation", "at"], name="feed_conversation"),
            models.Index(fields=["lead", "at"], name="feed_lead"),
            models.Index(fields=["application", "kind"], name="feed_application"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"
