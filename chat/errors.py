"""What can be refused in a conversation. Codes are those of docs/chat-socket.md."""

from __future__ import annotations

from typing import Any

from carloans.core.errors import BadInput, Conflict, NotFound, TooFast


class UnknownConversation(NotFound):
    code, message = "unknown_conversation", "There is no such conversation."


class TextTooLong(BadInput):
    status, code = 413, "too_long"
    message = "That message is longer than 4,000 characters. Please send it in shorter parts."


class EmptyText(BadInput):
    code, message = "empty", "There is nothing in that message yet."


class BadText(BadInput):
    code = "bad_text"
    message = "That message holds characters that cannot be sent. Please type it again."


class RateLimited(TooFast):
    message = "That was quite fast. Please wait a moment and send it again."


class UnknownCard(NotFound):
    code, message = "unknown_card", "That form is no longer here."


class CardSettled(Conflict):
    code, message = "card_settled", "This was already answered."


class BadAction(BadInput):
    code, message = "bad_action", "This form has no such button."


class BadFields(BadInput):
    """`fields` maps a field's name to its code and a sentence in the customer's language."""

    status, code, message = 422, "bad_fields", "Please look at the marked fields."

    def __init__(self, fields: dict[str, dict[str, str]]) -> None:
        super().__init__(fields=fields)
        self.fields = fields


class StaleText(Conflict):
    code, message = "stale_text", "The text has changed since you saw it. Please read the new one below."


class ContactNeeded(BadInput):
    status, code = 409, "contact_needed"
    message = "For the soft credit check we need your phone number first."


class Taken(Conflict):
    """Another member of staff was faster, or Cathy has the conversation."""

    code, message = "not_owner", "This conversation is not yours at the moment."

    def __init__(self, **extra: Any) -> None:
        super().__init__(**extra)
