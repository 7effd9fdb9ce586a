"""From a prequalified check to a dealer's receipt, and the sweeps that find each step again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from celery import shared_task
from django.conf import settings

from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError
from leads import agent, selectors, services, submitting
from visitors import selectors as visitors


@shared_task
def package_check(*, check_id: str, **kwargs: Any) -> None:
    """Make the lead of a prequalified check and bring it on its way; nothing for any other outcome."""
    lead = services.package_lead(check_id=UUID(check_id), now=utc_now())
    if lead is not None and lead.status == "packaged":
        finish_lead(lead_id=str(lead.pk))


@shared_task
def finish_lead(*, lead_id: str, **kwargs: Any) -> None:
    """Have the packager sum a lead up, then queue it: also when the packager failed or forgot to ask."""
    key = UUID(lead_id)
    _summarise(key)
    now = utc_now()
    services.request_submission(lead_id=key, now=now)
    services.release(lead_id=key, now=now)


def _summarise(lead_id: UUID) -> None:
    """Ask the packager; with the model switched off or failing, the lead keeps the rule's summary."""
    lead = services.packaged(lead_id=lead_id)
    if lead is None:
        return
    now, run_id, state = utc_now(), uuid4(), visitors.visitor_contact(visitor_id=lead.visitor_id).state
    if not switches.is_on("ai", state=state or None):
        return
    try:
        words = agent.run_packager(lead=lead, now=now, state=state, run_id=run_id)
    except CarLoansError as error:
        note_error(exc=error, where="leads.agent", now=now)
        return
    services.enrich(
        lead_id=lead_id,
        summary=words.summary,
        highlights=words.highlights,
        priority=words.priority,
        now=now,
        run_id=run_id,
    )


@shared_task
def deliver(*, submission_id: str, **kwargs: Any) -> None:
    """Hand one queued lead to its buyer."""
    submitting.deliver(submission_id=UUID(submission_id), now=utc_now())


@shared_task
def review_visitor(*, visitor_id: str, **kwargs: Any) -> None:
    """Something about a visitor changed: see whether a waiting lead of theirs may go now."""
    for lead_id in selectors.held_of(visitor_id=UUID(visitor_id)):
        services.request_submission(lead_id=lead_id, now=utc_now())


@shared_task
def stop_visitor(*, visitor_id: str, **kwargs: Any) -> None:
    """A visitor took something back: what is queued and may not go any more is cancelled."""
    services.stop_unsent(visitor_id=UUID(visitor_id), now=utc_now())


@shared_task
def forget_visitor(*, visitor_id: str, **kwargs: Any) -> None:
    """A visitor was erased: so is what their leads hold of them."""
    services.forget_visitor(visitor_id=UUID(visitor_id), now=utc_now())


@shared_task
def sweep_unpackaged(*, minutes: int = 10, **kwargs: Any) -> int:
    """Prequalified checks of the last minutes without a lead: the news of them got lost."""
    now = utc_now()
    found = selectors.checks_without_lead(now=now, since=now - timedelta(minutes=minutes))
    for check_id in found:
        package_check.delay(check_id=str(check_id))
    return len(found)


@shared_task
def sweep_packaged(**kwargs: Any) -> int:
    """Leads that were made and not queued: their task died in between."""
    found = selectors.stranded(now=utc_now())
    for lead_id in found:
        finish_lead.delay(lead_id=str(lead_id))
    return len(found)


@shared_task
def sweep_held(**kwargs: Any) -> int:
    """Leads that wait: the consent, buyer or switch that they lacked may be there meanwhile."""
    now = utc_now()
    decisions = [services.request_submission(lead_id=lead_id, now=now) for lead_id in selectors.held(now=now)]
    return sum(decision.allowed for decision in decisions)


@shared_task
def sweep_submissions(**kwargs: Any) -> int:
    """Submissions that are due and that nobody does."""
    found = selectors.due_submissions(now=utc_now())
    for submission_id in found:
        deliver.delay(submission_id=str(submission_id))
    return len(found)


_OFTEN = timedelta(seconds=settings.SWEEP_SECONDS)
SCHEDULE = {
    "leads-unpackaged": {"task": "leads.tasks.sweep_unpackaged", "schedule": _OFTEN},
    "leads-unpackaged-deep": {
        "task": "leads.tasks.sweep_unpackaged",
        "schedule": timedelta(minutes=10),
        "kwargs": {"minutes": 2 * 24 * 60},
    },
    "leads-packaged": {"task": "leads.tasks.sweep_packaged", "schedule": _OFTEN},
    "leads-held": {"task": "leads.tasks.sweep_held", "schedule": _OFTEN},
    "leads-submissions": {"task": "leads.tasks.sweep_submissions", "schedule": _OFTEN},
}
