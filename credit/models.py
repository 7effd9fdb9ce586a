"""The written instruction, the check that it allows, and the notice duties that a check can leave behind."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.appendonly import AppendOnly
from carloans.core.fields import EncryptedIntegerField, EncryptedJSONField, EncryptedTextField
from carloans.core.outbox import OutboxRow
from credit.outcomes import PURPOSE, Outcome, Phrase, Status


class CreditConsent(AppendOnly):
    """Proof of one written instruction: the exact text, the act, when, where from. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=60, default=PURPOSE, editable=False)
    text_version = models.CharField(max_length=40)
    text_sha256 = models.CharField(max_length=64)
    locale = models.CharField(max_length=8)
    act = models.CharField(max_length=60)
    element_id = models.CharField(max_length=100)
    page = models.CharField(max_length=200)
    shown_at = models.DateTimeField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ip = EncryptedTextField(default="", blank=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("credit consent")
        constraints = [
            models.CheckConstraint(condition=Q(purpose=PURPOSE), name="credit_consent_purpose"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("given_at")), name="credit_consent_expires"),
        ]
        indexes = [models.Index(fields=["visitor", "given_at"], name="credit_consent_visitor")]

    def __str__(self) -> str:
        return str(self.id)


class CreditCheck(OutboxRow):
    """One soft pull, asked for under one consent. Score, tier and bureau data stay encrypted and inside this room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.OneToOneField(CreditConsent, models.PROTECT, related_name="credit_check")
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True, db_index=True)
    conversation_id = models.UUIDField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField()
    #: Set before the request leaves: from then on the provider is asked first, never blindly called again.
    sent_at = models.DateTimeField(null=True, blank=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    #: How long the provider took, in milliseconds.
    pull_ms = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=24, choices=Status, default=Status.CREATED)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    phrase = models.CharField(max_length=24, choices=Phrase, blank=True)
    provider_ref = models.CharField(max_length=80, blank=True)
    score = EncryptedIntegerField(null=True, blank=True)
    tier = EncryptedTextField(default="", blank=True)
    bureau = EncryptedJSONField(default=dict, blank=True)
    #: The finished check that answered this press within five minutes; then nothing was pulled for this one.
    served_from = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("credit check")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(state__in=["pending", "claimed"]), name="credit_one_open_check"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(decided_at__isnull=False), name="credit_outcome_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["visitor", "-decided_at"], name="credit_check_latest"),
            models.Index(fields=["state", "due_at"], name="credit_check_due"),
            models.Index(fields=["outcome", "decided_at"], name="credit_check_outcome"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeDuty(models.Model):
    """A notice that a creditor owes after a check without an offer: within 30 days (12 CFR 1002.9(a), (c))."""

    class Kind(models.TextChoices):
        ADVERSE_ACTION = "adverse_action", _("Action taken")
        INCOMPLETENESS = "incompleteness", _("Incomplete application")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ASSIGNED = "assigned", _("Assigned")
        HELD_BY_CREDITOR = "held_by_creditor", _("Held by the creditor")
        SENT = "sent", _("Notice sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_row = models.OneToOneField(CreditCheck, models.PROTECT, related_name="duty", db_column="check_id")
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    #: Why the duty arose, as a status of `credit.outcomes`; no figure of the bureau.
    reason = models.CharField(max_length=24)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    #: The last escalation in days after opening: 0, 20, 25 or 28.
    escalated = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice duty")
        verbose_name_plural = _("notice duties")
        indexes = [models.Index(fields=["state", "due_at"], name="credit_duty_due")]

    def __str__(self) -> str:
        return str(self.id)


class ProviderEvent(models.Model):
    """A signed message from the provider, kept by its id so that a replay changes nothing."""

    event_id = models.CharField(max_length=100, unique=True)
    key = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.event_id
