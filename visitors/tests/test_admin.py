"""The admin shows masks, finds by blind index and edits nothing that the program writes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from visitors.tests.factories import make_abandoned

MODELS = ("site", "visitor", "application", "event", "consent", "returnlink", "assessment")


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root", "root@example.com", "a long password"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(staff: Client, model: str) -> None:
    make_abandoned()
    assert staff.get(f"/admin/visitors/{model}/").status_code == 200


def test_contact_data_is_masked_in_list_and_detail(staff: Client) -> None:
    application = make_abandoned(visitor__email="ann@gmail.com")
    for path in (f"visitor/{application.visitor_id}/change/", "visitor/", f"application/{application.pk}/change/"):
        page = staff.get(f"/admin/visitors/{path}").content.decode()
        assert "a***@g***" in page
        assert "ann@gmail.com" not in page
        assert "1234567" not in page


@pytest.mark.parametrize("term", ["Ann@gmail.com", "555-123-4567"])
def test_a_whole_address_or_number_finds_its_visitor(staff: Client, term: str) -> None:
    wanted = make_abandoned(visitor__email="ann@gmail.com")
    other = make_abandoned(visitor__phone="+15559876543")
    page = staff.get("/admin/visitors/application/", {"q": term}).content.decode()
    assert str(wanted.pk) in page
    assert str(other.pk) not in page


def test_consents_can_neither_be_added_nor_changed_nor_removed(staff: Client) -> None:
    consent = make_abandoned().visitor.consents.get()
    assert staff.get("/admin/visitors/consent/add/").status_code == 403
    assert staff.post(f"/admin/visitors/consent/{consent.pk}/delete/").status_code == 403


def test_the_signing_secret_is_not_shown(staff: Client) -> None:
    site = make_abandoned().site
    assert site.api_secret not in staff.get(f"/admin/visitors/site/{site.pk}/change/").content.decode()
