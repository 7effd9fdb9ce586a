"""The work behind a press on the consent card, and the sweeps that find it again when a nudge was lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError, Conflict
from carloans.core.outbox import PENDING
from credit import agent, assigning, duties, notice_mail, notices, selectors, services
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
    """The clerk's phrase; empty when the model is switched off or fails, and the service then works alone."""
    now, contact = utc_now(), visitors.visitor_contact(visitor_id=check.visitor_id)
    if not switches.is_on("ai", state=contact.state or None):
        return ""
    try:
        return agent.run_clerk(check=check, locale=contact.locale, now=now, state=contact.state).phrase
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
def note_application(*, application_id: str, **kwargs: Any) -> None:
    """Keep the notice clock of one application in step with it."""
    notices.note_application(application_id=UUID(application_id), now=utc_now())


@shared_task
def sweep_applications(*, hours: int = 2, **kwargs: Any) -> int:
    """Applications that arrived lately without their clock: imports, and those whose news got lost."""
    now = utc_now()
    found = duties.applications_to_note(since=now - timedelta(hours=hours))
    for application_id in found:
        notices.note_application(application_id=application_id, now=now)
    return len(found)


@shared_task
def sweep_duties(**kwargs: Any) -> int:
    """Notices that nobody owns get an owner; those still owed on day 20, 25 and 28, or overdue, raise an alarm."""
    now = utc_now()
    for duty in duties.duties_without_owner():
        assigning.assign_by_rule(duty=duty, now=now)
    return sum(notices.escalate_duty(duty_id=duty_id, now=now) for duty_id in duties.duties_to_escalate(now=now))


@shared_task
def send_notice(*, mail_id: str, **kwargs: Any) -> None:
    """Carry one notice mail to the provider."""
    notice_mail.deliver(mail_id=UUID(mail_id), now=utc_now())


@shared_task
def sweep_notice_mails(**kwargs: Any) -> int:
    """Notice mails that are due: new ones whose nudge was lost, retries, and those that a switch held."""
    now = utc_now()
    found = duties.due_mails(now=now)
    for mail_id in found:
        notice_mail.deliver(mail_id=mail_id, now=now)
    return len(found)


@shared_task
def sweep_notice_reports(*, days: int = 5, **kwargs: Any) -> int:
    """Notices that left and whose arrival is not known: one that came back is owed again, by letter."""
    now, news = utc_now(), 0
    for mail_id in duties.unreported_mails(since=now - timedelta(days=days)):
        try:
            news += notice_mail.reconcile(mail_id=mail_id, now=now)
        except CarLoansError as error:
            note_error(exc=error, where="credit.notice_reports", now=now)
    return news


SCHEDULE = {
    "credit-checks": {"task": "credit.tasks.sweep_checks", "schedule": timedelta(seconds=settings.SWEEP_SECONDS)},
    "credit-unknown": {"task": "credit.tasks.sweep_unknown", "schedule": timedelta(minutes=5)},
    "credit-applications": {"task": "credit.tasks.sweep_applications", "schedule": timedelta(minutes=5)},
    "credit-applications-deep": {
        "task": "credit.tasks.sweep_applications",
        "schedule": timedelta(hours=6),
        "kwargs": {"hours": 45 * 24},
    },
    "credit-duties": {"task": "credit.tasks.sweep_duties", "schedule": timedelta(hours=1)},
    "credit-notice-mails": {
        "task": "credit.tasks.sweep_notice_mails",
        "schedule": timedelta(seconds=settings.SWEEP_SECONDS),
    },
    "credit-notice-reports": {"task": "credit.tasks.sweep_notice_reports", "schedule": timedelta(minutes=10)},
}
