"""Revealing contact data to staff: with a reason, for a short time, and with a line in the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from carloans.core import audit
from carloans.core.clock import utc_now
from leads import selectors as leads
from visitors import selectors as visitors

#: Seconds for which a reveal holds in the session of the person who asked.
HOLDS = 15 * 60
LEAST_REASON = 4


def reveal(request: HttpRequest, kind: str, subject: UUID, *, reason: str, now: datetime) -> str:
    """Record the reveal and open it for this session. Returns an error for people, or nothing."""
    reason = " ".join(reason.split())[:200]
    if len(reason) < LEAST_REASON:
        return _("Please say in a few words why you need to see this.")
    # The reason is a person's free text: its length proves that one was given, its words stay out of the trail.
    audit.record(
        action="pii.revealed",
        actor=f"staff:{request.user.pk}",
        subject=f"{kind}:{subject}",
        now=now,
        facts={"reason": _reason_code(reason)},
    )
    opened = request.session.get("revealed", {})
    request.session["revealed"] = {**opened, f"{kind}:{subject}": int(now.timestamp())}
    return ""


REASONS = ("demo", "customer asked", "delivery problem", "complaint", "dealer question")


def _reason_code(reason: str) -> str:
    """One of the offered reasons, or "other"."""
    return reason.lower() if reason.lower() in REASONS else "other"


def is_revealed(request: HttpRequest, kind: str, subject: UUID) -> bool:
    """Whether this session may still see it."""
    at = request.session.get("revealed", {}).get(f"{kind}:{subject}", 0)
    return bool(utc_now().timestamp() - at < HOLDS)


def revealed_contact(request: HttpRequest, visitor_id: UUID) -> Any:
    """The visitor's contact when one of their leads was revealed in this session, else None."""
    shown = [row["id"] for row in leads.table(search=str(visitor_id), limit=5)]
    if any(is_revealed(request, "lead", lead_id) for lead_id in shown):
        return visitors.visitor_contact(visitor_id=visitor_id)
    return None
