"""This room's part of an invented world: journeys, waiting mails and the suppression list."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import UUIDField

from campaigns import people, seeds, services
from campaigns.models import Campaign, Enrollment, Message, Suppression
from campaigns.services.enrolment import next_step
from campaigns.texts import fallback_copy
from carloans.core import outbox
from carloans.core.composed import Given, Tuples
from cathy.evaluation.suites import State
from cathy.evaluation.world import in_order, rows
from visitors.evaluation.people import Made, Start

Journey = Literal["none", "running", "mail waiting"]


class JourneyStart(Start):
    """The visitor's start with what this room knows of them."""

    journey: Journey = "none"
    suppressed: bool = False


def prepare(made: Made, start: JourneyStart, *, now: datetime) -> None:
    """Bring the visitor onto their journey, and onto the suppression list."""
    if start.journey != "none" and made.application_id:
        seeds.seed(now)
        services.enrol(application_id=made.application_id, now=now)
    if start.journey == "mail waiting" and made.application_id:
        write_by_hand(application_id=made.application_id, now=now, source="template")
    if start.suppressed:
        index = people.email_index_of(visitor_id=made.visitor_id)
        Suppression.objects.create(email_index=index, reason="unsubscribed", source="link", at=now)


def write_by_hand(*, application_id: UUID, now: datetime, source: str) -> None:
    """Store the next mail of a journey with hand-written words, as if `source` had written them."""
    enrollment = Enrollment.objects.get(application_id=application_id)
    reader, step = people.reader_of(application_id=application_id, now=now), next_step(enrollment)
    if reader is None or step is None:
        return
    copy = fallback_copy(locale=reader.locale, number=step.order, vehicle=reader.vehicle)
    services.save_draft(enrollment=enrollment, step=step, reader=reader, copy=copy, source=source, now=now)


def enter(made: Made, application_id: UUID, *, state: str, reason: str, now: datetime) -> None:
    """Write the journey's row as it should have come out, without asking whether it may."""
    seeds.seed(now)
    campaign = Campaign.objects.get(slug=seeds.DEFAULT_CAMPAIGN)
    known = Enrollment.objects.filter(application_id=application_id).first()
    row = known or Enrollment(
        application_id=application_id, visitor_id=made.visitor_id, campaign=campaign, abandoned_at=now,
        created_at=now, next_step_at=now if state == "active" else None,
    )  # fmt: skip
    row.state, row.stop_reason = state, reason
    row.save()


def cancel_waiting(made: Made, *, reason: str) -> None:
    """Cancel what waits in the outbox, as it should have come out."""
    waiting = Message.objects.filter(pk__in=[row.pk for row in _waiting(made)])
    waiting.update(state=outbox.CANCELLED, last_error_code=reason)


def state_of(made: Made) -> tuple[State, list[str]]:
    """What this room's rows say of the visitor, and the audit trail's subjects."""
    index = people.email_index_of(visitor_id=made.visitor_id)
    messages = _MESSAGES(visitor=made.visitor_id)
    state: State = {
        "journeys": in_order(_JOURNEYS(visitor=made.visitor_id)),
        "mails": in_order(columns for _, *columns in messages),
        "suppressed": rows(Suppression.objects.filter(email_index=index), "reason", "source") if index else [],
    }
    subjects = [f"message:{one}" for one, *_ in messages]
    return state, [*subjects, *([f"address:{index[:16]}"] if index else [])]


#: The rows of one visitor: looked at after each trial, and so composed once.
_OF = Given("visitor", UUIDField())
_JOURNEYS = Tuples(lambda: Enrollment.objects.filter(visitor=_OF).values_list("state", "stop_reason"))
_MESSAGES = Tuples(
    lambda: Message.objects.filter(enrollment__visitor=_OF).values_list(
        "pk", "kind", "step__order", "state", "source", "locale", "last_error_code"
    )
)


def may_still_be_written_to(made: Made) -> bool:
    """Whether a mail to the visitor waits, or a journey goes on."""
    waiting = Message.objects.filter(
        enrollment__visitor=made.visitor_id, state__in=[outbox.PENDING, outbox.CLAIMED], kind="step"
    )
    return waiting.exists() or Enrollment.objects.filter(visitor=made.visitor_id, state="active").exists()


def send_waiting(made: Made, *, now: datetime) -> None:
    """Let the waiting mail leave."""
    for row in _waiting(made):
        services.deliver(message=row, now=now)


def hold_waiting(made: Made, *, reason: str) -> None:
    """Write why the waiting mail waits."""
    Message.objects.filter(pk__in=[row.pk for row in _waiting(made)]).update(last_error_code=reason)


def _waiting(made: Made) -> list[Message]:
    rows_ = Message.objects.select_related("enrollment").filter(enrollment__visitor=made.visitor_id)
    return list(rows_.filter(state=outbox.PENDING))
