"""The e-mail journey: what is planned, who is in it, what was written, and who must never be written to."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from campaigns.texts import Copy
from carloans.core.appendonly import AppendOnly
from carloans.core.lifecycle import Lifecycle
from carloans.core.outbox import CLAIMED, PENDING, OutboxRow


class Campaign(models.Model):
    """A journey of mails. The default one is seeded by `campaigns.seeds`."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One mail of a journey; the delay counts from the abandonment."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    delay_minutes = models.PositiveIntegerField()
    purpose = models.CharField(max_length=80)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="one_step_per_place")]

    def __str__(self) -> str:
        return f"{self.campaign} {self.order}"


class Enrollment(models.Model):
    """One application's way through a journey; one row for its whole life, also when we may not write."""

    LIFE = Lifecycle(
        initial="active",
        moves={"active": {"stopped", "completed"}, "stopped": {"active"}, "completed": {"active"}},
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField("visitors.Application", on_delete=models.PROTECT, related_name="enrollment")
    visitor = models.ForeignKey("visitors.Visitor", on_delete=models.PROTECT, related_name="enrollments")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="enrollments")
    state = models.CharField(max_length=10, choices=LIFE.choices, default=LIFE.initial)
    stop_reason = models.CharField(max_length=40, blank=True)
    #: The abandonment that the delays count from; a later one starts what is left of the journey anew.
    abandoned_at = models.DateTimeField()
    next_step_at = models.DateTimeField(null=True, blank=True)
    #: Until when a worker is writing the next mail.
    drafting_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_step_at"], name="enrollment_due", condition=Q(state="active")),
        ]

    def __str__(self) -> str:
        return f"enrollment {self.pk} ({self.state})"


class Message(OutboxRow):
    """One mail, as an outbox row. Its words hold placeholders only; the contact is put in at the moment of sending."""

    KINDS = [
        ("step", "journey"),
        ("fresh_link", "requested link"),
        ("privacy", "proof of the address"),
        ("transcript", "transcript of a chat"),
    ]
    SOURCES = [("agent", "agent"), ("template", "template")]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: The journey that it belongs to; a mail that proves an address and a transcript belong to none.
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    #: For such a mail: whom it goes to, and, to prove an address, by which link of their page it was asked for.
    visitor = models.ForeignKey(
        "visitors.Visitor", on_delete=models.PROTECT, null=True, blank=True, related_name="privacy_messages"
    )
    privacy_link = models.UUIDField(null=True, blank=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(max_length=12, choices=KINDS, default="step")
    to_index = models.CharField(max_length=64, db_index=True)
    locale = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=160)
    preheader = models.CharField(max_length=200)
    paragraphs = models.JSONField(default=list)
    call_to_action = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=SOURCES)
    #: Why the agent's draft was not used: {"reason": code, "rules": [...]}; empty when it was.
    verdict = models.JSONField(default=dict, blank=True)
    run = models.UUIDField(null=True, blank=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    #: When a worker began to hand the mail over. Set, it means: ask the provider before any second try.
    tried_at = models.DateTimeField(null=True, blank=True)
    send_ms = models.PositiveIntegerField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "step"], name="one_message_per_step"),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=False, visitor__isnull=True, privacy_link__isnull=True)
                | Q(enrollment__isnull=True, visitor__isnull=False, privacy_link__isnull=False, kind="privacy")
                | Q(enrollment__isnull=True, visitor__isnull=False, privacy_link__isnull=True, kind="transcript"),
                name="message_of_a_journey_or_a_page",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=Q(state__in=[PENDING, CLAIMED])),
            models.Index(fields=["created_at"], name="message_created"),
            models.Index(fields=["sent_at"], name="message_sent"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} ({self.state})"

    @property
    def journey(self) -> Enrollment:
        """The journey of a mail that has one."""
        assert self.enrollment is not None  # noqa: S101  the constraint and the kind say so
        return self.enrollment

    @property
    def reader_id(self) -> uuid.UUID:
        """The visitor whom it goes to."""
        return self.visitor_id or self.journey.visitor_id

    @property
    def application_id(self) -> uuid.UUID | None:
        """The application that it is about, if it is about one."""
        return self.enrollment.application_id if self.enrollment else None

    @property
    def copy(self) -> Copy:
        """The stored words, as the renderer takes them."""
        return Copy(self.subject, self.preheader, tuple(self.paragraphs), self.call_to_action)


class MessageEvent(AppendOnly):
    """What the provider reported about a mail; each report is kept once."""

    event_id = models.CharField(max_length=120, unique=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    type = models.CharField(max_length=20)
    severity = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["message", "type"], name="message_event_type")]

    def __str__(self) -> str:
        return f"{self.type} of {self.message_id}"


class Suppression(models.Model):
    """An address that we never write to again, on any site. A keyed hash: it outlives the person's deletion."""

    email_index = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"suppression {self.pk} ({self.reason})"


class Pace(models.Model):
    """The last mail to an address on a site: taken by conditional UPDATE, so that two workers cannot both write."""

    key = models.CharField(max_length=64, unique=True)
    message = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pace {self.pk}"


class WebhookToken(models.Model):
    """The single-use token of an accepted webhook call; the event that it carried tells a retry from a replay."""

    token_hash = models.CharField(max_length=64, unique=True)
    event_id = models.CharField(max_length=120)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"webhook token {self.pk}"
