"""What a visitor's events do to the application: begin it, keep its clock, save it, submit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from django.db import transaction

from carloans.core import audit, feed
from visitors import consent_texts, signals
from visitors.details import Details
from visitors.incoming import FORM_TYPES, Incoming
from visitors.models import Application, ReturnLink, Visitor
from visitors.services.consents import write_consent
from visitors.services.people import Arrival, write_contact

VALUES = (
    "vehicle_year",
    "vehicle_make",
    "vehicle_model",
    "loan_amount_cents",
    "monthly_income_cents",
    "employer",
    "job_title",
    "months_on_job",
)


def advance(visitor: Visitor, events: Sequence[Incoming], arrival: Arrival) -> None:
    """Apply fresh events, in order, to a locked visitor's application. Costs the same queries for one or a hundred."""
    form = [event for event in events if event.type in FORM_TYPES]
    application = _current(visitor, form, arrival.now)
    if application is None:
        return
    _keep_clock(application, form, arrival.now)
    submitted = any(event.type == "submit" for event in form)
    if saves := [event for event in form if event.type == "save_progress"]:
        save(visitor, application, saves, submitted=submitted, arrival=arrival)
    if submitted:
        submit(application, now=arrival.now)


def _current(visitor: Visitor, form: Sequence[Incoming], now: datetime) -> Application | None:
    """The visitor's open application, or a new one when somebody starts to fill in a form."""
    newest = Application.objects.select_for_update().filter(visitor=visitor).order_by("-created_at").first()
    if newest is not None and newest.status in Application.OPEN:
        return newest
    ended = newest.submitted_at or newest.last_event_at if newest is not None else None
    # A late event of the form that was just submitted must not begin another one.
    begun = [event for event in form if event.type != "submit" and (ended is None or event.ts > ended)]
    return begin(visitor, now) if begun else None


def begin(visitor: Visitor, now: datetime, **facts: object) -> Application:
    return Application.objects.create(
        visitor=visitor, site_id=visitor.site_id, created_at=now, **{"last_event_at": now, **facts}
    )


def _keep_clock(application: Application, form: Sequence[Incoming], now: datetime) -> None:
    """Activity restarts the abandonment clock; work on an abandoned form is a return without our link."""
    steps = [event.step for event in form if event.step]
    application.step_reached = max([application.step_reached, *steps])
    application.last_event_at = max(now, application.last_event_at)
    application.save(update_fields=["step_reached", "last_event_at"])
    if form and application.status == Application.ABANDONED:
        mark_returned(application, via="browser", now=now)


def note_activity(*, visitor_id: UUID, now: datetime, via: str = "chat") -> bool:
    """Somebody is here although the form tells nothing, for example in the chat: the abandonment clock starts afresh.

    An abandoned application has its person back. False when the visitor has no open application.
    """
    with transaction.atomic():
        newest = Application.objects.select_for_update().filter(visitor_id=visitor_id).order_by("-created_at").first()
        if newest is None or newest.status not in Application.OPEN:
            return False
        Application.objects.filter(pk=newest.pk).update(last_event_at=max(now, newest.last_event_at))
        mark_returned(newest, via=via, now=now)
    return True


def mark_returned(application: Application, *, via: str, now: datetime) -> bool:
    """Move an abandoned application to returned and tell. False when it was not abandoned any more."""
    if application.status != Application.ABANDONED:
        return False
    moved = Application.lifecycle.move(application, Application.RETURNED, returned_at=now, last_event_at=now)
    if moved:
        feed.publish(
            kind="visitor.returned", room="visitors", summary=f"A visitor came back at step {application.step_reached}",
            now=now, visitor=application.visitor_id, application=application.pk, data={"via": via},
        )  # fmt: skip
        signals.after_commit(
            signals.visitor_returned, application_id=application.pk, visitor_id=application.visitor_id, now=now, via=via
        )
    return moved


def save(
    visitor: Visitor, application: Application, saves: Sequence[Incoming], *, submitted: bool, arrival: Arrival
) -> None:
    """Store what the person chose to save: contact, form values and the consents that stood next to the button."""
    details, press = _merged(saves), saves[-1]
    write_contact(visitor, details, application_id=application.pk, now=arrival.now)
    values = details.given(*VALUES)
    for name, value in values.items():
        setattr(application, name, value)
    if values:
        application.save(update_fields=list(values))
    act = "pressed Submit application" if submitted else "pressed Save my progress"
    _record_consents(visitor, application, details, press, act, arrival)
    if application.status == Application.STARTED:
        _mark_saved(application, arrival.now)


def _merged(saves: Sequence[Incoming]) -> Details:
    """Several presses in one batch count as one: later values win, a tick stays."""
    merged: dict[str, object] = {}
    for event in saves:
        merged |= event.details.given(*(field.name for field in fields(Details)))
    merged["marketing_email"] = any(event.details.marketing_email for event in saves)
    return Details(**merged)  # type: ignore[arg-type]


def _mark_saved(application: Application, now: datetime) -> None:
    Application.lifecycle.move(application, Application.SAVED, saved_at=now)
    feed.publish(
        kind="visitor.saved",
        room="visitors",
        summary=f"A visitor saved their progress at step {application.step_reached}",
        now=now,
        visitor=application.visitor_id,
        application=application.pk,
        data={"step": application.step_reached},
    )


def _record_consents(
    visitor: Visitor, application: Application, details: Details, press: Incoming, act: str, arrival: Arrival
) -> None:
    """The notice was next to the button; the box beside it counts only when it was ticked."""
    ticked = [(consent_texts.MARKETING_EMAIL, "marketing-email", f"ticked the box and {act}")]
    found = consent_texts.find(details.notice_version)
    locale, edition = (found[1], found[2]) if found else (visitor.locale, None)
    unstated = "" if found else " (the page did not state the version)"
    given = [(consent_texts.PRIVACY_NOTICE, "save-progress", act), *(ticked if details.marketing_email else [])]
    for kind, element_id, what in given:
        names = {"company": visitor.site.company_name}
        shown = consent_texts.text(kind, locale, edition=edition, **names)
        write_consent(
            visitor, shown, names=names, act=what + unstated, element_id=element_id, page=press.page, ip=arrival.ip,
            user_agent=arrival.user_agent[:300], application_id=application.pk, source_event=press.event_id,
            shown_at=min(press.ts, arrival.now), given_at=arrival.now,
        )  # fmt: skip


def submit(application: Application, *, now: datetime) -> bool:
    """The person finished: the journey ends and ways back close. False when it had ended before."""
    if application.status not in Application.OPEN:
        return False
    if not Application.lifecycle.move(application, Application.SUBMITTED, submitted_at=now, last_event_at=now):
        return False
    links = ReturnLink.objects.filter(application=application, used_at__isnull=True, revoked_at__isnull=True)
    links.update(revoked_at=now)
    visitor_id: UUID = application.visitor_id
    audit.record(
        action="application.submitted", actor=f"visitor:{visitor_id}", subject=f"application:{application.pk}", now=now
    )
    feed.publish(
        kind="application.submitted", room="visitors", summary="A visitor submitted their application", now=now,
        visitor=visitor_id, application=application.pk,
    )  # fmt: skip
    signals.after_commit(signals.application_submitted, application_id=application.pk, visitor_id=visitor_id, now=now)
    return True


def submit_application(*, application_id: UUID, now: datetime) -> bool:
    """Submit an open application by id, for other rooms. False when it is unknown or had ended before."""
    application = Application.objects.filter(pk=application_id).first()
    return application is not None and submit(application, now=now)
