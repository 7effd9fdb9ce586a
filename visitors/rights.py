"""What this room keeps about a person, what of it an erasure takes away, and what must stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloans.core.periods import APPLICATION, PROOF
from carloans.core.rights import ROW, Person, Stays, Table
from carloans.core.rights.declare import Row
from visitors.models import (
    Application,
    Assessment,
    Consent,
    ConsentWithdrawal,
    Event,
    PrivacyLink,
    PrivacyProof,
    PrivacyRequest,
    ReturnLink,
    SaleOptOut,
    Visitor,
)
from visitors.selectors.consents import edition_text
from visitors.selectors.people import people_ids
from visitors.services.consents import withdraw_consent
from visitors.services.people import NO_CONTACT, NO_MEANS, close_door

_RECORD = _("Record of an application, 12 CFR 1002.12(b): 25 months")
_PROOF = _("Proof of what was agreed to, 15 USC 1681b, 47 CFR 64.1200, 15 USC 7001: 7 years")


def resolve(person: Person, *, now: datetime) -> Person:
    """Rows with the address or the number, over all sites; of a visitor, the same site's rows with their address."""
    if not person.alone:
        person = person.having(visitors=people_ids(person.visitors, person.emails, person.phones))
        known = Visitor.objects.filter(pk__in=person.visitors)
        person = person.having(
            emails=_given(known.values_list("email_index", flat=True)),
            phones=_given(known.values_list("phone_index", flat=True)),
        )
    applications = Application.objects.filter(visitor__in=person.visitors)
    consents = Consent.objects.filter(visitor__in=person.visitors).values_list("pk", flat=True)
    person = person.having(applications=applications.order_by("created_at").values_list("pk", flat=True))
    return person.having(
        subjects=[f"visitor:{one}" for one in person.visitors]
        + [f"application:{one}" for one in person.applications]
        + [f"consent:{one}" for one in consents]
        + [f"address:{one[:16]}" for one in person.emails]
    )


def _given(values: Iterable[str]) -> list[str]:
    return [value for value in values if value]


def stop(person: Person, *, now: datetime) -> None:
    """From here on nothing is written about them: nothing is agreed to any more, and every writer asks."""
    for visitor_id in person.visitors:
        withdraw_consent(visitor_id=visitor_id, via="erasure", now=now)
    close_door(visitor_ids=person.visitors, now=now)


def _with_text(person: Person, now: datetime) -> Callable[[Row], Row]:
    """A consent with the words that were shown, as far as they are ours."""
    companies = dict(Visitor.objects.filter(pk__in=person.visitors).values_list("pk", "site__company_name"))

    def show(row: Row) -> Row:
        names = row["names"] or {"company": companies.get(row["visitor_id"], "")}
        return row | {"text": edition_text(version=row["text_version"], sha256=row["text_sha256"], **names)}

    return show


TABLES = [
    Table(
        model=Visitor,
        title=_("Who you are"),
        of=lambda person: Q(pk__in=person.visitors),
        order=("first_seen_at",),
        hidden=("email_index", "phone_index", "email_holder"),
        erases=NO_CONTACT,
        stays=Stays(
            reason=_("A row without personal data, which the held records point to"), since="last_seen_at", keeps=PROOF
        ),
        contact="pk",
    ),
    Table(
        model=Event,
        title=_("What you did on the form"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("received_at", "pk"),
        erases=ROW,
    ),
    Table(
        model=Application,
        title=_("Your applications"),
        of=lambda person: Q(pk__in=person.applications),
        order=("created_at",),
        erases=NO_MEANS,
        stays=Stays(reason=_RECORD, since="last_event_at", keeps=APPLICATION),
    ),
    Table(
        model=Consent,
        title=_("What you agreed to"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("given_at", "pk"),
        prepare=_with_text,
        stays=Stays(reason=_PROOF, since="given_at", keeps=PROOF),
    ),
    Table(
        model=ConsentWithdrawal,
        title=_("What you took back"),
        of=lambda person: Q(consent__visitor__in=person.visitors),
        order=("at", "pk"),
        stays=Stays(reason=_PROOF, since="at", keeps=PROOF),
    ),
    Table(
        model=ReturnLink,
        title=_("Links back to your application"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("created_at",),
        hidden=("token_hash",),
        erases=ROW,
    ),
    Table(
        model=Assessment,
        title=_("How an abandoned application was judged"),
        of=lambda person: Q(application__in=person.applications),
        order=("at",),
        stays=Stays(reason=_RECORD, since="at", keeps=APPLICATION),
    ),
    Table(
        model=PrivacyProof,
        title=_("Links that showed that your mailbox is yours"),
        of=lambda person: Q(link__visitor__in=person.visitors),
        order=("created_at",),
        hidden=("token_hash",),
        erases=ROW,
    ),
    Table(
        model=PrivacyLink,
        title=_("Links to the page about your data"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("created_at",),
        hidden=("token_hash",),
        stays=Stays(
            reason=_("So that the links in your mails can tell you that your data is deleted"),
            since="created_at",
            keeps=APPLICATION,
        ),
    ),
    Table(
        model=SaleOptOut,
        title=_("That your data must not be sold or shared"),
        of=lambda person: Q(visitor__in=person.visitors) | Q(email_index__in=person.emails),
        order=("at",),
        hidden=("email_index",),
        stays=Stays(
            reason=_("So that we keep to it, Cal. Civ. Code 1798.120 and 1798.135: 7 years"), since="at", keeps=PROOF
        ),
    ),
    Table(
        model=PrivacyRequest,
        title=_("What you asked our team to do with your data"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("requested_at",),
        stays=Stays(
            reason=_("Record of your request, 11 CCR 7101: 24 months"), since="requested_at", keeps=APPLICATION
        ),
    ),
]

EXEMPT = {"Site": "a customer's web site, not a person"}
