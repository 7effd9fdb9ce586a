"""All leads as CSV, JSON or JSON lines, in constant memory and with contact data in clear.

For those who may: the command for operators with a shell, the API for staff with `leads.export_lead`. Rows come in
pages by key, so that neither this process nor the database holds more than one page, on any database.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from leads.models import Lead, Submission

FORMATS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson"}
COLUMNS: Final = (
    "lead_id", "created_at", "status", "reason", "priority", "completeness", "missing",
    "first_name", "last_name", "email", "phone", "state",
    "vehicle_year", "vehicle_make", "vehicle_model", "step_reached", "loan_amount",
    "source", "summary", "consent_id", "buyer", "buyer_reference", "submitted_at", "accepted_at",
)  # fmt: skip
PAGE: Final = 500
#: A spreadsheet would run a cell that begins with one of these.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads; empty means all."""

    status: str = ""
    since: datetime | None = None

    def facts(self) -> dict[str, str]:
        """The filter as the audit trail keeps it."""
        return {"status": self.status, "since": self.since.isoformat() if self.since else ""}


def count(wanted: Wanted) -> int:
    """How many leads an export of this filter takes out."""
    return _wanted(wanted).count()


def rows(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Every wanted lead, oldest first."""
    after: tuple[datetime, UUID] | None = None
    while page := _page(wanted, after):
        last = _last_submissions(page)
        yield from (_record(lead, last.get(lead.pk, _NOT_SENT)) for lead in page)
        after = (page[-1].created_at, page[-1].pk)


def chunks(kind: str, wanted: Wanted) -> Iterator[str]:
    """The export as text, a page at a time. Raises KeyError for an unknown format."""
    return {"csv": _csv, "json": _json, "jsonl": _jsonl}[kind](wanted)


def _wanted(wanted: Wanted) -> QuerySet[Lead]:
    found = Lead.objects.all()
    if wanted.status:
        found = found.filter(status=wanted.status)
    return found.filter(created_at__gte=wanted.since) if wanted.since else found


def _page(wanted: Wanted, after: tuple[datetime, UUID] | None) -> list[Lead]:
    found = _wanted(wanted).order_by("created_at", "pk")
    if after:
        # The first condition says nothing new, but lets the index begin there instead of at the oldest lead.
        found = found.filter(created_at__gte=after[0])
        found = found.filter(Q(created_at__gt=after[0]) | Q(created_at=after[0], pk__gt=after[1]))
    return list(found[:PAGE])


_SENT: Final = ("buyer__slug", "buyer_ref", "sent_at", "accepted_at")
_NOT_SENT: Final[dict[str, Any]] = {"buyer__slug": "", "buyer_ref": "", "sent_at": None, "accepted_at": None}


def _last_submissions(page: list[Lead]) -> dict[UUID, dict[str, Any]]:
    """Plain values: rows that hold each other would live until the next full garbage collection."""
    found = Submission.objects.filter(lead__in=[lead.pk for lead in page]).order_by("created_at")
    return {values["lead_id"]: values for values in found.values("lead_id", *_SENT)}


def _record(lead: Lead, sent: dict[str, Any]) -> dict[str, Any]:
    package = lead.package or {}
    contact, vehicle = package.get("contact", {}), package.get("vehicle", {})
    application = package.get("application", {})
    cents = application.get("loan_amount_cents")
    return {
        "lead_id": str(lead.pk),
        "created_at": lead.created_at.isoformat(),
        "status": lead.status,
        "reason": lead.hold_reason,
        "priority": lead.priority,
        "completeness": lead.completeness,
        "missing": lead.missing,
        **{name: contact.get(name) or "" for name in ("first_name", "last_name", "email", "phone", "state")},
        **{f"vehicle_{part}": vehicle.get(part) or "" for part in ("year", "make", "model")},
        "step_reached": application.get("step_reached"),
        "loan_amount": f"{cents // 100}.{cents % 100:02d}" if cents else "",
        "source": lead.source,
        "summary": lead.summary,
        "consent_id": package.get("consent", {}).get("id", ""),
        "buyer": sent["buyer__slug"],
        "buyer_reference": sent["buyer_ref"],
        "submitted_at": sent["sent_at"].isoformat() if sent["sent_at"] else "",
        "accepted_at": sent["accepted_at"].isoformat() if sent["accepted_at"] else "",
    }


def cell(value: object) -> str:
    """A value as a CSV cell that no spreadsheet takes for a formula."""
    text = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(wanted: Wanted) -> Iterator[str]:
    """RFC 4180: CRLF, quotes doubled, a header line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, record in enumerate(rows(wanted), start=1):
        writer.writerow([cell(record[name]) for name in COLUMNS])
        if number % PAGE == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _jsonl(wanted: Wanted) -> Iterator[str]:
    for record in rows(wanted):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _json(wanted: Wanted) -> Iterator[str]:
    yield "["
    for number, record in enumerate(rows(wanted)):
        yield (",\n" if number else "\n") + json.dumps(record, ensure_ascii=False)
    yield "\n]\n"
