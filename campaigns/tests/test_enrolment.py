"""Who gets a journey, who does not and why, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns import people, seeds, services
from campaigns.models import Campaign, Enrollment, Message
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from carloans.core.models import FeedEvent
from carloans.core.privacy.index import blind_index
from visitors import services as visitors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


@pytest.fixture(autouse=True)
def _journey(db):
    seeds.seed(NOON)


def test_an_abandonment_starts_one_journey_however_often_it_is_told():
    person = factories.gone()
    first = factories.enrol(person.application_id)
    again = factories.enrol(person.application_id, now=NOON + timedelta(hours=1))
    assert first.pk == again.pk
    assert (first.state, first.next_step_at, first.abandoned_at) == ("active", NOON, NOON)
    assert FeedEvent.objects.filter(kind="email.journey_started").count() == 1


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"marketing_email": False}, "no_consent"),
        ({"email": "", "phone": "212-555-0123", "site_key": "demo"}, "no_address"),
        ({"gpc": True}, "privacy_signal"),
    ],
)
def test_who_must_not_be_written_to_gets_a_row_that_says_why(details, reason):
    factories.site("demo", is_demo=True)
    enrollment = factories.enrol(factories.gone(**details).application_id)
    assert (enrollment.state, enrollment.stop_reason, enrollment.next_step_at) == ("stopped", reason, None)


def test_a_suppressed_address_gets_no_journey_on_any_site():
    services.suppress(email_index=blind_index("email", "Jane@gmail.com "), reason="complained", source="test", now=NOON)
    for site in ("shop", "other"):
        person = factories.gone(email="jane@gmail.com", site_key=factories.site(site))
        assert factories.enrol(person.application_id, now=NOON).stop_reason == "suppressed"


def test_a_deleted_and_reimported_person_stays_suppressed():
    person = factories.gone(email="jane@gmail.com")
    services.suppress_visitor(visitor_id=person.visitor_id, reason="opted_out", source="chat", now=NOON)
    assert visitors.erase_visitor(visitor_id=person.visitor_id, now=NOON)
    again = factories.gone(email="jane@gmail.com")
    assert factories.enrol(again.application_id, now=NOON).stop_reason == "suppressed"


def test_nothing_happens_to_an_application_that_is_not_abandoned():
    visitor_id = factories.saved()
    assert services.enrol(application_id=factories.application_of(visitor_id), now=NOON) is None
    assert not Enrollment.objects.exists()


def test_without_an_active_campaign_nobody_is_enrolled():
    Campaign.objects.update(active=False)
    assert services.enrol(application_id=factories.gone().application_id, now=NOON) is None


def test_a_return_ends_the_journey_and_takes_back_what_waits():
    message = factories.message()
    application_id = message.enrollment.application_id
    assert services.stop_enrollment(application_id=application_id, reason="returned", now=NOON)
    assert not services.stop_enrollment(application_id=application_id, reason="returned", now=NOON)
    message.refresh_from_db()
    assert (message.state, message.last_error_code) == ("cancelled", "returned")
    assert factories.write(message.enrollment, now=NOON + timedelta(days=5)) is None


def test_a_second_abandonment_goes_on_with_the_mails_that_are_left():
    person = factories.gone()
    enrollment = factories.enrol(person.application_id)
    first = factories.written(enrollment, now=NOON)
    Message.objects.filter(pk=first.pk).update(state="done", sent_at=NOON)
    factories.come_back(person, now=NOON + timedelta(hours=2))
    services.stop_enrollment(application_id=person.application_id, reason="returned", now=NOON + timedelta(hours=2))
    later = NOON + timedelta(hours=4)
    factories.leave(person.application_id, now=later)

    again = factories.enrol(person.application_id, now=later)
    assert (again.pk, again.state, again.abandoned_at) == (enrollment.pk, "active", later)
    assert again.next_step_at == later + timedelta(hours=23)
    second = factories.written(again, now=later + timedelta(hours=23))
    assert factories.order(second) == 2


def test_who_opted_out_is_not_started_again_by_a_second_abandonment():
    person = factories.gone()
    factories.enrol(person.application_id)
    factories.come_back(person, now=NOON + timedelta(hours=2))
    services.suppress_visitor(visitor_id=person.visitor_id, reason="opted_out", source="chat", now=NOON)
    later = NOON + timedelta(hours=4)
    factories.leave(person.application_id, now=later)
    again = factories.enrol(person.application_id, now=later)
    assert (again.state, again.abandoned_at) == ("stopped", later)


def test_seeding_twice_keeps_an_operators_changes():
    step = Campaign.objects.get(slug=seeds.DEFAULT_CAMPAIGN).steps.get(order=2)
    type(step).objects.filter(pk=step.pk).update(delay_minutes=5)
    seeds.seed(NOON)
    assert [one.delay_minutes for one in Campaign.objects.get().steps.all()] == [0, 5, 4260]


def test_an_erased_person_has_no_reader():
    person = factories.gone()
    visitors.erase_visitor(visitor_id=person.visitor_id, now=NOON)
    assert people.reader_of(application_id=person.application_id, now=NOON) is None
