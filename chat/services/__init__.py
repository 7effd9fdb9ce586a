"""Writing conversations. Each function is one unit of work; none calls a model or enqueues a task."""

from chat.services.carding import contact_form, credit_consent, present_card, privacy_card
from chat.services.claiming import Turn, begin_turn, release_turn, renew_turn
from chat.services.conversations import Knock, Opened, enter, set_locale, ticket_for, want_check
from chat.services.desks import (
    end_view,
    forget_views,
    note_customer_typing,
    note_typing,
    note_view,
    set_desk,
    sign_of_life,
)
from chat.services.forgetting import discard_rehearsal, forget_visitor
from chat.services.handing import Call, keep_summary, open_call
from chat.services.messages import Received, mark_read, receive
from chat.services.ownership import (
    claim,
    close,
    close_by_staff,
    close_idle,
    hand_off,
    put_back,
    release_absent,
    return_to_ai,
    take_over,
)
from chat.services.pressing import Origin, press_card
from chat.services.replying import add_note, add_tag, remove_tag, staff_reply
from chat.services.results import present_result
from chat.services.transcripts import mail_transcript
from chat.services.turns import Finished, Reply, fail_exhausted, fail_to_human, finish_turn
from chat.services.waiting import alarm

__all__ = [
    "Call",
    "Finished",
    "Knock",
    "Opened",
    "Origin",
    "Received",
    "Reply",
    "Turn",
    "add_note",
    "add_tag",
    "alarm",
    "begin_turn",
    "claim",
    "close",
    "close_by_staff",
    "close_idle",
    "contact_form",
    "credit_consent",
    "discard_rehearsal",
    "end_view",
    "enter",
    "fail_exhausted",
    "fail_to_human",
    "finish_turn",
    "forget_views",
    "forget_visitor",
    "hand_off",
    "keep_summary",
    "mail_transcript",
    "mark_read",
    "note_customer_typing",
    "note_typing",
    "note_view",
    "open_call",
    "present_card",
    "present_result",
    "press_card",
    "privacy_card",
    "put_back",
    "receive",
    "release_absent",
    "release_turn",
    "remove_tag",
    "renew_turn",
    "return_to_ai",
    "set_desk",
    "set_locale",
    "sign_of_life",
    "staff_reply",
    "take_over",
    "ticket_for",
    "want_check",
]
