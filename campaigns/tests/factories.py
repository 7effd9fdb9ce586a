"""People who left a form, made through the visitors' room's own services, as they come to be in reality."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from campaigns import people, seeds, services
from campaigns.agent import compose
from campaigns.models import Enrollment, Message
from campaigns.people import Reader
from visitors import selectors
from visitors import services as visitors

#: A Tuesday in winter, 17:00 UTC: noon in New York, nine in Los Angeles. Years ahead, because tasks that follow a
#: commit read the real clock, and must not find themselves after the story.
NOON = datetime(2035, 11, 27, 17, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Gone:
    """Somebody who saved an application and was found to have left at `now`."""

    visitor_id: UUID
    application_id: UUID
    email: str
    now: datetime


def site(key: str = "shop", *, is_demo: bool = False) -> str:
    visitors.ensure_site(
        key=key, name=key, company_name="Acme Autos", origins=["https://acme.example"], is_demo=is_demo
    )
    return key


def saved(*, now: datetime = NOON, site_key: str | None = None, gpc: bool = False, **details: Any) -> UUID:
    """A visitor who pressed "Save my progress" at step 3 with these details; returns the visitor's id."""
    number = next(_numbers)
    data = {
        "email": f"jane{number}@gmail.com",
        "first_name": "Jane",
        "state": "NY",
        "marketing_email": True,
        "vehicle_year": 2021,
        "vehicle_make": "Honda",
        "vehicle_model": "Civic",
    } | details
    events = [
        {"id": str(uuid4()), "type": "step_view", "ts": now.isoformat(), "step": 3},
        {"id": str(uuid4()), "type": "save_progress", "ts": now.isoformat(), "step": 3, "data": data},
    ]
    found = visitors.ingest_events(
        site_key=site_key or site(),
        origin=None,
        visitor_id=None,
        events=events,
        arrival=visitors.Arrival(now=now, ip="203.0.113.9", user_agent="Mozilla/5.0 Firefox/140.0", gpc=gpc),
    )
    assert found.visitor_id is not None
    return found.visitor_id


def gone(*, now: datetime = NOON, **details: Any) -> Gone:
    """A visitor whose abandonment is found and judged at `now`."""
    visitor_id = saved(now=now - timedelta(hours=1, seconds=1), **details)
    application_id = application_of(visitor_id)
    leave(application_id, now=now)
    return Gone(visitor_id, application_id, people.address_of(visitor_id=visitor_id), now)


def application_of(visitor_id: UUID) -> UUID:
    found = selectors.latest_application(visitor_id=visitor_id)
    assert found is not None
    return found.id


def enrol(application_id: UUID, *, now: datetime = NOON) -> Enrollment:
    """What the enrol task does, for an application that has a journey or the reason against one."""
    enrollment = services.enrol(application_id=application_id, now=now)
    assert enrollment is not None
    return enrollment


def leave(application_id: UUID, *, now: datetime) -> None:
    """The clock finds the application idle, and it is judged."""
    assert visitors.mark_abandoned(application_id=application_id, now=now)
    assert visitors.record_assessment(
        application_id=application_id,
        identity="known",
        channels=["email"],
        stop_reason="income_question",
        priority="normal",
        next_step="email",
        source="rule",
        now=now,
    )


def come_back(person: Gone, *, now: datetime) -> None:
    """The person works on the form again."""
    event = {"id": str(uuid4()), "type": "field_focus", "ts": now.isoformat(), "step": 3, "field": "employer"}
    visitors.ingest_events(
        site_key="shop",
        origin=None,
        visitor_id=person.visitor_id,
        events=[event],
        arrival=visitors.Arrival(now=now),
    )


def enrolled(*, now: datetime = NOON, **details: Any) -> Enrollment:
    """Somebody on the default journey."""
    seeds.seed(now)
    return enrol(gone(now=now, **details).application_id, now=now)


def message(*, now: datetime = NOON, **details: Any) -> Message:
    """The first mail of a journey, written and waiting in the outbox."""
    return written(enrolled(now=now, **details), now=now)


def written(enrollment: Enrollment, *, now: datetime) -> Message:
    """The next mail of a journey, which is due."""
    message = write(enrollment, now=now)
    assert message is not None
    return message


def order(message: Message) -> int:
    """The mail's place in the journey."""
    assert message.step is not None
    return message.step.order


def write(enrollment: Enrollment, *, now: datetime) -> Message | None:
    """Have the next mail written if it is due."""
    claimed = services.claim_draft(enrollment_id=enrollment.pk, now=now)
    if claimed is None:
        return None
    journey, step, reader = claimed
    words = compose(reader=reader, step=step, now=now)
    return services.save_draft(
        enrollment=journey, step=step, reader=reader, copy=words.copy, source=words.source, run=words.run,
        verdict=words.verdict, now=now,
    )  # fmt: skip


def reader(enrollment: Enrollment, *, now: datetime = NOON) -> Reader:
    found = people.reader_of(application_id=enrollment.application_id, now=now)
    assert found is not None
    return found
