"""This room's two public calls in the OpenAPI document; they are plain views, so they describe themselves."""

from __future__ import annotations

from typing import Any

from visitors.details import BOOLEANS, INTEGERS, KEYS
from visitors.incoming import MOST_EVENTS, TYPES
from visitors.services.imports import DETAIL_KEYS
from visitors.steps import LAST_STEP

PROBLEM = {"description": "A problem document (RFC 9457) with `code` and `category`."}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


def _value(key: str) -> dict[str, Any]:
    return {"type": "integer" if key in INTEGERS else "boolean" if key in BOOLEANS else "string"}


def _values(keys: frozenset[str]) -> dict[str, Any]:
    return {key: _value(key) for key in sorted(keys)}


_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_TIME = {"type": "string", "format": "date-time"}
_STEP = {"type": "integer", "minimum": 1, "maximum": LAST_STEP}
_EVENT = _object(
    {
        "id": {**_TEXT, "description": "A UUID; repeated, it counts once."},
        "type": {"type": "string", "enum": sorted(TYPES)},
        "ts": {"oneOf": [_TIME, {"type": "number", "description": "Milliseconds since 1970."}]},
        "page": _TEXT,
        "step": _STEP,
        "field": _TEXT,
        "data": {"type": "object", "description": "Values with save_progress; {code} with step_error."},
    },
    "id",
    "type",
    "ts",
)
_BATCH = _object(
    {
        "site": _TEXT,
        "visitor": _UUID,
        "events": {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": _EVENT},
    },
    "site",
    "events",
)
_TAKEN = _object(
    {
        "visitor": {**_UUID, "nullable": True},
        "accepted": {"type": "integer"},
        "duplicates": {"type": "integer"},
        "dropped": {"type": "array", "items": _object({"id": {**_TEXT, "nullable": True}, "reason": _TEXT})},
    }
)
_CONSENT = _object(
    {"text_version": _TEXT, "text_sha256": _TEXT, "given_at": _TIME}, "text_version", "text_sha256", "given_at"
)
_APPLICATION = _object(
    {
        "site": _TEXT,
        "external_id": _TEXT,
        "step": _STEP,
        "last_event_at": _TIME,
        "marketing_consent": _CONSENT,
        **_values(DETAIL_KEYS),
    },
    "site",
    "external_id",
)
_STORED = _object({"application": _UUID, "outcome": {"type": "string", "enum": ["created", "updated", "unchanged"]}})


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


PATHS: dict[str, Any] = {
    "/api/v1/events": {
        "post": {
            "operationId": "events_create",
            "tags": ["visitors"],
            "summary": "What the tracker saw: names of steps and fields; values only with save_progress.",
            "requestBody": {"required": True, **_json(_BATCH)},
            "responses": {
                "202": {"description": "Taken; left-out events are named with a reason.", **_json(_TAKEN)},
                **dict.fromkeys(("400", "403", "413", "415", "422"), PROBLEM),
            },
            "x-save-progress-values": _object(_values(KEYS)),
        }
    },
    "/api/v1/applications": {
        "post": {
            "operationId": "applications_create",
            "tags": ["visitors"],
            "summary": "An abandoned application from the lender's own platform, idempotent by external_id.",
            "parameters": [{"name": "X-Signature", "in": "header", "required": True, "schema": _TEXT}],
            "requestBody": {"required": True, **_json(_APPLICATION)},
            "responses": {
                "201": {"description": "A new application.", **_json(_STORED)},
                "200": {"description": "Known already.", **_json(_STORED)},
                **dict.fromkeys(("400", "401", "403", "413", "422"), PROBLEM),
            },
        }
    },
}


def add_paths(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A post-processing hook of drf-spectacular."""
    result.setdefault("paths", {}).update(PATHS)
    return result
