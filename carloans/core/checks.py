"""System checks: settings that belong together, and what production must not run without."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Advice


@register()
def mail_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Live mail needs a signing key for its webhooks and a postal address for its footer (16 CFR 316.5)."""
    found: list[CheckMessage] = []
    if settings.MAIL_MODE == "live" and not settings.MAILGUN_WEBHOOK_SIGNING_KEY:
        found.append(Error("MAILGUN_API_KEY is set without MAILGUN_WEBHOOK_SIGNING_KEY.", id="carloans.E001"))
    if settings.MAIL_MODE == "live" and not settings.COMPANY_POSTAL_ADDRESS:
        found.append(Error("Commercial mail needs COMPANY_POSTAL_ADDRESS.", id="carloans.E002"))
    return found


@register()
def credit_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.FLEXPATH_MODE == "live" and not (settings.FLEXPATH_API_KEY and settings.FLEXPATH_DEALER_KEY):
        return [Error("FLEXPATH_MODE=live needs FLEXPATH_API_KEY and FLEXPATH_DEALER_KEY.", id="carloans.E003")]
    return []


@register(deploy=True)
def production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Production should run on PostgreSQL and Redis."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not getattr(settings, name)]
    return [Advice(f"Production without {name} runs in one place only.", id="carloans.W001") for name in missing]
