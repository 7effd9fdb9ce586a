"""`POST /api/v1/applications`: signed, idempotent, in the words of the lender's platform."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from carloans.core import signatures
from carloans.core.clock import utc_now
from visitors.models import Application, Consent, Site, Visitor

GOOD = {
    "external_id": "LOS-1001",
    "email": "mike.wilson@hotmail.com",
    "phone": "555-456-7890",
    "first_name": "Mike",
    "step": 2,
    "vehicle_make": "Ford",
    "monthly_income_cents": 310000,
}


def send(site: Site, at: datetime | None = None, secret: str | None = None, **changes: Any) -> Any:
    body = json.dumps({"site": site.key, **GOOD, **changes}).encode()
    signature = signatures.sign(body, secret=secret or site.api_secret, now=at or utc_now())
    return Client().post(
        "/api/v1/applications", body, content_type="application/json", headers={"X-Signature": signature}
    )


def test_a_new_application_is_created_saved_and_waits_for_its_clock(site: Site) -> None:
    answer = send(site)
    application = Application.objects.get()
    assert (answer.status_code, answer.json()["outcome"]) == (201, "created")
    assert (application.status, application.step_reached, application.external_id) == ("saved", 2, "LOS-1001")
    assert application.visitor.phone == "+15554567890"


def test_the_same_external_id_again_is_no_second_application(site: Site) -> None:
    first = send(site).json()["application"]
    again = send(site)
    assert (again.status_code, again.json()) == (200, {"application": first, "outcome": "unchanged"})
    assert send(site, vehicle_make="Honda").json()["outcome"] == "updated"
    assert Application.objects.get().vehicle_make == "Honda"
    assert Visitor.objects.count() == 1


def test_two_applications_of_one_customer_share_the_visitor(site: Site) -> None:
    send(site)
    send(site, external_id="LOS-1002")
    assert (Visitor.objects.count(), Application.objects.count()) == (1, 2)


def test_a_stated_consent_is_quoted_not_claimed(site: Site) -> None:
    stated = {"text_version": "their-7", "text_sha256": "ab" * 32, "given_at": utc_now().isoformat()}
    send(site, marketing_consent=stated)
    send(site, marketing_consent=stated)
    consent = Consent.objects.get()
    assert (consent.text_version, consent.act) == ("their-7", "stated by the lender's platform")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_future_signature_is_refused(site: Site, minutes: int) -> None:
    answer = send(site, at=utc_now() + timedelta(minutes=minutes))
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_a_wrong_secret_is_refused_and_writes_nothing(site: Site) -> None:
    assert send(site, secret="guessed").status_code == 401
    assert not Application.objects.exists()


@pytest.mark.parametrize("key", ["nobody", "test\x00site"])
def test_an_unknown_site_is_refused(site: Site, key: str) -> None:
    site.key = key
    assert send(site).json()["code"] == "unknown_site"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "nonsense"}, "invalid_email"),
        ({"email": "", "phone": ""}, "contact_missing"),
        ({"external_id": ""}, "external_id_missing"),
        ({"external_id": {"a": 1}}, "invalid_value"),
        ({"ssn": "123-45-6789"}, "unknown_field"),
        ({"marketing_email": True}, "unknown_field"),
        ({"step": 9}, "out_of_range"),
        ({"last_event_at": "yesterday"}, "invalid_time"),
        ({"last_event_at": "2020-01-01T00:00:00+00:00"}, "invalid_time"),
        ({"marketing_consent": True}, "invalid_consent"),
        ({"marketing_consent": {"text_version": "1", "text_sha256": "x", "given_at": "now"}}, "invalid_consent"),
    ],
)
def test_what_cannot_be_taken_is_refused_whole(site: Site, changes: dict[str, Any], code: str) -> None:
    answer = send(site, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_object_is_a_problem(site: Site, body: bytes) -> None:
    answer = Client().post("/api/v1/applications", body, content_type="application/json")
    assert answer.status_code == 400


def test_an_ended_application_is_not_reopened(site: Site) -> None:
    send(site)
    Application.objects.update(status="submitted")
    assert send(site, vehicle_make="Honda").json()["outcome"] == "unchanged"
