"""The API is for staff with permission, masked, paginated, and streams its export."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import AsyncClient, Client

from carloans.core.models import AuditEntry
from leads import services, submitting
from leads.tests.factories import make_lead, plain_leads

UNKNOWN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

pytestmark = pytest.mark.django_db
URLS = ["/api/v1/leads/", f"/api/v1/leads/{UNKNOWN}/", "/api/v1/leads/export"]


def staff(*permissions, **changes):
    user = User.objects.create_user(f"user-{uuid4()}", is_staff=changes.pop("is_staff", True))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("url", URLS)
def test_strangers_get_a_problem_document(url):
    answer = Client().get(url)
    assert (answer.status_code, answer.json()["category"]) == (403, "not_allowed")


@pytest.mark.parametrize("url", URLS)
def test_staff_without_the_permission_are_refused(url):
    assert staff().get(url).status_code == 403


@pytest.mark.parametrize("url", URLS)
def test_a_customer_account_with_permissions_is_still_no_staff(url):
    assert staff("view_lead", "export_lead", is_staff=False).get(url).status_code == 403


def test_the_list_masks_contact():
    lead = make_lead()
    text = staff("view_lead").get("/api/v1/leads/").content.decode()
    assert str(lead.pk) in text
    for secret in ("Archer", "5551234567", lead.visitor.email, "Acme"):
        assert secret not in text
    assert "•••-•••-4567" in json.loads(text)["results"][0]["phone"]


def test_the_list_is_paginated_newest_first():
    plain_leads(60)
    client = staff("view_lead")
    first = client.get("/api/v1/leads/").json()
    second = client.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    times = [row["created_at"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == 60
    assert times == sorted(times, reverse=True)


def test_the_list_costs_the_same_for_more_rows(django_assert_max_num_queries):
    client = staff("view_lead")
    plain_leads(40)
    with django_assert_max_num_queries(8):
        client.get("/api/v1/leads/")


def test_it_filters_by_status():
    plain_leads(2)
    plain_leads(1, status="accepted")
    client = staff("view_lead")
    assert len(client.get("/api/v1/leads/?status=accepted").json()["results"]) == 1
    assert client.get("/api/v1/leads/?status=nonsense").json()["code"] == "unknown_status"
    assert client.get("/api/v1/leads/?since=nonsense").json()["code"] == "bad_since"


def test_the_detail_shows_every_attempt_and_no_contact(buyer, dealer, now):
    lead = make_lead()
    submission = services.request_submission(lead_id=lead.pk, now=now).submission_id
    submitting.deliver(submission_id=submission, now=now)
    body = staff("view_lead").get(f"/api/v1/leads/{lead.pk}/").json()
    [sent] = body["submissions"]
    assert (sent["result"], sent["attempts"][0]["act"], sent["attempts"][0]["http_status"]) == ("accepted", "post", 201)
    assert "Archer" not in json.dumps(body)


def test_an_unknown_lead_is_404():
    answer = staff("view_lead").get(f"/api/v1/leads/{UNKNOWN}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_viewing_is_not_exporting():
    assert staff("view_lead").get("/api/v1/leads/export").status_code == 403


@pytest.mark.django_db(transaction=True)
async def test_the_export_streams_contact_in_clear_and_is_audited():
    from asgiref.sync import sync_to_async

    await sync_to_async(make_lead)()
    client = await sync_to_async(_async_staff)()
    answer = await client.get("/api/v1/leads/export?format=jsonl")
    assert answer.streaming
    assert answer["Content-Type"] == "application/x-ndjson"
    text = b"".join([part async for part in answer.streaming_content]).decode()
    assert json.loads(text)["phone"] == "+15551234567"
    entry = await AuditEntry.objects.aget(action="lead.exported")
    assert entry.actor.startswith("staff:")


def _async_staff():
    user = User.objects.create_user("exporter", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="export_lead"))
    client = AsyncClient()
    client.force_login(user)
    return client


def test_an_unknown_format_is_refused():
    answer = staff("export_lead").get("/api/v1/leads/export?format=xlsx")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_format")
