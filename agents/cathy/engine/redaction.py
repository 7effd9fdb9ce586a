"""Arguments of tool calls as the run log may keep them."""

from __future__ import annotations

import json
from typing import Any

from carloans.core.privacy.redaction import redact

#: What must never travel through a tool; contact data may not either, but arrives as placeholders.
_SECRET = frozenset({"SSN", "SSN_LAST4", "CREDIT_CARD", "BANK_ACCOUNT", "ROUTING", "IBAN"})
_LONGEST = 200


def redact_arguments(raw: str) -> dict[str, Any]:
    """Return a call's JSON arguments without personal data; {} when they are not a JSON object."""
    try:
        value = json.loads(raw or "{}")
    except ValueError:
        return {}
    return _clean_object(value) if isinstance(value, dict) else {}


def _clean_object(value: dict[Any, Any]) -> dict[str, Any]:
    """Keys come from the model as well, so they are cleaned like any text."""
    return {str(_clean(str(key))): _clean(item) for key, item in value.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return _clean_object(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    # A number may be a phone number without its quotes.
    if isinstance(value, str) or (isinstance(value, int | float) and abs(value) >= 10**6):
        return redact(str(value)).text[:_LONGEST]
    return value


def holds_secret(value: Any) -> bool:
    """Tell whether any text inside a JSON value holds an SSN, a card or an account number."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return any(span.type in _SECRET for span in redact(str(value)).spans)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(holds_secret, inner))
