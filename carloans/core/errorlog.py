"""Faults and refusals as rows: the error rate on the screen is counted from these."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from carloans.core.errors import CarLoansError, Category, categorise
from carloans.core.models import ErrorRecord


def note_error(*, exc: BaseException, where: str, now: datetime) -> None:
    """Record an error by category and code; the exception's text, which may hold anything, is not kept."""
    code = exc.code if isinstance(exc, CarLoansError) else type(exc).__name__
    provider = str(getattr(exc, "provider", "") or getattr(exc, "extra", {}).get("provider", ""))
    ErrorRecord.objects.create(
        category=str(categorise(exc)), code=code[:60], where=where[:80], provider=provider[:40], at=now
    )


def error_counts(*, since: datetime) -> dict[str, int]:
    """How many errors of each category since a time; every category is present."""
    rows = ErrorRecord.objects.filter(at__gte=since).values("category").annotate(n=Count("pk"))
    return dict.fromkeys(map(str, Category), 0) | {row["category"]: row["n"] for row in rows}
