"""One address on two devices, contact data, erasure."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from carloans.core.models import AuditEntry
from visitors import selectors, services
from visitors.cleaning import Refused
from visitors.models import Application, Visitor
from visitors.tests.conftest import EventsClient, save_event
from visitors.tests.factories import ConsentFactory, KnownVisitorFactory, VisitorFactory, make_abandoned


def two_devices(api: EventsClient) -> tuple[Visitor, Visitor]:
    ids = [api.post(save_event("ann@gmail.com", first_name=name)).json()["visitor"] for name in ("Ann", "Mallory")]
    first, second = (Visitor.objects.get(pk=one) for one in ids)
    return first, second


def test_a_second_device_with_the_same_address_keeps_its_own_row(api: EventsClient) -> None:
    first, second = two_devices(api)
    assert (first.first_name, second.first_name) == ("Ann", "Mallory")
    assert first.email_index == second.email_index
    assert (first.email_holder, second.email_holder) == (True, False)
    assert Application.objects.filter(visitor=first).count() == Application.objects.filter(visitor=second).count() == 1


def test_both_rows_are_one_person_for_stopping_and_erasing(api: EventsClient) -> None:
    first, second = two_devices(api)
    assert selectors.person_ids(visitor_id=second.pk) == [second.pk, first.pk]
    assert selectors.visitors_with_email(email_index=first.email_index) == [first.pk, second.pk]


def test_a_link_for_one_row_never_opens_the_other(api: EventsClient, moment: datetime) -> None:
    _first, second = two_devices(api)
    application = Application.objects.get(visitor=second)
    token = services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=moment)
    assert services.redeem_return_link(token=token, now=moment).visitor_id == second.pk
    form = selectors.restored_form(application_id=application.pk)
    assert form is not None
    assert form.first_name == "Mallory"


def test_the_next_row_holds_an_address_that_its_holder_leaves(api: EventsClient) -> None:
    first, second = two_devices(api)
    api.post(save_event("new@gmail.com"), visitor=str(first.pk))
    second.refresh_from_db()
    assert second.email_holder is True


def test_contact_is_checked_before_it_is_written(db: None, moment: datetime) -> None:
    visitor = VisitorFactory.create()
    changed = services.upsert_contact(visitor_id=visitor.pk, phone="(555) 123-4567", first_name="Ann", now=moment)
    assert changed == ["first_name", "phone"]
    with pytest.raises(Refused) as refused:
        services.upsert_contact(visitor_id=visitor.pk, phone="123", first_name="Bob", now=moment)
    assert refused.value.code == "invalid_phone"
    assert selectors.visitor_contact(visitor_id=visitor.pk).first_name == "Ann"


def test_a_fictional_number_is_refused_on_a_real_site(db: None, moment: datetime) -> None:
    visitor = VisitorFactory.create(site__is_demo=False, site__key="real")
    with pytest.raises(Refused):
        services.upsert_contact(visitor_id=visitor.pk, phone="555-123-4567", now=moment)


def test_an_unknown_visitor_is_an_error(db: None, moment: datetime) -> None:
    with pytest.raises(services.UnknownVisitor):
        services.upsert_contact(visitor_id=uuid4(), first_name="Ann", now=moment)


def test_contact_does_not_show_itself_in_logs(db: None) -> None:
    visitor = KnownVisitorFactory.create()
    assert "gmail" not in repr(selectors.visitor_contact(visitor_id=visitor.pk))


def test_agents_learn_facts_and_placeholders_only(db: None) -> None:
    application = make_abandoned()
    facts = selectors.visitor_facts(visitor_id=application.visitor_id)
    assert facts["first_name"] == "{first_name}"
    assert facts["has_phone"] is True
    assert not [value for value in ("Ann", "gmail", "4567", "Acme", "4200") if value in str(facts)]


def test_erasing_forgets_the_person_and_keeps_the_proof(db: None, moment: datetime) -> None:
    application = make_abandoned()
    ConsentFactory.create(visitor=application.visitor)
    assert services.erase_visitor(visitor_id=application.visitor_id, now=moment)
    contact = selectors.visitor_contact(visitor_id=application.visitor_id)
    assert (contact.email, contact.phone, contact.first_name, contact.erased) == ("", "", "", True)
    application.refresh_from_db()
    assert (application.employer, application.monthly_income_cents, application.status) == ("", None, "closed")
    assert application.visitor.consents.count() == 2
    assert AuditEntry.objects.filter(action="visitor.erased").count() == 1
    assert not services.erase_visitor(visitor_id=application.visitor_id, now=moment)


def test_an_erased_visitors_browser_starts_afresh(api: EventsClient, moment: datetime) -> None:
    mine = api.post(save_event()).json()["visitor"]
    services.erase_visitor(visitor_id=Visitor.objects.get().pk, now=moment)
    assert api.post(save_event("ann@gmail.com"), visitor=mine).json()["visitor"] != mine
