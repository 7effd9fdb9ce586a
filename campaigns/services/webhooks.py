"""The provider's delivery webhooks: who may speak, what was said, and saying it twice changes nothing.

The signature covers the timestamp and the token only, not the event. So a token is good for one event: the same
event again is a retry whose answer got lost, another event under a used token is a forgery.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from campaigns import mail
from campaigns.models import Message, WebhookToken
from campaigns.services.events import TYPES, record_event
from carloans.core.errors import Bug, NotAllowed

#: Seconds that a signature is good for, in both directions of clock error.
MAX_AGE_SECONDS = 300
MAX_BODY = 256 * 1024


class WebhookRefused(NotAllowed):
    """Never send this again: the view answers 406."""

    code = "webhook_refused"
    message = "This call is not acceptable and should not be repeated."


class SigningKeyMissing(Bug):
    """Our own configuration lacks the key: the call must be repeated later (5xx)."""

    code = "webhook_key_missing"


@dataclass(frozen=True, slots=True)
class Call:
    """One webhook call, as far as we use it."""

    timestamp: str
    token: str
    signature: str
    event_id: str
    type: str
    severity: str
    message_id: UUID
    at: datetime


def receive_webhook(*, body: bytes, now: datetime) -> bool:
    """Check one call and record its event; True when it was news to us.

    Raises WebhookRefused for what can never become acceptable, SigningKeyMissing when we cannot tell.
    """
    call = _parsed(body)
    _verify(call, now)
    message = Message.objects.filter(pk=call.message_id).first()
    if message is None:
        raise WebhookRefused(code="unknown_message")
    with transaction.atomic():
        _use_token(call, now)
        if call.type not in TYPES:
            return False
        return record_event(
            message=message, event_id=call.event_id, kind=call.type, severity=call.severity, at=call.at, now=now
        )


def _parsed(body: bytes) -> Call:
    if len(body) > MAX_BODY:
        raise WebhookRefused(code="webhook_too_large")
    try:
        data = json.loads(body)
        return _call(data["signature"], data["event-data"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise WebhookRefused(code="webhook_unreadable") from error


def _call(signature: dict[str, Any], event: dict[str, Any]) -> Call:
    return Call(
        timestamp=str(signature["timestamp"]),
        token=str(signature["token"]),
        signature=str(signature["signature"]),
        event_id=str(event["id"])[:120],
        type=str(event["event"]),
        severity=str(event.get("severity", ""))[:12],
        message_id=_message_id(event),
        at=datetime.fromtimestamp(float(event["timestamp"]), tz=UTC),
    )


def _message_id(event: dict[str, Any]) -> UUID:
    """Our variable when it came back, else our Message-Id header."""
    variables = event.get("user-variables") or {}
    header = str(((event.get("message") or {}).get("headers") or {}).get("message-id", ""))
    return UUID(str(variables.get(mail.MESSAGE_VARIABLE) or header.strip("<>").partition("@")[0]))


def _verify(call: Call, now: datetime) -> None:
    key = mail.webhook_signing_key()
    if not key:
        raise SigningKeyMissing
    expected = hmac.new(key.encode(), f"{call.timestamp}{call.token}".encode(), sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), call.signature.encode()):
        raise WebhookRefused(code="bad_signature")
    if not call.timestamp.isdecimal() or abs(now.timestamp() - int(call.timestamp)) > MAX_AGE_SECONDS:
        raise WebhookRefused(code="stale_signature")


def _use_token(call: Call, now: datetime) -> None:
    token_hash = sha256(call.token.encode()).hexdigest()
    try:
        with transaction.atomic():
            WebhookToken.objects.create(token_hash=token_hash, event_id=call.event_id, seen_at=now)
    except IntegrityError:
        if not WebhookToken.objects.filter(token_hash=token_hash, event_id=call.event_id).exists():
            raise WebhookRefused(code="replayed_token") from None
