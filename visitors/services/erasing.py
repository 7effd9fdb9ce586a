"""Forgetting somebody because they pressed the button on their own page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from carloans.core import audit, feed, rights
from carloans.core.rights import Report


def erase_on_page(*, visitor_id: UUID, now: datetime) -> Report:
    """Erase the person in every room and say what went and what stays. Safe to repeat."""
    subject = f"visitor:{visitor_id}"
    person = rights.find_visitor(visitor_id=visitor_id, now=now)
    report = rights.erase(person, actor=subject, reason="asked for on the privacy page", now=now)
    facts = {"complete": report.complete, "tables": len(report.erased)}
    audit.record(action="privacy.erased", actor=subject, subject=subject, now=now, facts=facts)
    feed.publish(
        kind="privacy.erased", room="visitors", summary="A customer deleted their data", now=now, visitor=visitor_id,
        data=facts,
    )  # fmt: skip
    return report
