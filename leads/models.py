"""Buyers, leads, and every attempt to hand one to the other."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from carloans.core.fields import EncryptedJSONField, EncryptedTextField
from carloans.core.ledger import LedgerRow
from carloans.core.lifecycle import Lifecycle
from carloans.core.outbox import OutboxRow

LEAD_LIFE = Lifecycle(
    field="status",
    initial="packaged",
    moves={
        "packaged": {"waiting_consent", "submitting", "withheld"},
        "waiting_consent": {"submitting", "withheld"},
        "withheld": {"submitting", "waiting_consent"},
        # Back, when consent, certificate or switch went away before the post; on, to the next buyer.
        "submitting": {"accepted", "rejected", "failed", "waiting_consent", "withheld"},
        "failed": {"submitting", "accepted", "rejected", "waiting_consent", "withheld"},
        # A dealer may think better of it; only a signed disposition does that.
        "accepted": {"rejected"},
        "rejected": {"accepted"},
    },
)


class Buyer(models.Model):
    """A dealer who receives leads. Only one who is active and holds an unexpired certificate of purpose gets any."""

    class Format(models.TextChoices):
        JSON = "json", "JSON"
        ADF = "adf", "ADF XML"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    endpoint_url = models.URLField(max_length=300, help_text=_("Leads are posted here; GET <this>/<lead id> asks."))
    format = models.CharField(max_length=4, choices=Format, default=Format.JSON)
    secret = EncryptedTextField(help_text=_("The shared key that signs requests in both directions."))
    active = models.BooleanField(default=False)
    certified_until = models.DateTimeField(null=True, blank=True)
    states = models.JSONField(default=list, blank=True, help_text=_("US state codes that it serves; empty for all."))
    rank = models.PositiveSmallIntegerField(default=100, help_text=_("Lower is asked first."))
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ["rank", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(active=False) | models.Q(certified_until__isnull=False),
                name="leads_active_buyer_is_certified",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (simulated)" if self.simulated else self.name


class Lead(models.Model):
    """What a dealer may get of one customer's request. `package` holds contact data and is encrypted."""

    class Priority(models.TextChoices):
        LOW = "low", _("Low")
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True, unique=True)
    #: The check whose pull the lead rests on; one pull makes one lead.
    credit_check_id = models.UUIDField(unique=True)
    conversation_id = models.UUIDField(null=True, blank=True, db_index=True)
    status = models.CharField(max_length=16, choices=LEAD_LIFE.choices, default=LEAD_LIFE.initial)
    hold_code = models.CharField(max_length=30, blank=True)
    hold_reason = models.CharField(max_length=200, blank=True)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.NORMAL)
    completeness = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    highlights = models.JSONField(default=list)
    #: Who wrote the summary: the agent, or our rule when it could not.
    summary_source = models.CharField(max_length=8, default="rule")
    package = EncryptedJSONField(default=dict)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    reviewed_at = models.DateTimeField()

    class Meta:
        permissions = [("export_lead", _("Can export leads with contact data"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(completeness__lte=100), name="leads_completeness_is_a_share")
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="leads_newest"),
            models.Index(fields=["status", "reviewed_at"], name="leads_by_status"),
            models.Index(fields=["visitor", "-created_at"], name="leads_of_visitor"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Submission(OutboxRow):
    """One lead on its way to one buyer, under the consent that names that buyer."""

    class Result(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="submissions")
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="submissions")
    consent = models.ForeignKey("visitors.Consent", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: Set before the request leaves: from then on the buyer is asked first, never blindly posted to again.
    sent_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    buyer_ref = models.CharField(max_length=80, blank=True)
    response_code = models.PositiveSmallIntegerField(null=True, blank=True)
    response_reason = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    post_ms = models.PositiveIntegerField(null=True, blank=True)
    disposition = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "buyer"], name="leads_once_per_buyer")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="leads_submission_due"),
            models.Index(fields=["result", "accepted_at"], name="leads_submission_result"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SubmissionAttempt(LedgerRow):
    """One request to a buyer and what came back. Never changed, never deleted."""

    PROOFS = {"1": ("id", "submission", "number", "act", "result", "http_status", "code", "ms", "at")}
    ACTIONS = ("submission.attempted",)

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="log")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=4, choices=[("post", _("Post")), ("ask", _("Question"))])
    result = models.CharField(max_length=10)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True)
    ms = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["submission", "at"], name="leads_attempts")]

    def __str__(self) -> str:
        return f"{self.act} {self.number} of {self.submission_id}"

    def trail_subject(self) -> str:
        return f"submission:{self.submission_id}"


class Disposition(LedgerRow):
    """What a buyer later said about a lead, kept by its event id so that a replay changes nothing."""

    WORDS = ("contacted", "appointment", "sold", "lost", "rejected", "accepted")
    PROOFS = {"1": ("id", "buyer", "submission", "event_id", "word", "at")}
    ACTIONS = ("submission.disposition",)

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="dispositions")
    event_id = models.CharField(max_length=100, validators=[RegexValidator(r"^[\w:.-]{8,100}$")])
    word = models.CharField(max_length=20, choices=[(word, word) for word in WORDS])
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "event_id"], name="leads_disposition_once")]

    def __str__(self) -> str:
        return f"{self.word} for {self.submission_id}"

    def trail_subject(self) -> str:
        return f"submission:{self.submission_id}"
