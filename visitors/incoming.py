"""Reading a batch of tracker events: a strict allow-list, one clear reason for each event that is left out.

The batch as a whole is refused (BadInput) when it is not JSON, not an object of the known keys, or has no or too many
events. A single event that breaks the rules is dropped with a reason; the rest of its batch is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from carloans.core.errors import BadInput
from visitors import cleaning
from visitors.cleaning import Refused, refuse
from visitors.details import KEYS, Details, read_details
from visitors.steps import LAST_STEP

MOST_EVENTS = 100
MOST_BYTES = 64 * 1024
TYPES = frozenset({"page_view", "step_view", "field_focus", "step_error", "save_progress", "submit", "heartbeat"})
#: What the person did by an explicit press; everything else is observation, which a privacy signal switches off.
PRESSES = frozenset({"save_progress", "submit"})
#: What shows that the person works on the form.
FORM_TYPES = frozenset({"step_view", "field_focus", "step_error", "save_progress", "submit"})
#: Names that an event's `field` may have: the form's, never a value.
FIELD_NAMES = KEYS | {"loan_amount", "monthly_income"}
PRIVACY_SIGNAL = "privacy_signal"
_EVENT_KEYS = frozenset({"id", "type", "ts", "page", "step", "field", "data"})
_BATCH_KEYS = frozenset({"site", "visitor", "events"})
_ID = re.compile(r"[A-Za-z0-9._:\-]{1,64}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Batch:
    """A well-formed body; its events are not looked at yet."""

    site: str
    visitor: UUID | None
    events: list[Any]


@dataclass(frozen=True)
class Dropped:
    """An event that was left out, and why; `message` is for people, `field` names the value that was at fault."""

    id: str | None
    reason: str
    message: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A checked event. `event_id` is the UUID that it is known by, `sent_id` what the sender calls it."""

    event_id: UUID
    sent_id: str
    type: str
    ts: datetime
    page: str = ""
    step: int | None = None
    field_name: str = ""
    code: str = ""
    details: Details = field(default_factory=Details)


def parse_batch(body: bytes) -> Batch:
    """Raises BadInput: too_large (413), bad_json (400), or 422 for another shape than the contract's."""
    if len(body) > MOST_BYTES:
        raise too_large()
    raw = _parse_json(body)
    if not isinstance(raw, dict):
        raise _bad("invalid_body", "The body should be a JSON object.")
    if unknown := sorted(raw.keys() - _BATCH_KEYS):
        raise _bad("unknown_field", f"Only {', '.join(sorted(_BATCH_KEYS))} are taken here.", field=unknown[0][:40])
    site, events = raw.get("site"), raw.get("events")
    if not isinstance(site, str) or not site or len(site) > 40:
        raise _bad("invalid_site", "`site` should be the key of your site.")
    if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise _bad("invalid_events", f"`events` should be a list of 1 to {MOST_EVENTS} events.")
    return Batch(site, _visitor(raw.get("visitor")), events)


def too_large() -> BadInput:
    error = BadInput(f"Please send at most {MOST_BYTES // 1024} KiB at once.", code="too_large")
    error.status = 413
    return error


def _bad(code: str, message: str, **extra: str) -> BadInput:
    error = BadInput(message, code=code, **extra)
    error.status = 422
    return error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _parse_json(body: bytes) -> Any:
    """JSON by the book: UTF-8, no NaN or Infinity. Raises BadInput(bad_json)."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput("The body should be JSON in UTF-8.", code="bad_json") from error


def _visitor(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise _bad("invalid_visitor", "`visitor` should be the id that we gave to the browser.") from error


def read_event(raw: Any, *, scope: UUID, allow_test_numbers: bool) -> Incoming | Dropped:
    """One event checked, or the reason for leaving it out. `scope` makes ids that are no UUIDs unique per browser."""
    sent_id = _sent_id(raw)
    try:
        return _read(raw, sent_id, scope, allow_test_numbers)
    except Refused as error:
        return Dropped(sent_id, error.code, str(error.message), str(error.extra.get("field", "")))


def _sent_id(raw: Any) -> str | None:
    value = raw.get("id") if isinstance(raw, dict) else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _read(raw: Any, sent_id: str | None, scope: UUID, allow_test_numbers: bool) -> Incoming:
    if not isinstance(raw, dict):
        raise refuse("invalid_event", "", "An event should be a JSON object.")
    if unknown := sorted(raw.keys() - _EVENT_KEYS):
        raise refuse("unknown_field", unknown[0][:40], "An event does not have this field.")
    if sent_id is None:
        raise refuse("invalid_id", "id", "An event needs an id: a UUID.")
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise refuse("unknown_type", "type", "This type of event is not known.")
    code, details = _read_data(kind, raw.get("data"), allow_test_numbers)
    return Incoming(
        event_id=_event_id(sent_id, scope),
        sent_id=sent_id,
        type=kind,
        ts=_read_ts(raw.get("ts")),
        page=cleaning.clean_path(raw.get("page") or ""),
        step=_read_step(raw.get("step")),
        field_name=_read_field(raw.get("field")),
        code=code,
        details=details,
    )


def _event_id(sent_id: str, scope: UUID) -> UUID:
    try:
        return UUID(sent_id)
    except ValueError:
        return uuid5(scope, sent_id)


def _read_ts(value: Any) -> datetime:
    """ISO 8601 (without a zone: UTC) or milliseconds since 1970. It is noted only; the clock that counts is ours."""
    parse: Callable[[Any], datetime] = datetime.fromisoformat if isinstance(value, str) else _from_milliseconds
    try:
        parsed = parse(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise refuse("invalid_ts", "ts", "`ts` should be an ISO 8601 time or milliseconds since 1970.") from error


def _from_milliseconds(value: Any) -> datetime:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError
    return datetime.fromtimestamp(value / 1000, tz=UTC)


def _read_step(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LAST_STEP:
        raise refuse("invalid_step", "step", f"`step` should be a whole number from 1 to {LAST_STEP}.")
    return value


def _read_field(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or value not in FIELD_NAMES:
        raise refuse("unknown_field_name", "field", "`field` should be the name of one of the form's fields.")
    return value


def _read_data(kind: str, value: Any, allow_test_numbers: bool) -> tuple[str, Details]:
    """Only a save carries values; an error carries its code; other events carry nothing."""
    if kind == "save_progress":
        return "", read_details(value or {}, allow_test_numbers=allow_test_numbers)
    if value in (None, {}):
        return "", Details()
    code = value.get("code") if isinstance(value, dict) and value.keys() == {"code"} else None
    if kind != "step_error" or not isinstance(code, str) or not _CODE.fullmatch(code):
        raise refuse("unexpected_data", "data", "This event does not carry such data.")
    return code, Details()
