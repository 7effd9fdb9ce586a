"""Customers' sites."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from visitors.models import Site


def ensure_site(
    *,
    key: str,
    name: str,
    company_name: str,
    origins: Sequence[str],
    is_demo: bool = False,
    abandon_after_seconds: int | None = None,
) -> int:
    """Make a site, or bring its names and origins up to date. Its signing secret is made once. Returns the id."""
    facts: dict[str, object] = {
        "name": name,
        "company_name": company_name,
        "origins": list(origins),
        "is_demo": is_demo,
    }
    if abandon_after_seconds is not None:
        facts["abandon_after_seconds"] = abandon_after_seconds
    site, _ = Site.objects.update_or_create(
        key=key, defaults=facts, create_defaults={**facts, "api_secret": secrets.token_urlsafe(32)}
    )
    return site.pk
