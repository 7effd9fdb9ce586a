"""The written instruction, the check that it allows, and the notices that are owed to applicants."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.appendonly import AppendOnly
from carloans.core.fields import EncryptedIntegerField, EncryptedJSONField, EncryptedTextField
from carloans.core.ledger import LedgerRow
from carloans.core.outbox import OutboxRow
from credit.outcomes import PURPOSE, Outcome, Phrase, Status


class CreditConsent(LedgerRow):
    """Proof of one written instruction: the exact text, the act, when, where from. Never changed, never deleted."""

    PROOFS = {
        "1": (
            "id", "visitor", "application_id", "conversation_id", "purpose", "text_version", "text_sha256", "locale",
            "act", "element_id", "page", "shown_at", "given_at", "expires_at",
        )
    }  # fmt: skip
    TRACES = ("ip", "user_agent")
    ACTIONS = ("credit.consent_given",)

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

    def trail_subject(self) -> str:
        return f"credit_consent:{self.pk}"


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


class NoticePolicy(models.Model):
    """What counts as an application on one site, by its lender's own procedures (12 CFR 1002.2(f)), and who sees to it.

    Without a row a form that is only saved in the browser is none, and what the lender's platform sends is one.
    """

    site = models.OneToOneField("visitors.Site", models.CASCADE, related_name="+")
    imports_count = models.BooleanField(
        default=True, help_text="What the lender's own platform sends is an application from the day it arrives"
    )
    saved_forms_count = models.BooleanField(
        default=False, help_text="A form that somebody saved on the site is an application from that moment"
    )
    days_to_complete = models.PositiveSmallIntegerField(
        default=14, help_text="The reasonable time that our notice of incompleteness gives, in days"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who gets this site's duties; without one they go round among the staff who may settle them",
    )

    class Meta:
        verbose_name = _("notice policy")
        verbose_name_plural = _("notice policies")

    def __str__(self) -> str:
        return f"notice policy of site {self.site_id}"


class NoticeDuty(models.Model):
    """A notice that a creditor owes to an applicant, with the clock that the law gives it (12 CFR 1002.9)."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision on a completed application")
        INCOMPLETENESS = "incompleteness", _("Incomplete application")
        ADVERSE_ACTION = "adverse_action", _("Action taken on a check or an incomplete application")
        ACCOUNT_ACTION = "account_action", _("Adverse action on an existing account")
        COUNTER_OFFER = "counter_offer", _("Counter-offer that was not accepted")
        REASONS = "reasons", _("Statement of reasons")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ASSIGNED = "assigned", _("Assigned")
        HELD_BY_CREDITOR = "held_by_creditor", _("Held by the creditor")
        SENT = "sent", _("Notice sent")
        CLOSED = "closed", _("No longer owed")

    class Says(models.TextChoices):
        """What a notice that was sent told the applicant."""

        APPROVAL = "approval", _("Approved")
        COUNTER_OFFER = "counter_offer", _("Counter-offer")
        ADVERSE_ACTION = "adverse_action", _("Adverse action")
        INCOMPLETE = "incomplete", _("Incomplete, with what is missing")
        REASONS = "reasons", _("The reasons")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: What gave rise to it, so that it arises once: "check:<id>", "application:<id>:decision", "reasons:<duty>" …
    key = models.CharField(max_length=120, unique=True, null=True)
    check_row = models.OneToOneField(
        CreditCheck, models.PROTECT, related_name="duty", db_column="check_id", null=True, blank=True
    )
    #: The duty that this one follows from: a counter-offer's, or that of the notice whose reasons are asked for.
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    #: Why the duty arose: a status of `credit.outcomes` or a word of `credit.notices`; no figure of the bureau.
    reason = models.CharField(max_length=24)
    #: Names of the facts that an application lacked when the duty arose.
    missing = models.JSONField(default=list, blank=True)
    #: When the clock began to run: receipt, action, counter-offer or request.
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    #: The last escalation in days of a 30-day clock: 0, 20, 25, 28, or 30 for overdue.
    escalated = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    says = models.CharField(max_length=20, choices=Says, blank=True)
    #: Why nothing is owed any more, as a word of `credit.notices`.
    closed_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("notice duty")
        verbose_name_plural = _("notice duties")
        indexes = [models.Index(fields=["state", "due_at"], name="credit_duty_due")]

    def __str__(self) -> str:
        return str(self.id)


class NoticeMail(OutboxRow):
    """A notice of incompleteness that we send for the creditor: one mail for one duty, exactly once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.OneToOneField(NoticeDuty, models.PROTECT, related_name="mail")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locale = models.CharField(max_length=5)
    missing = models.JSONField(default=list)
    complete_by = models.DateField()
    created_at = models.DateTimeField()
    #: Set before the hand-over: from then on the provider is asked first, never blindly called again.
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    #: What left, word for word; personal data, so it is encrypted.
    text = EncryptedTextField(default="", blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    to_index = models.CharField(max_length=64, blank=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice mail")
        indexes = [models.Index(fields=["state", "due_at"], name="credit_notice_mail_due")]

    def __str__(self) -> str:
        return str(self.id)


class NoticeProof(LedgerRow):
    """That a notice went out: how, when, who says so, and the hash of its text. Never changed, never deleted."""

    PROOFS = {"1": ("id", "duty", "method", "sent_on", "reference", "text_sha256", "staff", "recorded_at")}
    ACTIONS = ("credit.notice_settled", "credit.notice_proven")

    class Method(models.TextChoices):
        LETTER = "letter", _("Letter")
        CREDITOR_EMAIL = "creditor_email", _("E-mail of the creditor")
        OUR_MAIL = "our_mail", _("Our notice mail")
        HELD_BY_CREDITOR = "held_by_creditor", _("The creditor holds the duty")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey(NoticeDuty, models.PROTECT, related_name="proofs")
    method = models.CharField(max_length=20, choices=Method)
    sent_on = models.DateField()
    reference = models.CharField(max_length=200, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice proof")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="held_by_creditor") | ~Q(text_sha256=""), name="credit_proof_has_text_hash"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def trail_subject(self) -> str:
        return f"notice_duty:{self.duty_id}"


class ProviderEvent(AppendOnly):
    """A signed message from the provider, kept by its id so that a replay changes nothing."""

    event_id = models.CharField(max_length=100, unique=True)
    key = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.event_id
