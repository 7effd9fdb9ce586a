"""Customers are told when somebody answers only where hours and people say so."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from chat import services, staffing
from chat.hours import Hours, Span
from chat.models import Closure, Conversation, Desk, Opening, ServiceHours
from chat.tests.factories import make_conversation, make_site

CHICAGO = ZoneInfo("America/Chicago")
WEEK = [Span(day, time(9), time(17)) for day in range(5)]
#: A Monday in winter.
MONDAY = date(2026, 11, 30)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), CHICAGO)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(at(8, 59), False), (at(9), True), (at(16, 59), True), (at(17), False), (at(12, day=date(2026, 12, 5)), False)],
)
def test_hours_begin_and_end_on_the_sites_own_clock(moment, is_open):
    hours = Hours("America/Chicago", WEEK)
    assert hours.is_open(moment) == is_open
    assert hours.is_open(moment.astimezone(ZoneInfo("UTC"))) == is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(8), at(9)),
        (at(9), at(9, day=date(2026, 12, 1))),
        (at(18, day=date(2026, 12, 4)), at(9, day=date(2026, 12, 7))),
    ],
)
def test_the_next_opening_skips_nights_and_weekends(moment, opening):
    assert Hours("America/Chicago", WEEK).next_opening(moment) == opening


def test_a_holiday_is_skipped_and_a_site_that_never_opens_has_no_next_time():
    assert Hours("America/Chicago", WEEK, {MONDAY}).next_opening(at(8)) == at(9, day=date(2026, 12, 1))
    assert not Hours("America/Chicago", WEEK, {MONDAY}).is_open(at(12))
    assert Hours("America/Chicago", []).next_opening(at(8)) is None


def test_nine_stays_nine_when_the_clocks_change():
    friday = date(2027, 3, 12)
    opening = Hours("America/Chicago", WEEK).next_opening(at(18, day=friday))
    assert opening is not None
    assert (opening.hour, opening.utcoffset()) == (9, timedelta(hours=-5))


# What customers are told


@pytest.fixture
def site(db):
    site = make_site()
    hours = ServiceHours.objects.create(site_id=site.id, time_zone="America/Chicago")
    Opening.objects.bulk_create(Opening(hours=hours, weekday=day, opens=time(9), closes=time(17)) for day in range(5))
    return site


@pytest.fixture
def ann(db):
    return get_user_model().objects.create_user("ann", first_name="Ann", is_staff=True)


def told(site, moment, locale="en"):
    return staffing.promise(site_id=site.id, locale=locale, now=moment)


def test_without_hours_or_without_people_nobody_is_promised_anything(site, ann):
    assert told(site, at(20)) == ""
    Desk.objects.create(staff=ann)
    ServiceHours.objects.all().delete()
    assert told(site, at(20)) == ""


def test_a_time_is_named_when_somebody_will_be_there(site, ann):
    Desk.objects.create(staff=ann)
    assert told(site, at(7)) == "Our team answers again today at 9:00 AM (CST)."
    assert told(site, at(20)) == "Our team answers again tomorrow at 9:00 AM (CST)."
    saturday = at(12, day=date(2026, 12, 5))
    assert told(site, saturday) == "Our team answers again Monday at 9:00 AM (CST)."
    assert told(site, saturday, "es") == "Nuestro equipo vuelve a responder el lunes a las 9:00 a. m. (CST)."


@pytest.mark.parametrize(
    "desk",
    [{"takes": False}, {"away_until": at(12, day=date(2026, 12, 2))}],
    ids=["takes none", "away until later"],
)
def test_no_time_is_named_when_nobody_will_be_there(site, ann, desk):
    Desk.objects.create(staff=ann, **desk)
    assert told(site, at(20)) == ""


def test_an_account_that_is_closed_answers_nobody(site, ann):
    Desk.objects.create(staff=ann)
    ann.is_active = False
    ann.save()
    assert told(site, at(20)) == ""


def test_within_hours_somebody_is_here_only_while_they_are(site, ann):
    Desk.objects.create(staff=ann, seen_at=at(12) - timedelta(hours=1))
    assert told(site, at(12)) == ""
    services.sign_of_life(staff_id=ann.pk, now=at(12))
    assert told(site, at(12)) == "Somebody from our team is here at the moment."


def test_on_a_holiday_the_next_day_is_named(site, ann):
    Desk.objects.create(staff=ann)
    Closure.objects.create(hours=ServiceHours.objects.get(), day=date(2026, 12, 1))
    assert told(site, at(20)) == "Our team answers again Wednesday at 9:00 AM (CST)."


def test_the_card_of_a_hand_off_carries_what_may_be_promised(site, ann):
    conversation = make_conversation(now=at(20))
    services.hand_off(conversation_id=conversation.pk, reason="asked", now=at(20))
    assert len(conversation.messages.get(card__kind="handoff").card["body"]) == 1
    Desk.objects.create(staff=ann)
    other = make_conversation(now=at(20))
    services.hand_off(conversation_id=other.pk, reason="asked", now=at(20))
    assert "tomorrow at 9:00 AM" in other.messages.get(card__kind="handoff").card["body"][1]


def test_a_place_in_the_queue_is_counted_by_who_has_waited_longest(site, django_assert_num_queries):
    first, second = make_conversation(now=at(20)), make_conversation(now=at(20))
    services.hand_off(conversation_id=second.pk, reason="asked", now=at(20, 5))
    services.hand_off(conversation_id=first.pk, reason="asked", now=at(20, 1))
    place = staffing.place_of(conversation_id=second.pk, now=at(20, 10))
    assert place == staffing.Place(2, "")
    Conversation.objects.filter(pk=first.pk).update(owner="ai")
    with django_assert_num_queries(6):
        assert staffing.place_of(conversation_id=second.pk, now=at(20, 10)).position == 1
    assert staffing.place_of(conversation_id=first.pk, now=at(20, 10)) is None
