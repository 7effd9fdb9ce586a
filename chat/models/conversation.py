"""Rows of a conversation. Texts hold placeholders where a customer wrote contact data; the vault keeps the values."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carloans.core.lifecycle import Lifecycle

#: One party answers at a time. `queue` waits for a person; a customer who writes again opens a closed conversation, for
#: Cathy or, where a person closed it and still owes something, for the queue. All moves are in `services.ownership`.
OWNERSHIP = Lifecycle(
    field="owner",
    initial="ai",
    moves={
        "ai": {"queue", "human", "closed"},
        "queue": {"human", "ai", "closed"},
        "human": {"ai", "queue", "closed"},
        "closed": {"ai", "queue", "human"},
    },
)


class Conversation(models.Model):
    """One customer's thread. Counters on the row make every rule a conditional UPDATE."""

    class Outcome(models.TextChoices):
        """How a person ended it."""

        SOLVED = "solved", _("Solved")
        RESUMED = "resumed", _("Went on with the application")
        FOLLOW_UP = "follow_up", _("We owe the customer something")
        SILENT = "silent", _("The customer no longer answers")
        NOT_OURS = "not_ours", _("Not a customer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("visitors.Site", models.PROTECT, related_name="+")
    visitor = models.ForeignKey("visitors.Visitor", models.PROTECT, related_name="+")
    application_id = models.UUIDField(null=True, blank=True, db_index=True)
    locale = models.CharField(max_length=5, default="en")
    #: In the terminal and in evaluations: kept out of the operations room and its figures.
    rehearsal = models.BooleanField(default=False)

    owner = models.CharField(max_length=6, choices=OWNERSHIP.choices, default=OWNERSHIP.initial)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    #: Why it needs a person, without personal data.
    note = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    #: The last sign of life of the person who has it: without one it goes back to the queue.
    staff_seen_at = models.DateTimeField(null=True, blank=True)
    #: When staff was told that this customer has waited too long.
    alarmed_at = models.DateTimeField(null=True, blank=True)

    last_seq = models.PositiveBigIntegerField(default=0)
    #: The customer's newest message, and the newest that was answered.
    asked_seq = models.PositiveBigIntegerField(default=0)
    answered_seq = models.PositiveBigIntegerField(default=0)
    #: The newest message that the model's memory covers.
    history_seq = models.PositiveBigIntegerField(default=0)
    customer_read_seq = models.PositiveBigIntegerField(default=0)
    staff_read_seq = models.PositiveBigIntegerField(default=0)

    #: The running turn: whose it is, until when its lease holds, how often it was begun.
    turn_token = models.UUIDField(null=True, blank=True)
    turn_until = models.DateTimeField(null=True, blank=True)
    turn_attempts = models.PositiveSmallIntegerField(default=0)

    misunderstandings = models.PositiveSmallIntegerField(default=0)
    #: The customer asked for the credit check before we could offer it.
    wants_check = models.BooleanField(default=False)
    #: A credit check whose outcome the customer has not been shown yet.
    pending_check = models.UUIDField(null=True, blank=True)
    replies = models.PositiveIntegerField(default=0)
    disclosed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()
    #: When its words were erased with its visitor.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    #: No column: what is known of its customer (`chat.standing`), where that was read together with the row.
    standing: Any = None

    class Meta:
        verbose_name = _("conversation")
        constraints = [
            models.CheckConstraint(condition=Q(asked_seq__lte=F("last_seq")), name="chat_asked_within"),
            models.CheckConstraint(condition=Q(answered_seq__lte=F("last_seq")), name="chat_answered_within"),
        ]
        indexes = [
            models.Index(fields=["owner", "-last_at"], name="chat_inbox"),
            models.Index(fields=["visitor", "-created_at"], name="chat_of_visitor"),
            models.Index(
                fields=["asked_at"], name="chat_unanswered", condition=Q(owner="ai", asked_seq__gt=F("answered_seq"))
            ),
            models.Index(fields=["pending_check"], name="chat_checks", condition=Q(pending_check__isnull=False)),
            models.Index(fields=["queued_at", "id"], name="chat_queue", condition=Q(owner="queue")),
            models.Index(fields=["staff", "-last_at"], name="chat_held", condition=Q(owner="human")),
            models.Index(fields=["staff_seen_at"], name="chat_held_seen", condition=Q(owner="human")),
            models.Index(
                fields=["asked_at"],
                name="chat_unheard",
                condition=Q(owner="human", asked_seq__gt=F("answered_seq")),
            ),
            models.Index(
                fields=["-last_at"],
                name="chat_customers_turn",
                condition=Q(owner__in=["ai", "human"], asked_seq__lte=F("answered_seq")),
            ),
            models.Index(fields=["-closed_at"], name="chat_closed", condition=Q(owner="closed")),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    """One message, numbered without gaps. It never changes, except that its card is pressed."""

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        CATHY = "cathy", "Cathy"
        STAFF = "staff", _("Staff")
        SYSTEM = "system", _("System")

    class CardState(models.TextChoices):
        NONE = "", "-"
        OPEN = "open", _("Open")
        SETTLED = "settled", _("Settled")
        REPLACED = "replaced", _("Replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    seq = models.PositiveBigIntegerField()
    #: The id that the customer's page gave; the same one again is the same message.
    client_id = models.UUIDField(null=True, blank=True)
    role = models.CharField(max_length=8, choices=Role)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    card = models.JSONField(null=True, blank=True)
    card_state = models.CharField(max_length=8, choices=CardState, default=CardState.NONE, blank=True)
    card_choice = models.CharField(max_length=8, blank=True)
    press_id = models.UUIDField(null=True, blank=True)
    pressed_at = models.DateTimeField(null=True, blank=True)
    #: Cathy's run that wrote it, and how long the customer waited for its first text and for the whole.
    run_id = models.UUIDField(null=True, blank=True)
    first_text_ms = models.PositiveIntegerField(null=True, blank=True)
    reply_ms = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("conversation", "seq")
        verbose_name = _("message")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="chat_message_seq"),
            models.UniqueConstraint(
                fields=["conversation", "client_id"],
                condition=Q(client_id__isnull=False),
                name="chat_message_client_id",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="chat_replies_at", condition=Q(reply_ms__isnull=False)),
            # Few stand open, however long a conversation grows.
            models.Index(fields=["conversation", "seq"], name="chat_open_cards", condition=Q(card_state="open")),
        ]

    def __str__(self) -> str:
        return f"message {self.seq} of {self.conversation_id}"


class Rating(models.Model):
    """What a customer thought of a conversation that had ended: one answer from 1 (not helpful) to 5 (very helpful)."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="ratings")
    #: The message whose card was answered.
    card = models.UUIDField(unique=True)
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("rating")
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="chat_score_1_to_5")]

    def __str__(self) -> str:
        return f"{self.score} of 5 for {self.conversation_id}"


class SessionItem(models.Model):
    """One item of the model's memory, in the Responses format. It holds placeholders only."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="session_items")
    seq = models.PositiveBigIntegerField()
    data = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "seq"], name="chat_session_item_seq")]

    def __str__(self) -> str:
        return f"item {self.seq} of {self.conversation_id}"
