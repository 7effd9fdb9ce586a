"""Work of the chat outside the web process: what a dead process left, results to show, conversations to close."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from carloans.core.clock import utc_now
from carloans.core.errorlog import note_error
from carloans.core.errors import CarLoansError
from chat import briefing, selectors, services, turns


@shared_task
def resume_turn(*, conversation_id: str, **kwargs: Any) -> int:
    """Answer what waits in one conversation; its sockets learn of the reply through the tail."""
    return asyncio.run(turns.answer_all(UUID(conversation_id), turns.Silence()))


@shared_task
def present_result(*, check_id: str, **kwargs: Any) -> bool:
    """Show the outcome of a credit check to the customer who waits for it."""
    return services.present_result(check_id=UUID(check_id), now=utc_now())


@shared_task
def sweep_turns(**kwargs: Any) -> int:
    """Questions that nobody answers: begun by a process that died, or never begun. Too many tries bring a person in."""
    now = utc_now()
    for conversation_id in selectors.exhausted_turns(now=now):
        services.fail_exhausted(conversation_id=conversation_id, now=now)
    stuck = selectors.stuck_turns(now=now)
    for conversation_id in stuck:
        resume_turn.delay(conversation_id=str(conversation_id))
    return len(stuck)


@shared_task
def sweep_results(**kwargs: Any) -> int:
    """Outcomes whose news was lost on the way."""
    now = utc_now()
    return sum(services.present_result(check_id=check_id, now=now) for check_id in selectors.unshown_checks())


@shared_task
def close_idle(**kwargs: Any) -> int:
    """Close what has been silent for days."""
    now = utc_now()
    idle = selectors.idle_conversations(now=now)
    return sum(services.close_idle(conversation_id=conversation_id, now=now) for conversation_id in idle)


@shared_task
def forget_visitor(*, visitor_id: str, **kwargs: Any) -> int:
    """Erase what an erased visitor wrote."""
    return services.forget_visitor(visitor_id=UUID(visitor_id), now=utc_now())


@shared_task
def sweep_erased(**kwargs: Any) -> int:
    """Erased visitors whose conversations still hold their words."""
    now = utc_now()
    return sum(services.forget_visitor(visitor_id=one, now=now) for one in selectors.erased_with_words())


@shared_task
def write_brief(*, conversation_id: str, **kwargs: Any) -> bool:
    """Have a real model sum the conversation up for whoever takes over. The rule's summary is there already and stays
    when that fails, so nothing looks for a lost one."""
    return settings.BRIEF_BY_MODEL and brief(conversation_id=UUID(conversation_id))


def brief(*, conversation_id: UUID) -> bool:
    """Have the configured model sum a waiting conversation up; False if nobody waits or its words do not hold."""
    call = services.open_call(conversation_id=conversation_id)
    if call is None:
        return False
    try:
        summary = briefing.write(call)
    except CarLoansError as error:
        note_error(exc=error, where="chat.brief", now=utc_now())
        return False
    return services.keep_summary(call_id=call.id, summary=summary, now=utc_now())


@shared_task
def sweep_staffing(**kwargs: Any) -> int:
    """Customers who wait too long, conversations whose holder has gone, onlookers who have closed their page."""
    now = utc_now()
    since = now - timedelta(seconds=settings.STAFF_AWAY_SECONDS)
    left = [
        services.release_absent(conversation_id=one, since=since, now=now)
        for one in selectors.held_by_absent(since=since)
    ]
    overdue = selectors.waiting_since(now - timedelta(seconds=settings.WAITING_ALARM_SECONDS))
    alarmed = [services.alarm(conversation_id=one, now=now) for one in overdue]
    services.forget_views(now=now)
    return sum(left) + sum(alarmed)


SCHEDULE = {
    "chat-turns": {"task": "chat.tasks.sweep_turns", "schedule": timedelta(seconds=min(settings.SWEEP_SECONDS, 3))},
    "chat-results": {"task": "chat.tasks.sweep_results", "schedule": timedelta(seconds=settings.SWEEP_SECONDS)},
    "chat-erased": {"task": "chat.tasks.sweep_erased", "schedule": timedelta(minutes=10)},
    "chat-staffing": {"task": "chat.tasks.sweep_staffing", "schedule": max(10.0, settings.SWEEP_SECONDS)},
    "chat-idle": {"task": "chat.tasks.close_idle", "schedule": timedelta(hours=1)},
}
