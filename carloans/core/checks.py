"""System checks: settings that belong together, and what production must not run without."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from carloans.core import rotation
from carloans.core.encryption import UnreadableValue


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


@register()
def model_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An address without a key would leave the simulated model on; one with the call's own path would never answer."""
    found: list[CheckMessage] = []
    if settings.OPENAI_BASE_URL and not settings.OPENAI_API_KEY:
        hint = "A server that asks for no key takes any word: OPENAI_API_KEY=none."
        found.append(Error("OPENAI_BASE_URL is set without OPENAI_API_KEY.", hint=hint, id="carloans.E005"))
    if settings.OPENAI_API_KEY and not settings.OPENAI_MODEL:
        found.append(Error("OPENAI_API_KEY is set without OPENAI_MODEL.", id="carloans.E006"))
    if settings.OPENAI_BASE_URL.endswith(("/responses", "/completions")):
        hint = "Leave out what comes behind the version: it mostly ends with /v1."
        found.append(Error("OPENAI_BASE_URL names a call and not the server.", hint=hint, id="carloans.E007"))
    return found


@register(Tags.database)
def encryption_keys(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The configured keys can read what is stored; asked by `migrate` and by `check --database default`."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        rotation.readable()
    except DatabaseError:
        return []  # Not migrated yet, or not reachable, which others report.
    except UnreadableValue as error:
        return [Error(str(error), id="carloans.E004")]
    return []


@register(deploy=True)
def production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Production should run on PostgreSQL and Redis."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not getattr(settings, name)]
    return [Advice(f"Production without {name} runs in one place only.", id="carloans.W001") for name in missing]
