"""The demo's dealer: simulated, and marked so wherever its name is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from leads.models import Buyer
from leads.sandbox import demo_secret

SLUG, NAME = "lakeside-motors", "Lakeside Motors"


def seed(now: datetime) -> None:
    """Make the demo buyer, or renew its address, key and certificate. Idempotent."""
    Buyer.objects.update_or_create(
        slug=SLUG,
        defaults={
            "name": NAME,
            "endpoint_url": f"{settings.SANDBOX_URL}/buyer/leads",
            "secret": demo_secret(SLUG),
            "active": True,
            "certified_until": now + timedelta(days=365),
            "simulated": True,
        },
    )
