"""Rows of every room, made through the rooms' own factories and services, for pages that must show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from campaigns.tests import factories as mails
from carloans.core import audit, errorlog, feed
from carloans.core.errors import ExternalApiError
from cathy import services as cathy
from chat.tests import factories as chats
from leads import services as leads
from leads.tests.factories import BuyerFactory, make_lead
from visitors.tests.factories import KnownVisitorFactory, make_abandoned

#: Contact data of the people below. None of it may stand on a page that nobody revealed.
SECRETS = ("@gmail.com", "5551234567", "555-123-4567", "Archer", "Acme Foods")


@dataclass(frozen=True)
class Story:
    """One person's way through the house: the ids by which pages are opened."""

    lead: UUID
    mail: UUID
    conversation: UUID
    run: UUID
    visitor: UUID


def run_of(
    agent: str = "RealtimeChat",
    *,
    now: datetime,
    outcome: str = "ok",
    total_ms: float = 200.0,
    conversation: UUID | None = None,
    application: UUID | None = None,
) -> UUID:
    """A finished run with one tool call and one verdict."""
    run_id = uuid4()
    cathy.start_run(
        run_id=run_id,
        agent=agent,
        trigger="message",
        model="simulated",
        mode="simulated",
        prompt_version="v1",
        conversation_id=conversation,
        visitor_id=None,
        application_id=application,
        now=now,
    )
    cathy.finish_run(
        run_id=run_id,
        outcome=outcome,
        model="simulated",
        now=now,
        total_ms=total_ms,
        first_text_ms=20.0,
        error_category="",
        error_code="",
        requests=1,
        tokens_in=10,
        tokens_out=5,
        timeline=[],
        tools=[cathy.ToolEntry("offer_credit_check", {}, True, 1.0, "")],
        verdicts=[cathy.VerdictEntry("sentence", "guaranteed_approval", "replaced")],
    )
    return run_id


def story(now: datetime) -> Story:
    """A lead with a queued submission, a written mail, a conversation, a run, an error and a line in the feed."""
    BuyerFactory()
    lead = make_lead(visitor=KnownVisitorFactory())
    leads.request_submission(lead_id=lead.pk, now=now)
    make_abandoned()
    conversation = chats.open_conversation(now=now).conversation_id
    chats.say(conversation, "Hello, my number is 555-123-4567.", now=now)
    run = run_of(now=now, conversation=conversation, application=lead.application_id)
    errorlog.note_error(exc=ExternalApiError(provider="mailgun"), where="campaigns.deliver", now=now)
    feed.publish(kind="test", room="leads", summary="Something happened", now=now, lead=lead.pk)
    audit.record(action="lead.seen", actor="system", subject=f"lead:{lead.pk}", now=now, facts={})
    return Story(lead.pk, mails.message(now=now).pk, conversation, run, lead.visitor_id)
