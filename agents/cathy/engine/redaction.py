"""JSON values (arguments of tool calls, recordings) as the run log may keep them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from carloans.core.privacy.redaction import redact

#: What must never travel through a tool; contact data may not either, but arrives as placeholders.
_SECRET = frozenset({"SSN", "SSN_LAST4", "CREDIT_CARD", "BANK_ACCOUNT", "ROUTING", "IBAN"})
_LONGEST = 200
#: Longer texts come once; they would only fill the memory.
_REMEMBERED = 600


def redact_arguments(raw: str) -> dict[str, Any]:
    """Return a call's JSON arguments without personal data; {} when they are not a JSON object."""
    try:
        value = json.loads(raw or "{}")
    except ValueError:
        return {}
    return _clean_object(value, _LONGEST) if isinstance(value, dict) else {}


def _clean_object(value: dict[Any, Any], longest: int) -> dict[str, Any]:
    """Keys come from the model as well, so they are cleaned like any text."""
    return {str(clean(str(key), longest)): clean(item, longest) for key, item in value.items()}


def clean(value: Any, longest: int = _LONGEST) -> Any:
    """Return a JSON value without personal data; each text in it has at most `longest` characters."""
    if isinstance(value, dict):
        return _clean_object(value, longest)
    if isinstance(value, list | tuple):
        return [clean(item, longest) for item in value]
    # A number may be a phone number without its quotes.
    if isinstance(value, str) or (isinstance(value, int | float) and abs(value) >= 10**6):
        text = _storable(str(value))
        return (_redacted(text) if len(text) <= _REMEMBERED else redact(text).text)[:longest]
    return value


def _storable(text: str) -> str:
    """What a database takes: a model may answer with half a surrogate pair or a NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=4096)
def _redacted(text: str) -> str:
    """Remembered: each turn of a conversation cleans its last lines, the facts and all their names once more."""
    return redact(text).text


def hides_secret(value: Any) -> bool:
    """Tell whether a recorded value had a secret in it, of which only the mark is left."""
    return any(f"[{kind}]" in json.dumps(value) for kind in _SECRET)


def holds_secret(value: Any) -> bool:
    """Tell whether any text inside a JSON value holds an SSN, a card or an account number."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return any(span.type in _SECRET for span in redact(str(value)).spans)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(holds_secret, inner))
