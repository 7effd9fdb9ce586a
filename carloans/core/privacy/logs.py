"""No personal data in logs: one filter for the standard library and for structlog."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

from carloans.core.privacy.redaction import scrub
from carloans.core.text import words

#: What logging itself puts on a record; everything else came in through `extra`.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: Fields whose name says that the value must not be logged at all.
_SECRET_NAMES = words(
    """
    password passwd secret token ticket authorization cookie cookies ssn dob email phone first_name last_name
    address api_key apikey signature session sessionid csrfmiddlewaretoken
    """
)
_HIDDEN = "[HIDDEN]"
_DEPTH = 6
#: Values longer than this, in characters, bring their own context.
_SHORT = 64
_TELLING_NAME = re.compile(
    r"ssn|social|last_?4|card|acc|routing|iban|birth|dob|licen|phone|mobile|cell|number|addr|zip|postal|mail|(?:^|_)ip|tel",
    re.IGNORECASE,
)

#: Addresses that are themselves a key: the way back, out of our mails, and to one's own data.
_TOKEN_IN_PATH = re.compile(r"(/(?:r|u|privacy|privacy/confirm)/)[\w~.-]{16,}")


class ScrubFilter(logging.Filter):
    """Put it on every handler; or its instance into a structlog chain, before the renderer.

    Scrubs the message with its arguments, `extra`, and the text of an exception. It never raises and never drops a
    record: what cannot be scrubbed is hidden.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _message(record), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _safely_traced("".join(traceback.format_exception(*record.exc_info)).rstrip())
        elif record.exc_text:
            record.exc_text = _safely_traced(record.exc_text)
        if record.stack_info:
            record.stack_info = _safely_traced(record.stack_info)
        for name, value in list(vars(record).items()):
            if name not in _OWN:
                setattr(record, name, scrub_value(value, name=name))
        return True

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The structlog processor: every value of the event, keys untouched."""
        for name, value in list(event.items()):
            if not name.startswith("_"):
                event[name] = scrub_value(value, name=name)
        return event


def scrub_value(value: Any, *, name: str = "", depth: int = 0) -> Any:
    """`value` as it may be logged. Small numbers, dates and unknown objects stay; text and containers are read."""
    if name.lower() in _SECRET_NAMES and value not in (None, "", True, False):
        return _HIDDEN
    if isinstance(value, str):
        return _safely_named(value, name)
    if isinstance(value, bytes):
        return _safely(value.decode("utf-8", "replace"))
    if isinstance(value, BaseException):
        return _safely(f"{type(value).__name__}: {value}")
    return _scrub_container(value, depth, name) if depth < _DEPTH else _HIDDEN


def _scrub_container(value: Any, depth: int, name: str) -> Any:
    if isinstance(value, Mapping):
        return {
            scrub_value(key): scrub_value(item, name=key if isinstance(key, str) else "", depth=depth + 1)
            for key, item in value.items()
        }
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(scrub_value(item, name=name, depth=depth + 1) for item in value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**8:
        text = str(value)
        return value if _safely_named(text, name) == text else _HIDDEN
    return value


def _message(record: logging.LogRecord) -> str:
    """The finished message; structlog's event dictionaries stay dictionaries, because its formatter needs them."""
    if isinstance(record.msg, dict):
        return scrub_value(record.msg)  # type: ignore[no-any-return]
    try:
        text = record.getMessage()
    except Exception:
        text = f"{record.msg} {record.args}"
    return _safely(text)


def _safely_named(text: str, name: str) -> str:
    """The name of a field is context: ten digits in "account_number" are an account."""
    plain = _safely(text)
    if plain != text or len(text) > _SHORT or not _TELLING_NAME.search(name):
        return plain
    said = f"{name.replace('_', ' ')}: {text}"
    return text if _safely(said) == said else _HIDDEN


def _safely_traced(text: str) -> str:
    """Line by line first: the code around a message ("order", "text") says nothing about the numbers in it."""
    return _safely("\n".join(_safely(line) for line in text.split("\n")))


def _safely(text: str) -> str:
    try:
        return _TOKEN_IN_PATH.sub(rf"\1{_HIDDEN}", scrub(text))
    except Exception:
        return _HIDDEN
