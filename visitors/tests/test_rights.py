"""What this room shows of a person and forgets of them."""

from __future__ import annotations

import pytest

from carloans.core import rights
from carloans.core.models import AuditEntry, Erasure, LegalHold
from visitors.models import Application, Event, Visitor
from visitors.tests.factories import KnownVisitorFactory, SiteFactory, make_abandoned

pytestmark = pytest.mark.django_db


def shown(person, now):
    return {one.table: list(one.rows) for one in rights.export(person, actor="system", now=now)}


def test_an_address_finds_every_site_and_a_browser_only_itself(now):
    first = make_abandoned().visitor
    other = KnownVisitorFactory(site=SiteFactory(key="elsewhere"), email=first.email)
    same_site = KnownVisitorFactory(site=first.site, email=first.email, email_holder=False)
    assert set(rights.find(email=f"  {first.email.upper()}", now=now).visitors) == {first.pk, other.pk, same_site.pk}
    assert set(rights.find_visitor(visitor_id=first.pk, now=now).visitors) == {first.pk, same_site.pk}
    assert rights.find_visitor(visitor_id=first.pk, now=now, alone=True).visitors == (first.pk,)
    assert not rights.find(email="nobody@example.org", now=now).known


def test_a_number_is_found_however_it_is_written(now):
    row = KnownVisitorFactory(phone="+15125550134")
    assert rights.find(phone="(512) 555-0134", now=now).visitors == (row.pk,)


def test_an_export_shows_values_and_no_secrets_and_is_audited(now):
    row = make_abandoned()
    person = rights.find_visitor(visitor_id=row.visitor_id, now=now)
    tables = shown(person, now)
    assert tables["visitors_visitor"][0]["email"] == row.visitor.email
    assert "email_index" not in tables["visitors_visitor"][0]
    assert tables["visitors_application"][0]["monthly_income_cents"] == 420_000
    assert len(tables["visitors_consent"]) == 1
    assert AuditEntry.objects.filter(action="rights.exported", subject=f"visitor:{row.visitor_id}").count() == 1


def test_erasing_empties_what_may_go_and_says_why_the_rest_stays(now):
    row = make_abandoned()
    person = rights.find_visitor(visitor_id=row.visitor_id, now=now)
    foretold = rights.plan(person, now=now)
    assert Visitor.objects.get().email
    report = rights.erase(person, actor="staff:1", reason="asked by letter", now=now)
    assert {one.table: one.erased for one in foretold.erased} == {one.table: one.erased for one in report.erased}
    visitor = Visitor.objects.get()
    assert (visitor.email, visitor.phone, visitor.first_name, visitor.email_index) == ("", "", "", "")
    assert (visitor.erased_at, Event.objects.count()) == (now, 0)
    assert (Application.objects.get().employer, Application.objects.get().status) == ("", "closed")
    assert next(line for line in report.kept if line.table == "visitors_consent").reason
    again = rights.erase(rights.find(email=row.visitor.email, now=now), actor="staff:1", reason="again", now=now)
    assert again.erased == []
    assert Erasure.objects.count() == 1


def test_a_legal_hold_stops_the_work_and_keeps_the_data(now):
    row = make_abandoned()
    hold = LegalHold.objects.create(visitor=row.visitor_id, reason="A complaint", opened_at=now, opened_by="staff:1")
    person = rights.find_visitor(visitor_id=row.visitor_id, now=now)
    report = rights.erase(person, actor="staff:1", reason="asked", now=now)
    assert (report.complete, report.erased) == (False, [])
    assert Visitor.objects.get().email
    assert Visitor.objects.get().erased_at
    LegalHold.objects.filter(pk=hold.pk).update(released_at=now)
    assert rights.proceed(Erasure.objects.get(), now=now).complete
    assert Visitor.objects.get().email == ""


def test_staff_with_the_permission_open_and_release_a_hold_in_the_admin(admin_client, now):
    row = make_abandoned()
    page = "/admin/core/legalhold/"
    admin_client.post(f"{page}add/", {"visitor": str(row.visitor_id), "reason": "A complaint"})
    hold = LegalHold.objects.get(visitor=row.visitor_id)
    assert hold.opened_by.startswith("staff:")
    admin_client.post(page, {"action": "release", "_selected_action": [str(hold.pk)]})
    assert LegalHold.objects.get(pk=hold.pk).released_at
    actions = AuditEntry.objects.filter(subject=f"visitor:{row.visitor_id}", action__startswith="rights.hold")
    assert list(actions.order_by("id").values_list("action", flat=True)) == [
        "rights.hold_opened",
        "rights.hold_released",
    ]


def test_who_may_only_read_opens_no_hold(client, django_user_model):
    user = django_user_model.objects.create_user("reader", password="x", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/core/legalhold/add/").status_code in {302, 403}
