"""Invented visitors, made as real ones come to be: through the events that a page sends, and this room's services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from django.db.models import UUIDField
from pydantic import Field

from carloans.core.composed import Given, Tuples
from cathy.evaluation.customers import Person
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import in_order
from visitors import consent_texts, selectors, services
from visitors.models import Application, Consent, PrivacyLink, SaleOptOut, Visitor

COMPANY = "Evaluation Autos"
_PATIENCE = 3600
_AT_STEP = re.compile(r"(started|saved|abandoned|returned|submitted) at step ([1-5])")
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
_CRAWLER = "Examplebot/1.0 (crawler)"

Vehicle = Annotated[str, Field(pattern=r"^(\d{4} \S+ \S.*)?$")]
AgreedTo = Literal["marketing_email", "dealer_contact"]


class Start(Strict):
    """What is known of the visitor before the task begins (docs/evaluation.md tells each field in words)."""

    name: str = ""
    email: bool = False
    phone: bool = False
    state: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    application: Annotated[str, Field(pattern=rf"^(none|{_AT_STEP.pattern})$")] = "none"
    vehicle: Vehicle = ""
    minutes_ago: Annotated[int, Field(ge=0, le=60 * 24 * 30)] = 120
    errors_at_steps: list[Annotated[int, Field(ge=1, le=5)]] = []
    agreed: list[AgreedTo] = []
    withdrawn: list[AgreedTo] = []
    dealers: list[str] = []
    privacy_signal: bool = False
    crawler: bool = False
    sale_opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of an invented visitor."""

    site_id: int
    site_key: str
    visitor_id: UUID
    application_id: UUID | None
    person: Person


def slug(dealer: str) -> str:
    """The slug of a dealer of an evaluation, which no real one has."""
    return "evaluation-" + re.sub(r"[^a-z0-9]+", "-", dealer.lower()).strip("-")


def person_of(task: BaseTask, start: Start) -> Person:
    """The contact data of a task's customer."""
    return Person.of(task.id, start.name)


def make(task: BaseTask, start: Start, *, now: datetime, demo: bool = True) -> Made:
    """Make the visitor that a task starts with, on a site of their own. `demo` sites know no quiet hours."""
    key = f"evaluation-{uuid4().hex[:12]}"
    services.ensure_site(
        key=key, name="Evaluation", company_name=COMPANY, origins=[], is_demo=demo, abandon_after_seconds=_PATIENCE
    )
    site = selectors.site_by_key(key=key)
    person, then = person_of(task, start), now - timedelta(minutes=start.minutes_ago)
    visitor_id = services.register_visitor(
        site_id=site.id, now=then, locale=task.language, gpc=start.privacy_signal, is_bot=start.crawler
    )
    if start.application == "none":
        _write_contact(visitor_id, start, person, then)
    else:
        _fill_in_form(key, visitor_id, task, start, person, then)
    newest = selectors.latest_application(visitor_id=visitor_id)
    made = Made(site.id, key, visitor_id, newest.id if newest else None, person)
    _agree(made, task, start, then)
    _bring_to(start.application.split()[0], made, now=now)
    return made


def _contact(start: Start, person: Person) -> dict[str, Any]:
    values = {
        "email": person.email if start.email else "",
        "phone": person.phone if start.phone else "",
        "first_name": start.name,
        "state": start.state,
    }
    return {name: value for name, value in values.items() if value}


def _write_contact(visitor_id: UUID, start: Start, person: Person, now: datetime) -> None:
    if values := _contact(start, person):
        services.upsert_contact(visitor_id=visitor_id, now=now, **values)


def _fill_in_form(key: str, visitor_id: UUID, task: BaseTask, start: Start, person: Person, now: datetime) -> None:
    status, step = _at(start)
    events = [_event("step_view", now, step=number) for number in range(1, step + 1)]
    events += [_event("step_error", now, step=one, data={"code": "required"}) for one in start.errors_at_steps]
    if status != "started":
        saved = {**_contact(start, person), **_vehicle(start), "locale": task.language}
        events.append(_event("save_progress", now, step=step, data=saved))
    if status == "submitted":
        events.append(_event("submit", now, step=step))
    agent = _CRAWLER if start.crawler else _BROWSER
    services.ingest_events(
        site_key=key, origin=None, visitor_id=visitor_id, events=events,
        arrival=services.Arrival(now=now, ip="203.0.113.7", user_agent=agent),
    )  # fmt: skip


def _at(start: Start) -> tuple[str, int]:
    found = _AT_STEP.fullmatch(start.application)
    return (found[1], int(found[2])) if found else ("none", 0)


def _event(kind: str, now: datetime, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "type": kind, "ts": now.isoformat(), **fields}


def _vehicle(start: Start) -> dict[str, Any]:
    if not start.vehicle:
        return {}
    year, make_, model = start.vehicle.split(" ", 2)
    return {"vehicle_year": int(year), "vehicle_make": make_, "vehicle_model": model}


def _agree(made: Made, task: BaseTask, start: Start, now: datetime) -> None:
    for kind in (*start.agreed, *start.withdrawn):
        record_agreement(made, kind=kind, locale=task.language, dealers=start.dealers, now=now)
    for kind in start.withdrawn:
        services.withdraw_consent(visitor_id=made.visitor_id, kind=kind, via="page", now=now)
    if start.sale_opt_out:
        services.opt_out_of_sale(visitor_id=made.visitor_id, via="page", now=now)


def record_agreement(made: Made, *, kind: str, locale: str, dealers: Sequence[str], now: datetime) -> None:
    """The visitor ticked a box of this kind; a box about dealers names these."""
    about_dealers: dict[str, Any] = {}
    if kind == consent_texts.DEALER_CONTACT:
        about_dealers = {
            "names": {"dealers": consent_texts.and_list(list(dealers), locale)},
            "scope": {"buyers": [slug(one) for one in dealers]},
        }
    services.record_consent(
        visitor_id=made.visitor_id, kind=kind, locale=locale, act="ticked the box", element_id=f"{kind}-box",
        page="/", ip="203.0.113.7", user_agent=_BROWSER, shown_at=now, now=now, application_id=made.application_id,
        **about_dealers,
    )  # fmt: skip


def _bring_to(status: str, made: Made, *, now: datetime) -> None:
    if status in {"abandoned", "returned"} and made.application_id:
        services.mark_abandoned(application_id=made.application_id, now=now)
    if status == "returned":
        services.note_activity(visitor_id=made.visitor_id, now=now)


def state_of(made: Made) -> tuple[State, list[str]]:
    """What this room's rows say of the visitor, and the subjects under which the audit trail speaks of them."""
    visitor = Visitor.objects.get(pk=made.visitor_id)
    applications, consents = _APPLICATIONS(visitor=visitor.pk), _CONSENTS(visitor=visitor.pk)
    state: State = {
        "contact": {name: getattr(visitor, name) for name in ("email", "phone", "first_name")},
        "identity": visitor.identity,
        "applications": in_order(columns for _, *columns in applications),
        "judgements": in_order(_JUDGEMENTS(visitor=visitor.pk)),
        "consents": in_order(columns for _, *columns in consents),
        "sale_opt_outs": len(_SALE_OPT_OUTS(visitor=visitor.pk)),
        "privacy_links": in_order(_PRIVACY_LINKS(visitor=visitor.pk)),
    }
    subjects = [f"visitor:{visitor.pk}", *(f"application:{one}" for one, *_ in applications)]
    return state, [*subjects, *(f"consent:{one}" for one, *_ in consents)]


_JUDGED = ("identity", "channels", "stop_reason", "priority", "next_step", "source")
#: The rows of one visitor: looked at after each trial, and so composed once.
_OF = Given("visitor", UUIDField())
_APPLICATIONS = Tuples(
    lambda: Application.objects.filter(visitor=_OF).values_list("pk", "status", "step_reached", "abandonments")
)
_CONSENTS = Tuples(
    lambda: Consent.objects.filter(visitor=_OF).values_list("pk", "kind", "locale", "scope", "withdrawal__via")
)
_JUDGEMENTS = Tuples(
    lambda: Application.objects.filter(visitor=_OF, assessments__isnull=False).values_list(
        *(f"assessments__{name}" for name in _JUDGED)
    )
)
_SALE_OPT_OUTS = Tuples(lambda: SaleOptOut.objects.filter(visitor=_OF).values_list("pk"))
_PRIVACY_LINKS = Tuples(lambda: PrivacyLink.objects.filter(visitor=_OF).values_list("origin"))
