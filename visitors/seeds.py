"""The demo site: what `make run` serves at its front page."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from visitors import services


def seed(now: datetime) -> None:
    """Make or refresh the demo site; its pages are this installation's own addresses. Safe to repeat."""
    local = [f"http://{host}:{settings.PORT}" for host in ("127.0.0.1", "localhost")]
    services.ensure_site(
        key="demo",
        name="Car Loans demo",
        company_name=settings.COMPANY_NAME,
        origins=list(dict.fromkeys([settings.PUBLIC_URL, *local])),
        is_demo=True,
        abandon_after_seconds=settings.ABANDON_AFTER_SECONDS,
    )
