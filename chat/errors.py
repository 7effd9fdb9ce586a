"""What can be refused in a conversation. Codes are those of docs/chat-socket.md."""

from __future__ import annotations

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
    """Another member of staff was faster, or it is not with people. `holder` is the first name of who has it."""

    code, message = "not_owner", "This conversation is not yours at the moment."

    def __init__(self, *, holder: str = "") -> None:
        super().__init__(
            f"{holder} has this conversation." if holder else None, **({"holder": holder} if holder else {})
        )


class BadOutcome(BadInput):
    code, message = "bad_outcome", "Please choose how the conversation ended."


class WordsRefused(BadInput):
    """What a member of staff wrote breaks a rule. `violations` are {"rule", "excerpt"}."""

    status, code = 422, "words_refused"
    message = "This text breaks a rule. Please word it differently."

    def __init__(self, violations: list[dict[str, str]]) -> None:
        super().__init__(violations=violations)
        self.violations = violations


class BadTag(BadInput):
    code, message = "bad_tag", "A tag is one short word of letters, digits and hyphens, without personal data."
