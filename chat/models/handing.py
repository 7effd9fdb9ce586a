"""What staff needs and leaves behind: the call for a person with what was known then, notes, tags, ready replies."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation


class HandOff(models.Model):
    """One stay with people, from the call for one to its end: why, what was known, who came, how it ended."""

    class Source(models.TextChoices):
        RULE = "rule", _("By rule")
        MODEL = "model", _("By the model")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="hand_offs")
    #: A code, without personal data.
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    #: Whether things are there, never what they are; texts with placeholders.
    facts = models.JSONField(default=dict)
    summary = models.TextField(blank=True)
    source = models.CharField(max_length=5, choices=Source, default=Source.RULE)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: returned, closed, resumed (the customer went on with Cathy) or left (back in the queue).
    ended = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = _("hand-off")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at__isnull=True), name="chat_one_open_hand_off"
            )
        ]
        indexes = [models.Index(fields=["claimed_at"], name="chat_hand_off_claimed")]

    def __str__(self) -> str:
        return f"hand-off {self.pk}"


class StaffNote(models.Model):
    """A note of staff for staff. Neither customers nor a model ever see it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="staff_notes")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: With placeholders, like everything else that is written here.
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("staff note")
        indexes = [models.Index(fields=["conversation", "at"], name="chat_notes_in_order")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class ConversationTag(models.Model):
    """A word that staff put on a conversation, to find it again."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="tags")
    name = models.SlugField(max_length=30, db_index=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("tag")
        constraints = [models.UniqueConstraint(fields=["conversation", "name"], name="chat_tag_once")]
        indexes = [models.Index(fields=["name", "-at"], name="chat_tagged")]

    def __str__(self) -> str:
        return self.name


class CannedReply(models.Model):
    """A ready-made reply in both languages. `{company}` and `{me}` are filled in when somebody picks it."""

    key = models.SlugField(max_length=30, unique=True, help_text=_("A short word; staff types it to find the reply"))
    title = models.CharField(max_length=80)
    text_en = models.TextField(_("English"), max_length=2000)
    text_es = models.TextField(_("Spanish"), max_length=2000)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.title
