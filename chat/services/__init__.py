"""Writing conversations. Each function is one unit of work; none calls a model or enqueues a task."""

from chat.services.carding import contact_form, credit_consent, present_card
from chat.services.conversations import Knock, Opened, enter, set_locale, want_check
from chat.services.forgetting import discard_rehearsal, forget_visitor
from chat.services.messages import Received, mark_read, receive
from chat.services.ownership import claim, close, close_idle, hand_off, return_to_ai, staff_reply
from chat.services.pressing import Origin, press_card
from chat.services.results import present_result
from chat.services.turns import (
    Reply,
    Turn,
    begin_turn,
    fail_exhausted,
    fail_to_human,
    finish_turn,
    release_turn,
    renew_turn,
)

__all__ = [
    "Knock",
    "Opened",
    "Origin",
    "Received",
    "Reply",
    "Turn",
    "begin_turn",
    "claim",
    "close",
    "close_idle",
    "contact_form",
    "credit_consent",
    "discard_rehearsal",
    "enter",
    "fail_exhausted",
    "fail_to_human",
    "finish_turn",
    "forget_visitor",
    "hand_off",
    "mark_read",
    "present_card",
    "present_result",
    "press_card",
    "receive",
    "release_turn",
    "renew_turn",
    "return_to_ai",
    "set_locale",
    "staff_reply",
    "want_check",
]
