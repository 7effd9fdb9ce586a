"""How long this room keeps what, and why. What the vault keeps of a conversation is the core's rule `core.vault`."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION
from carloans.core.retention import Rule
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
]
