"""Revealing contact data to staff: with a reason, for a short time, and with a line in the audit trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloans.core import audit

#: Seconds for which a reveal holds in the session of the person who asked.
HOLDS = 15 * 60
#: Reasons are chosen and not typed: a person's own words could hold personal data, and the trail is for ever.
REASONS: dict[str, str | Promise] = {
    "demo": gettext_lazy("demonstration"),
    "customer asked": gettext_lazy("the customer asked"),
    "delivery problem": gettext_lazy("a delivery problem"),
    "dealer question": gettext_lazy("a dealer's question"),
    "complaint": gettext_lazy("a complaint"),
    "other": gettext_lazy("another reason"),
}


def reveal(request: HttpRequest, kind: str, subject: UUID, *, reason: str, now: datetime) -> str:
    """Record the reveal and open it for this session. Returns an error for people, or nothing."""
    if reason not in REASONS:
        return _("Please choose why you need to see this.")
    audit.record(
        action="pii.revealed",
        actor=f"staff:{request.user.pk}",
        subject=f"{kind}:{subject}",
        now=now,
        facts={"reason": reason},
    )
    request.session["revealed"] = {**_open(request, now), f"{kind}:{subject}": int(now.timestamp())}
    return ""


def _open(request: HttpRequest, now: datetime) -> dict[str, int]:
    """What this session may still see; what has run out is forgotten, so that the session stays small."""
    stored: dict[str, int] = request.session.get("revealed", {})
    return {key: at for key, at in stored.items() if now.timestamp() - at < HOLDS}


def is_revealed(request: HttpRequest, kind: str, subject: UUID, *, now: datetime) -> bool:
    """Whether this session may still see it."""
    return f"{kind}:{subject}" in _open(request, now)
