"""The default journey: mails 1, 24 and 72 hours after the last sign of life."""

from __future__ import annotations

from datetime import datetime

from campaigns.models import Campaign, Step

DEFAULT_CAMPAIGN = "come-back"
#: (order, minutes after the abandonment, purpose). An application counts as abandoned an hour after the last event.
DEFAULT_STEPS = ((1, 0, "the way back"), (2, 23 * 60, "answers to questions"), (3, 71 * 60, "last note"))


def seed(now: datetime) -> None:
    """Create the default journey where it is missing; an operator's changes to it stay."""
    campaign, _ = Campaign.objects.get_or_create(slug=DEFAULT_CAMPAIGN, defaults={"name": "Come back"})
    for order, delay, purpose in DEFAULT_STEPS:
        Step.objects.get_or_create(
            campaign=campaign, order=order, defaults={"delay_minutes": delay, "purpose": purpose}
        )
