"""Leaving, being won back, and who must be left in peace."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from campaigns.windows import zones_of
from dashboard.funnel.people import Person
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town

#: 47 CFR 64.1200(c)(1) for calls; the house keeps it for mail as well.
_DAY: Final = (8, 21)
_GAP, _MOST, _PERIOD = timedelta(hours=20), 4, timedelta(days=90)
#: What the feed says when somebody leaves, and when they are not to be written to any more.
_LEFT: Final = "visitor.abandoned"
_HERE: Final = frozenset({"visitor.returned", "application.submitted"})


def _sent() -> list[Any]:
    """Journey mails that left, oldest first, with the visitor and the site."""
    found = rows("campaigns.Message").filter(kind="step", sent_at__isnull=False)
    return list(found.select_related("enrollment__visitor__site").order_by("sent_at"))


def _people(town: Town) -> dict[UUID, Person]:
    return {person.visitor_id: person for person in town.people if person.visitor_id}


def one_journey_for_each_who_left(town: Town) -> list[str]:
    """Each abandonment is told once and leads to one journey, or to one reason against it"""
    told = Counter(rows("core.FeedEvent").filter(kind="lead_ready").values_list("application", flat=True))
    journeys = Counter(rows("campaigns.Enrollment").values_list("application_id", flat=True))
    wrong = []
    for application in rows("visitors.Application").filter(abandonments__gt=0):
        if told[application.pk] != application.abandonments and application.status != "closed":
            wrong.append(f"{application.pk}: left {application.abandonments} times, told {told[application.pk]} times")
        if journeys[application.pk] != 1 and application.status != "closed":
            wrong.append(f"{application.pk}: {journeys[application.pk]} journeys")
    return wrong


def nobody_is_written_to_without_consent(town: Town) -> list[str]:
    """No journey mail leaves without a consent to e-mail that stands at that moment"""
    given: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    for one in rows("visitors.Consent").filter(kind="marketing_email").select_related("withdrawal"):
        ended = getattr(one, "withdrawal", None)
        end = min([moment for moment in (one.expires_at, ended and ended.at) if moment], default=None)
        given.setdefault(one.visitor_id, []).append((one.given_at, end))
    people = _people(town)
    wrong = []
    for mail in _sent():
        visitor = mail.enrollment.visitor_id
        stands = any(start <= mail.sent_at and _before(mail.sent_at, end) for start, end in given.get(visitor, []))
        ticked = visitor not in people or people[visitor].consents
        if not (stands and ticked):
            wrong.append(f"mail {mail.pk} to visitor {visitor}")
    return wrong


def _before(moment: datetime, end: datetime | None) -> bool:
    return end is None or moment <= end


def privacy_signals_and_bots_are_left_alone(town: Town) -> list[str]:
    """No journey mail goes to somebody who sent a privacy signal, nor to a bot"""
    people = _people(town)
    wrong = []
    for mail in _sent():
        visitor = mail.enrollment.visitor
        person = people.get(visitor.pk)
        if visitor.gpc or visitor.is_bot or (person and (person.gpc or person.bot)):
            wrong.append(f"mail {mail.pk} to visitor {visitor.pk}")
    return wrong


def quiet_hours_are_kept(town: Town) -> list[str]:
    """No journey mail leaves between 21:00 and 08:00 anywhere where its reader may live (a demo site aside)"""
    people = _people(town)
    wrong = []
    for mail in _sent():
        visitor = mail.enrollment.visitor
        person = people.get(visitor.pk)
        if visitor.site.is_demo or person is None:
            continue
        hours = [mail.sent_at.astimezone(zone).hour for zone in zones_of(person.state)]
        if not all(_DAY[0] <= hour < _DAY[1] for hour in hours):
            wrong.append(f"mail {mail.pk} at hours {hours} in {person.state}")
    return wrong


def caps_are_kept(town: Town) -> list[str]:
    """No address gets two journey mails within 20 hours, or more than four in 90 days (a demo site aside)"""
    by_address: dict[tuple[int, str], list[Any]] = {}
    for mail in _sent():
        if not mail.enrollment.visitor.site.is_demo:
            by_address.setdefault((mail.enrollment.visitor.site_id, mail.to_index), []).append(mail)
    wrong = []
    for mails in by_address.values():
        wrong += [f"mails {a.pk} and {b.pk}" for a, b in pairwise(mails) if b.sent_at - a.sent_at < _GAP]
        crowds = zip(mails, mails[_MOST:], strict=False)
        wrong += [f"mail {b.pk} is one too many" for a, b in crowds if b.sent_at - a.sent_at < _PERIOD]
    return wrong


def journeys_end_when_people_are_back(town: Town) -> list[str]:
    """No journey mail leaves after the person came back or submitted, until they leave again"""
    story: dict[UUID, list[tuple[datetime, str]]] = {}
    for event in rows("core.FeedEvent").filter(kind__in=[_LEFT, *_HERE]).order_by("id"):
        story.setdefault(event.application, []).append((event.at, event.kind))
    wrong = []
    for mail in _sent():
        before = [kind for at, kind in story.get(mail.enrollment.application_id, []) if at <= mail.sent_at]
        if not before or before[-1] != _LEFT:
            wrong.append(f"mail {mail.pk} after {before[-1] if before else 'nothing'}")
    return wrong


def who_opted_out_is_left_alone(town: Town) -> list[str]:
    """No mail but a notice that the law demands leaves to an address after it was suppressed or its owner said stop"""
    suppressed = dict(rows("campaigns.Suppression").values_list("email_index", "at"))
    people = _people(town)
    wrong = []
    written = rows("campaigns.Message").filter(sent_at__isnull=False, kind__in=["step", "fresh_link"])
    for mail in written.select_related("enrollment"):
        person = people.get(mail.enrollment.visitor_id)
        ends = [suppressed.get(mail.to_index), person and person.opted_out_at]
        if any(end and mail.sent_at > end for end in ends):
            wrong.append(f"mail {mail.pk} to visitor {mail.enrollment.visitor_id}")
    return wrong


def every_opt_out_is_suppressed(town: Town) -> list[str]:
    """Whoever said stop, by link or by word, is on the suppression list or has no address with us"""
    listed = set(rows("campaigns.Suppression").values_list("email_index", flat=True))
    visitors = {one.pk: one for one in rows("visitors.Visitor")}
    wrong = []
    for person in town.people:
        visitor = visitors.get(person.visitor_id) if person.opted_out_at else None
        if visitor and visitor.email_index and visitor.email_index not in listed:
            wrong.append(f"visitor {visitor.pk}")
    return wrong


def the_erased_stay_forgotten(town: Town) -> list[str]:
    """Nothing is sent to somebody after they were erased, and their contact data and words are gone"""
    people = [person for person in town.people if person.erased_at and person.visitor_id]
    visitors = {one.pk: one for one in rows("visitors.Visitor").filter(pk__in=[one.visitor_id for one in people])}
    words = rows("chat.Message").exclude(text="").filter(role="customer")
    wrong = []
    for person in people:
        visitor = visitors.get(person.visitor_id)
        if visitor and (visitor.email or visitor.phone or visitor.first_name or visitor.last_name):
            wrong.append(f"visitor {visitor.pk} still has contact data")
        late = rows("campaigns.Message").filter(enrollment__visitor=person.visitor_id, sent_at__gt=person.erased_at)
        wrong += [f"mail {mail.pk} after the erasure" for mail in late]
        if words.filter(conversation__visitor=person.visitor_id, at__lte=person.erased_at).exists():
            wrong.append(f"words of visitor {person.visitor_id}")
    return wrong


CHECKS = (
    one_journey_for_each_who_left,
    nobody_is_written_to_without_consent,
    privacy_signals_and_bots_are_left_alone,
    quiet_hours_are_kept,
    caps_are_kept,
    journeys_end_when_people_are_back,
    who_opted_out_is_left_alone,
    every_opt_out_is_suppressed,
    the_erased_stay_forgotten,
)
