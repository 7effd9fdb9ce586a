"""What the e-mail journey keeps about a person, what of it an erasure takes away, and what must stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns import people, rendering, texts
from campaigns.models import Enrollment, Message, MessageEvent, Pace, Suppression
from carloans.core.outbox import CANCELLED, CLAIMED, PENDING
from carloans.core.periods import APPLICATION
from carloans.core.rights import ROW, Person, Stays, Table
from carloans.core.rights.declare import Row

_RECORD = _("Record of an application, 12 CFR 1002.12(b): 25 months. Its words name nobody")


def _mails(person: Person) -> Q:
    """Mails of their journeys, and those that somebody asked for: the proof of an address, a transcript."""
    return Q(enrollment__visitor__in=person.visitors) | Q(visitor__in=person.visitors)


def resolve(person: Person, *, now: datetime) -> Person:
    """The mails, by which the audit trail speaks of them."""
    mails = Message.objects.filter(_mails(person)).values_list("pk", flat=True)
    return person.having(subjects=[f"message:{one}" for one in mails])


def stop(person: Person, *, now: datetime) -> None:
    """End every journey; no mail that waits, or that a worker has begun to write or to render, will leave.

    A mail whose hand-over has begun is left to its worker: it records what became of it, and a second try is refused.
    """
    journeys = Enrollment.objects.filter(visitor__in=person.visitors, state="active")
    journeys.update(state="stopped", stop_reason="erased", stopped_at=now, next_step_at=None, drafting_until=None)
    waiting = Message.objects.filter(_mails(person), state__in=[PENDING, CLAIMED])
    waiting.exclude(state=CLAIMED, tried_at__isnull=False).update(
        state=CANCELLED, claimed_until=None, done_at=now, last_error_code="erased"
    )


def _as_sent(person: Person, now: datetime) -> Callable[[Row], Row]:
    """The words with the name and the company that stand in them, as the person reads them."""
    greeted = people.greetings(visitor_ids=person.visitors)
    journeys = dict(Enrollment.objects.filter(visitor__in=person.visitors).values_list("pk", "visitor_id"))

    def show(row: Row) -> Row:
        reader: UUID = row["visitor_id"] or journeys[row["enrollment_id"]]
        name, company = greeted.get(reader, ("", ""))
        to = rendering.Recipient(
            locale=row["locale"],
            company=company,
            postal_address="",
            link="",
            unsubscribe_url="",
            privacy_url="",
            first_name=name,
        )
        frame = texts.FRAMES[texts.language(row["locale"])]
        hello = rendering.personalise(frame.greeting if name else frame.greeting_unnamed, to)
        words = {part: rendering.personalise(row[part], to) for part in ("subject", "preheader", "call_to_action")}
        return (
            row
            | words
            | {"greeting": hello, "paragraphs": [rendering.personalise(one, to) for one in row["paragraphs"]]}
        )

    return show


TABLES = [
    Table(
        model=Enrollment,
        title=_("Your e-mail journeys"),
        of=lambda person: Q(visitor__in=person.visitors),
        order=("created_at", "pk"),
        stays=Stays(reason=_RECORD, since="created_at", keeps=APPLICATION),
    ),
    Table(
        model=Message,
        title=_("E-mails that we wrote to you"),
        of=_mails,
        order=("created_at", "pk"),
        prepare=_as_sent,
        hidden=("to_index", "idempotency_key"),
        erases={"provider_message_id": ""},
        stays=Stays(reason=_RECORD, since="created_at", keeps=APPLICATION),
    ),
    Table(
        model=MessageEvent,
        title=_("What became of these e-mails"),
        of=lambda person: Q(message__in=Message.objects.filter(_mails(person)).values("pk")),
        order=("at", "pk"),
        stays=Stays(reason=_RECORD, since="at", keeps=APPLICATION),
    ),
    Table(
        model=Pace,
        title=_("When we last wrote to your address"),
        of=lambda person: Q(message__in=Message.objects.filter(_mails(person)).values("pk")),
        hidden=("key",),
        erases=ROW,
    ),
    Table(
        model=Suppression,
        title=_("Your address on the list of those we never write to"),
        of=lambda person: Q(email_index__in=person.emails),
        hidden=("email_index",),
        stays=Stays(
            reason=_("An opt-out outlives the deletion, as a keyed hash: 15 USC 7704(a)(4), Civ. Code 1798.105(c)(2)")
        ),
    ),
]

EXEMPT = {
    "Campaign": "a plan of mails, for nobody in particular",
    "Step": "a plan of mails, for nobody in particular",
    "WebhookToken": "a hash of a provider's single-use token; deleted after an hour",
}
