"""Words enter the outbox only after the linter, one mail per step, and hold nobody's name."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from campaigns import people, services, texts
from campaigns.models import Enrollment, Message, Step
from campaigns.tests import factories
from campaigns.tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


def save(enrollment: Enrollment, copy: texts.Copy, now: datetime = NOON) -> Message | None:
    return services.save_draft(
        enrollment=enrollment,
        step=Step.objects.get(order=1),
        reader=factories.reader(enrollment),
        copy=copy,
        source="agent",
        now=now,
    )


GOOD = texts.fallback_copy(locale="en", number=1, vehicle={})


@pytest.mark.parametrize(
    ("copy", "rule"),
    [
        (texts.Copy("Guaranteed approval inside", "", GOOD.paragraphs, "Go on"), "guaranteed_approval"),
        (texts.Copy(GOOD.subject, "", ("Rates as low as 3.9% APR.", "Come back."), "Go on"), "rate_or_payment_promise"),
        (texts.Copy(GOOD.subject, "", ("Hi {last_name}", "Come back."), "Go on"), "unknown_placeholder"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_not_stored(copy, rule):
    enrollment = factories.enrolled()
    with pytest.raises(services.DraftRefused) as caught:
        save(enrollment, copy)
    assert rule in caught.value.rules
    assert not Message.objects.exists()


def test_a_step_has_one_message_however_often_it_is_saved():
    enrollment = factories.enrolled()
    assert save(enrollment, GOOD) == save(enrollment, GOOD)
    assert Message.objects.count() == 1


def test_the_stored_words_hold_no_personal_data():
    message = factories.message(email="private.person@gmail.com", first_name="Wilhelmina")
    stored = " ".join(str(value) for value in Message.objects.filter(pk=message.pk).values().get().values())
    assert "private.person" not in stored
    assert "Wilhelmina" not in stored
    assert "{first_name}" in stored


def test_only_one_worker_writes_a_mail():
    enrollment = factories.enrolled()
    assert services.claim_draft(enrollment_id=enrollment.pk, now=NOON) is not None
    assert services.claim_draft(enrollment_id=enrollment.pk, now=NOON) is None
    assert services.claim_draft(enrollment_id=enrollment.pk, now=NOON + timedelta(seconds=61)) is not None


def test_the_next_mail_waits_for_its_time_and_for_the_one_before():
    message = factories.message()
    enrollment = Enrollment.objects.get(pk=message.enrollment_id)
    assert enrollment.next_step_at == NOON + timedelta(hours=23)
    assert factories.write(enrollment, now=NOON + timedelta(hours=22)) is None
    assert factories.write(enrollment, now=NOON + timedelta(hours=24)) is None
    Message.objects.filter(pk=message.pk).update(state="done", sent_at=NOON)
    assert factories.order(factories.written(enrollment, now=NOON + timedelta(hours=24))) == 2


def test_a_withdrawn_consent_stops_the_journey_before_a_word_is_written():
    enrollment = factories.enrolled()
    people.withdraw_marketing(visitor_id=enrollment.visitor_id, via="page", now=NOON)
    assert factories.write(enrollment, now=NOON) is None
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.stop_reason) == ("stopped", "no_consent")


def test_a_journey_that_was_stopped_while_the_model_wrote_gets_no_mail():
    enrollment = factories.enrolled()
    services.stop_enrollment(application_id=enrollment.application_id, reason="returned", now=NOON)
    assert save(enrollment, GOOD) is None


def test_a_mail_waits_for_the_morning_but_not_on_a_demo_site():
    night = NOON.replace(hour=5)
    assert factories.message(now=night).due_at == NOON.replace(hour=13)
    demo = factories.site("demo", is_demo=True)
    assert factories.message(now=night, site_key=demo).due_at == night


def test_a_spanish_reader_gets_spanish():
    message = factories.message(locale="es")
    assert message.locale == "es"
    assert "solicitud" in message.subject
