"""The work behind a press on the consent card, and the sweeps that find it again when a nudge was lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError, Conflict
from carloans.core.outbox import PENDING
from credit import agent, notices, selectors, services
from visitors import selectors as visitors

logger = logging.getLogger(__name__)


@shared_task
def run_check(*, check_id: str, **kwargs: Any) -> None:
    """Have one check done: through the clerk the first time, by the service alone when that failed or on a retry."""
    now = utc_now()
    check = selectors.outcome_for(UUID(check_id))
    if check is None or check.decided:
        return
    phrase = _ask_clerk(check) if check.state == PENDING and check.attempts == 0 else ""
    try:
        services.start_pull(check_id=check.check_id, now=now)
    except Conflict:
        return
    except CarLoansError as error:
        logger.info("A credit check waits for another try (%s).", error.code)
        return
    if phrase:
        services.choose_phrase(check_id=check.check_id, phrase=phrase)


def _ask_clerk(check: selectors.CheckOutcome) -> str:
    now = utc_now()
    locale = visitors.visitor_contact(visitor_id=check.visitor_id).locale
    try:
        return agent.run_clerk(check=check, locale=locale, now=now).phrase
    except CarLoansError as error:
        note_error(exc=error, where="credit.agent", now=now)
        return ""


@shared_task
def sweep_checks(**kwargs: Any) -> int:
    """Checks that are due and that nobody does."""
    due = selectors.due_checks(now=utc_now())
    for check_id in due:
        run_check.delay(check_id=str(check_id))
    return len(due)


@shared_task
def sweep_unknown(**kwargs: Any) -> int:
    """Checks that we gave up although the provider may have acted: ask it, and tell the customer if it did."""
    return sum(
        services.reconcile(check_id=check_id, now=utc_now()) for check_id in selectors.unknown_checks(now=utc_now())
    )


@shared_task
def sweep_duties(**kwargs: Any) -> int:
    """Notices that are still owed on day 20, 25 and 28."""
    now = utc_now()
    return sum(notices.escalate_duty(duty_id=duty_id, now=now) for duty_id in selectors.duties_to_escalate(now=now))


SCHEDULE = {
    "credit-checks": {"task": "credit.tasks.sweep_checks", "schedule": timedelta(seconds=settings.SWEEP_SECONDS)},
    "credit-unknown": {"task": "credit.tasks.sweep_unknown", "schedule": timedelta(minutes=5)},
    "credit-duties": {"task": "credit.tasks.sweep_duties", "schedule": timedelta(hours=1)},
}
