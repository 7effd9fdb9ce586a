"""An error as the customer reads it: our code, and a sentence in the language of the conversation."""

from __future__ import annotations

from carloans.core import errors
from carloans.core.errors import CarLoansError
from chat import wording
from chat.frames import Frame

#: Codes of the rooms below in the words of the chat's protocol.
_CODES = {"phone_missing": "contact_needed", "unknown_visitor": "unavailable", "bug": "unavailable"}


def localised(error: CarLoansError, locale: str) -> CarLoansError:
    """The same error with the chat's code for it and, where the chat has words for it, those words."""
    error.code = _CODES.get(error.code, error.code)
    if wording.known(error.code):
        error.message = wording.say(error.code, locale)
    return error


def frame(error: CarLoansError, locale: str, frame_id: str | None) -> Frame:
    """The error frame; with `fields` when single fields of a form were refused."""
    body: Frame = errors.frame(localised(error, locale), frame_id)
    fields = error.extra.get("fields")
    return body | ({"fields": fields} if fields else {})
