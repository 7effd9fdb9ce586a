"""Rows about visitors: who, what they did, what they filled in, what they agreed to, their way back.

Contact data, income, employer and addresses are encrypted; look-up is by keyed blind index. Rows keep fields and
constraints only: `visitors.services` writes them and `visitors.selectors` reads them.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from carloans.core.appendonly import AppendOnly
from carloans.core.fields import EncryptedIntegerField, EncryptedTextField
from carloans.core.ledger import LedgerRow
from carloans.core.lifecycle import Lifecycle
from visitors import consent_texts
from visitors.steps import LAST_STEP


def default_abandon_after() -> int:
    return int(settings.ABANDON_AFTER_SECONDS)


class Site(models.Model):
    """A customer's web site that carries `embed.js`; `key` is public, `api_secret` signs server-to-server calls."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    company_name = models.CharField(max_length=80)
    origins = models.JSONField(
        default=list, help_text="Web origins whose pages may send events, e.g. https://lender.example"
    )
    abandon_after_seconds = models.PositiveIntegerField(default=default_abandon_after)
    api_secret = EncryptedTextField(default="", blank=True)
    is_demo = models.BooleanField(
        default=False, help_text="Simulated customers only: fictional phone numbers are allowed"
    )
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """One browser (or one imported customer) of one site.

    Several rows may carry the same address, because an address that somebody typed proves nothing: each browser
    keeps its own row and sees only its own data. Exactly one of them holds the address (`email_holder`).
    """

    class Identity(models.TextChoices):
        KNOWN = "known", "Known"
        PROBABLE = "probable", "Probable"
        ANONYMOUS = "anonymous", "Anonymous"

    class Source(models.TextChoices):
        BROWSER = "browser", "Browser"
        PLATFORM = "platform", "Lender's platform"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visitors")
    source = models.CharField(max_length=10, choices=Source, default=Source.BROWSER)
    email = EncryptedTextField(default="", blank=True)
    email_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    email_holder = models.BooleanField(default=False)
    phone = EncryptedTextField(default="", blank=True, help_text="E.164")
    phone_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    first_name = EncryptedTextField(default="", blank=True)
    last_name = EncryptedTextField(default="", blank=True)
    locale = models.CharField(max_length=5, default="en")
    state = models.CharField(max_length=2, default="", blank=True)
    zip_code = EncryptedTextField(default="", blank=True)
    zip3 = models.CharField(max_length=3, default="", blank=True)
    gpc = models.BooleanField(default=False, help_text="Sent Global Privacy Control or Do Not Track: no marketing")
    is_bot = models.BooleanField(default=False)
    identity = models.CharField(max_length=10, choices=Identity, default=Identity.ANONYMOUS)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "email_index"], condition=Q(email_holder=True), name="visitors_one_holder_per_address"
            ),
            models.CheckConstraint(
                condition=Q(email_holder=False) | ~Q(email_index=""), name="visitors_holder_has_an_address"
            ),
        ]
        indexes = [models.Index(fields=["first_seen_at"], name="visitors_first_seen")]

    def __str__(self) -> str:
        return f"visitor {self.pk}"


class Event(models.Model):
    """What a browser did: names of steps and fields, never what was typed."""

    class Type(models.TextChoices):
        PAGE_VIEW = "page_view", "Page viewed"
        STEP_VIEW = "step_view", "Step viewed"
        FIELD_FOCUS = "field_focus", "Field focused"
        STEP_ERROR = "step_error", "Error on a step"
        SAVE_PROGRESS = "save_progress", "Progress saved"
        SUBMIT = "submit", "Submitted"
        HEARTBEAT = "heartbeat", "Still there"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="events")
    event_id = models.UUIDField()
    type = models.CharField(max_length=16, choices=Type)
    client_ts = models.DateTimeField()
    received_at = models.DateTimeField()
    page = models.CharField(max_length=200, default="", blank=True)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    field = models.CharField(max_length=40, default="", blank=True)
    code = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "event_id"], name="visitors_event_once_per_site")]
        indexes = [
            models.Index(fields=["visitor", "received_at"], name="visitors_event_timeline"),
            models.Index(fields=["received_at"], name="visitors_event_received"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Application(models.Model):
    """A loan application that somebody began. Its clock is the server's: `last_event_at` is when we heard of it."""

    STARTED, SAVED, ABANDONED, RETURNED = "started", "saved", "abandoned", "returned"
    SUBMITTED, CLOSED = "submitted", "closed"
    lifecycle = Lifecycle(
        field="status",
        moves={
            STARTED: {SAVED, SUBMITTED, CLOSED},
            SAVED: {ABANDONED, SUBMITTED, CLOSED},
            ABANDONED: {RETURNED, SUBMITTED, CLOSED},
            RETURNED: {ABANDONED, SUBMITTED, CLOSED},
        },
        initial=STARTED,
    )
    OPEN = (STARTED, SAVED, ABANDONED, RETURNED)
    #: A returned application may be abandoned once more; after that we leave the person in peace.
    MOST_ABANDONMENTS = 2

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="applications")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="applications")
    external_id = models.CharField(max_length=80, null=True, blank=True)
    status = models.CharField(max_length=10, choices=lifecycle.choices, default=STARTED)
    step_reached = models.PositiveSmallIntegerField(default=1)
    vehicle_year = models.PositiveSmallIntegerField(null=True, blank=True)
    vehicle_make = models.CharField(max_length=40, default="", blank=True)
    vehicle_model = models.CharField(max_length=40, default="", blank=True)
    loan_amount_cents = models.PositiveBigIntegerField(null=True, blank=True)
    monthly_income_cents = EncryptedIntegerField(null=True, blank=True)
    employer = EncryptedTextField(default="", blank=True)
    job_title = EncryptedTextField(default="", blank=True)
    months_on_job = models.PositiveSmallIntegerField(null=True, blank=True)
    abandonments = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    last_event_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    abandoned_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    judge_until = models.DateTimeField(
        null=True, blank=True, help_text="Somebody is judging this abandonment until then"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "external_id"], name="visitors_external_id_once_per_site"),
            models.CheckConstraint(
                condition=Q(step_reached__gte=1, step_reached__lte=LAST_STEP), name="visitors_step_reached_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "last_event_at"], name="visitors_app_clock"),
            models.Index(fields=["visitor", "-created_at"], name="visitors_app_newest"),
            models.Index(fields=["created_at"], name="visitors_app_created"),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def vehicle(self) -> str:
        """Year, make and model as far as they are known."""
        return " ".join(str(part) for part in (self.vehicle_year, self.vehicle_make, self.vehicle_model) if part)


class Consent(LedgerRow):
    """What somebody agreed to: which text (version and hash), by which act, when and where. Never changed.

    `names` are what was filled into the text. `demonstration` is how the person showed that they can read it
    electronically (15 USC 7001(c)(1)(C)(ii)): see `visitors.demonstration`.
    """

    PROOFS = {
        "1": (
            "id", "visitor", "application_id", "conversation_id", "kind", "text_version", "text_sha256", "locale",
            "names", "act", "element_id", "page", "shown_at", "given_at", "demonstration", "scope", "expires_at",
            "source_event",
        )
    }  # fmt: skip
    TRACES = ("ip", "user_agent")
    ACTIONS = ("consent.given", "consent.stated")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="consents")
    application_id = models.UUIDField(null=True, blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in consent_texts.KINDS])
    text_version = models.CharField(max_length=80)
    text_sha256 = models.CharField(max_length=64)
    locale = models.CharField(max_length=5)
    act = models.CharField(max_length=120)
    element_id = models.CharField(max_length=80, default="", blank=True)
    page = models.CharField(max_length=200, default="", blank=True)
    shown_at = models.DateTimeField()
    given_at = models.DateTimeField()
    ip = EncryptedTextField(default="", blank=True)
    user_agent = models.CharField(max_length=300, default="", blank=True)
    names = models.JSONField(default=dict, blank=True)
    demonstration = models.JSONField(default=dict, blank=True)
    scope = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    source_event = models.UUIDField(
        null=True, blank=True, help_text="The event that carried it, so that a replay adds nothing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visitor", "kind", "source_event"], name="visitors_consent_once_per_event"),
        ]
        indexes = [models.Index(fields=["visitor", "kind", "-given_at"], name="visitors_consent_newest")]

    def __str__(self) -> str:
        return f"{self.kind} consent {self.pk}"

    def trail_subject(self) -> str:
        return f"consent:{self.pk}"


class ConsentWithdrawal(LedgerRow):
    """The end of a consent; the consent's own row stays as it was."""

    PROOFS = {"1": ("id", "consent", "at", "via")}
    ACTIONS = ("consent.withdrawn",)

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    via = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"withdrawal of {self.consent_id}"

    def trail_subject(self) -> str:
        return f"consent:{self.consent_id}"


class ReturnLink(models.Model):
    """A signed way back to one application, for one use within 24 hours. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="return_links")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="return_links")
    message_id = models.UUIDField(unique=True, help_text="The mail that carries it")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    fresh_requested_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"return link {self.pk}"


class PrivacyLink(models.Model):
    """The address of somebody's own page, as one mail or one chat card carries it. Only the token's hash is kept.

    It shows masked values and ends agreements; to see, correct, download or delete takes a `PrivacyProof` as well.
    """

    class Origin(models.TextChoices):
        MAIL = "mail", "A mail's footer"
        CHAT = "chat", "The chat's card"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="privacy_links")
    origin = models.CharField(max_length=4, choices=Origin)
    source_id = models.UUIDField(unique=True, help_text="The mail or the card that carries it")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    proof_requested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["proof_requested_at"], name="visitors_proof_requested")]

    def __str__(self) -> str:
        return f"privacy link {self.pk}"


class PrivacyProof(models.Model):
    """A link that went to the address on file: who opens it, once within half an hour, has shown that it is theirs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(PrivacyLink, on_delete=models.PROTECT, related_name="proofs")
    message_id = models.UUIDField(unique=True, help_text="The mail that carries it")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"privacy proof {self.pk}"


class SaleOptOut(models.Model):
    """Somebody told us not to sell or share their data (Cal. Civ. Code 1798.120). Kept by the address's keyed hash
    as well, so that it outlives deletion and holds for the same person's next browser."""

    visitor = models.OneToOneField(Visitor, on_delete=models.PROTECT, related_name="sale_opt_out")
    email_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    via = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"opt-out of sale {self.pk}"


class PrivacyRequest(models.Model):
    """What a person asked for on their page and only a member of staff can do."""

    class Kind(models.TextChoices):
        HUMAN_REVIEW = "human_review", "Have a person look at what the AI did"
        HUMAN_HELP = "human_help", "Help without an e-mail address"
        TELL_RECIPIENTS = "tell_recipients", "Tell the recipients of a correction"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(max_length=16, choices=Kind)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="45 days (Cal. Civ. Code 1798.130)")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "kind"], condition=Q(settled_at__isnull=True), name="visitors_one_open_request"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="visitors_request_due", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Assessment(AppendOnly):
    """What the Visitor Identifier (or the rule, when it could not answer) made of one abandonment."""

    class Source(models.TextChoices):
        AGENT = "agent", "Agent"
        RULE = "rule", "Rule"

    class Priority(models.TextChoices):
        LOW = "low", "Low"
        NORMAL = "normal", "Normal"
        HIGH = "high", "High"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assessments")
    attempt = models.PositiveSmallIntegerField()
    identity = models.CharField(max_length=10, choices=Visitor.Identity)
    channels = models.JSONField(default=list)
    stop_reason = models.CharField(max_length=24)
    priority = models.CharField(max_length=8, choices=Priority)
    next_step = models.CharField(max_length=8)
    explanation = models.CharField(max_length=300, default="", blank=True)
    source = models.CharField(max_length=6, choices=Source)
    run_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "attempt"], name="visitors_one_assessment_per_abandonment"),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.application_id}, abandonment {self.attempt}"
