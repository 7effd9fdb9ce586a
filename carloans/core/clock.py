"""The one place that reads the clock; an edge calls it once and passes `now` down."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(tz=UTC)
