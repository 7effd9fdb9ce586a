"""The audit trail: to search it, and to see how far it is sealed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carloans.core import audit
from carloans.core.models import AuditEntry
from dashboard import colleagues, timeline
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE

_FIELDS = ("action", "actor", "subject", "since", "until")


@needs("view_audit")
@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """Entries that match, newest first, with the seal that each is under."""
    asked = {name: request.GET.get(name, "").strip().replace("\x00", "")[:80] for name in _FIELDS}
    wanted = audit.Wanted(
        action=asked["action"],
        actor=colleagues.actor_meant(asked["actor"]),
        subject=asked["subject"],
        since=_day(asked["since"]),
        until=_day(asked["until"], after=1),
        before=_mark(request.GET.get("before", "")),
    )
    found = audit.search(wanted, limit=PAGE + 1)
    marks = [mark for entry in found for mark in (entry.actor, entry.subject)]
    context = {
        "tab": "audit",
        "asked": asked,
        "rows": timeline.with_links(found[:PAGE]),
        "names": colleagues.names_of(marks),
        "older": _older(asked, found),
        "is_first": wanted.before is None,
        "actions": audit.known_actions(),
        "chain": audit.state(),
    }
    return render(request, "dashboard/audit.html", context)


def _day(text: str, *, after: int = 0) -> datetime | None:
    """The beginning of a day in UTC (or of one so many days later); None for what is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _mark(text: str) -> tuple[datetime, int] | None:
    """The (time, id) of the last entry of the page before, as `_older` writes it."""
    at, _, number = text.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    usable = moment.tzinfo is not None and number.isascii() and number.isdecimal() and len(number) < 19
    return (moment, int(number)) if usable else None


def _older(asked: dict[str, str], found: list[AuditEntry]) -> str:
    """The query of the next page; empty on the last."""
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    kept = {name: value for name, value in asked.items() if value}
    return urlencode({**kept, "before": f"{last.at.isoformat()}|{last.pk}"})
