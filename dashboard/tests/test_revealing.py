"""Contact data shows after a reason, for this person and some minutes, and the audit trail knows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from carloans.core import audit
from carloans.core.models import AuditEntry
from dashboard import revealing, roles
from dashboard.tests.rows import story

pytestmark = pytest.mark.django_db


def trail() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="pii.revealed"))


@pytest.fixture
def told(now):
    return story(now)


def pages(told) -> dict[str, tuple[str, str]]:
    return {"mail": (f"/ops/mail/{told.mail}/", "@gmail.com"), "lead": (f"/ops/leads/{told.lead}/", "+15551234567")}


@pytest.mark.parametrize("kind", ["mail", "lead"])
def test_a_reason_opens_one_page_and_is_recorded(staff, operator, told, kind):
    page, secret = pages(told)[kind]
    subject = getattr(told, kind)
    assert secret not in staff.get(page).content.decode()
    answer = staff.post(f"/ops/reveal/{kind}/{subject}/", {"reason": "customer asked"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert secret in staff.get(page).content.decode()
    [entry] = trail()
    assert (entry.actor, entry.subject, entry.facts) == (
        f"staff:{operator.pk}", f"{kind}:{subject}", {"reason": "customer asked"},
    )  # fmt: skip
    for other, (path, hidden) in pages(told).items():
        assert other == kind or hidden not in staff.get(path).content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "because ann@gmail.com wrote", "x" * 10_000])
def test_without_one_of_the_reasons_nothing_opens_and_nothing_is_recorded(staff, told, reason):
    answer = staff.post(f"/ops/reveal/mail/{told.mail}/", {"reason": reason})
    assert answer.status_code == 400
    assert "choose why" in answer.content.decode()
    assert trail() == []
    assert "@gmail.com" not in staff.get(f"/ops/mail/{told.mail}/").content.decode()


@pytest.mark.parametrize("kind", ["mail", "lead", "visitor"])
def test_what_does_not_exist_cannot_be_revealed(staff, kind):
    assert staff.post(f"/ops/reveal/{kind}/{uuid4()}/", {"reason": "demo"}).status_code == 404
    assert trail() == []


def test_a_reveal_needs_a_press(staff, told):
    assert staff.get(f"/ops/reveal/mail/{told.mail}/").status_code == 405


def test_another_person_still_sees_a_mask(staff, told, django_user_model):
    staff.post(f"/ops/reveal/mail/{told.mail}/", {"reason": "demo"})
    other = Client()
    eve = django_user_model.objects.create_user("eve", is_staff=True)
    roles.assign(eve, "agent")
    other.force_login(eve)
    assert "@gmail.com" not in other.get(f"/ops/mail/{told.mail}/").content.decode()


def test_it_closes_again(staff, told, monkeypatch):
    staff.post(f"/ops/reveal/mail/{told.mail}/", {"reason": "demo"})
    monkeypatch.setattr(revealing, "HOLDS", 0)
    assert "@gmail.com" not in staff.get(f"/ops/mail/{told.mail}/").content.decode()


def test_a_form_from_elsewhere_is_refused(operator, told):
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    assert client.post(f"/ops/reveal/mail/{told.mail}/", {"reason": "demo"}).status_code == 403
    assert trail() == []


def test_the_leads_own_page_shows_who_looked(staff, operator, told):
    staff.post(f"/ops/reveal/lead/{told.lead}/", {"reason": "complaint"})
    page = staff.get(f"/ops/leads/{told.lead}/").content.decode()
    assert "pii.revealed" in page
    assert f"staff:{operator.pk}" in page
    assert audit.about(f"lead:{told.lead}")
