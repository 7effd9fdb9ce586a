"""Rows of this room: conversations, who answers them, and when somebody is there."""

from chat.models.conversation import OWNERSHIP, Conversation, Message, Rating, SessionItem
from chat.models.handing import CannedReply, ConversationTag, HandOff, StaffNote
from chat.models.staffing import Closure, Desk, Opening, ServiceHours, Viewing

__all__ = [
    "OWNERSHIP",
    "CannedReply",
    "Closure",
    "Conversation",
    "ConversationTag",
    "Desk",
    "HandOff",
    "Message",
    "Opening",
    "Rating",
    "ServiceHours",
    "SessionItem",
    "StaffNote",
    "Viewing",
]
