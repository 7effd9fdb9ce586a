"""How long this room keeps what, and why."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from carloans.core.models import VaultValue
from carloans.core.periods import APPLICATION
from carloans.core.retention import Held, Rule
from chat.models import Conversation, ConversationTag, HandOff, Message, Rating, SessionItem, StaffNote

_TRANSCRIPT = _("Transcripts are records of an application, 12 CFR 1002.12(b): 25 months after the last word")


def _beside(name: str, model: type[Model]) -> Rule:
    """What lies beside a transcript goes with it."""
    return Rule(
        name=f"chat.{name}",
        kind="transcripts",
        model=model,
        keeps=APPLICATION,
        since="conversation__last_at",
        why=_TRANSCRIPT,
        visitor="conversation__visitor",
    )


def _transcripts(now: datetime) -> Q:
    """Values whose conversation is there: what spares it, a legal hold too, spares them."""
    return Q(owner__in=Conversation.objects.values("pk"))


RULES = [
    _beside("notes", StaffNote),
    _beside("tags", ConversationTag),
    _beside("hand_offs", HandOff),
    _beside("memory", SessionItem),
    _beside("messages", Message),
    _beside("ratings", Rating),
    Rule(
        name="chat.conversations",
        kind="transcripts",
        model=Conversation,
        keeps=APPLICATION,
        since="last_at",
        why=_TRANSCRIPT,
        visitor="visitor",
    ),
    Rule(
        name="chat.vault",
        kind="vault",
        model=VaultValue,
        keeps=APPLICATION,
        since="created_at",
        why=_("As long as the transcript that it belongs to can be read; it goes with its conversation"),
        held=(Held(reason=_("Its transcript is still on record"), rows=_transcripts),),
    ),
]
