"""What every page may show: the company and which providers are simulated."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def provider_modes() -> dict[str, str]:
    """Each provider's mode, "simulated" or "live", for pages and probes."""
    return {
        "model": "live" if settings.OPENAI_API_KEY else "simulated",
        "credit": settings.FLEXPATH_MODE,
        "mail": settings.MAIL_MODE,
    }


def modes(request: HttpRequest) -> dict[str, Any]:
    """A template context processor."""
    return {"company_name": settings.COMPANY_NAME, "provider_modes": provider_modes()}
