"""Whoever has the link may end agreements, opt out and ask for a person."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from carloans.core.clock import utc_now
from carloans.core.models import FeedEvent
from visitors import selectors, services, signals
from visitors.models import ConsentWithdrawal, PrivacyRequest, SaleOptOut, Visitor
from visitors.tests.conftest import event
from visitors.tests.factories import ConsentFactory, KnownVisitorFactory, VisitorFactory
from visitors.tests.privacy_page.pages import actions, seen


def test_a_withdrawal_asks_once_and_then_reaches_every_row_of_the_person(
    client: Client, ann: Visitor, path: str, django_capture_on_commit_callbacks: Any
) -> None:
    twin = KnownVisitorFactory.create(site=ann.site, email=ann.email, email_holder=False)
    ConsentFactory.create(visitor=twin)
    told: list[UUID] = []

    def listen(sender: Any, *, visitor_id: UUID, **facts: Any) -> None:
        told.append(visitor_id)

    signals.consent_withdrawn.connect(listen)
    press = {"act": "withdraw", "kind": "marketing_email"}
    assert "Cathy stops writing" in seen(client.post(path, press))
    assert not ConsentWithdrawal.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path, press | {"confirm": "yes"})
    signals.consent_withdrawn.disconnect(listen)
    assert answer["Location"] == f"{path}?done=withdrawn"
    assert set(told) == {ann.pk, twin.pk}
    assert set(ConsentWithdrawal.objects.values_list("consent__kind", "via")) == {("marketing_email", "privacy_page")}
    assert "This agreement has ended" in seen(client.get(answer["Location"]))
    client.post(path, press | {"confirm": "yes"})
    assert actions(ann) == ["privacy.link_issued", "privacy.consent_withdrawn"]


def test_the_ledger_is_shown_with_text_act_time_and_withdrawal(client: Client, ann: Visitor, path: str) -> None:
    services.record_consent(
        visitor_id=ann.pk, kind="soft_pull", locale="en", act="pressed_i_agree", element_id="x", page="/", ip="",
        user_agent="", shown_at=utc_now(), now=utc_now(),
    )  # fmt: skip
    page = seen(client.get(path))
    assert "I give Test Lender my written instructions under the Fair Credit Reporting Act" in page
    assert "pressed “I agree”" in page
    assert "soft_pull.en.2026-11" in page
    assert "in force" in page
    client.post(path, {"act": "withdraw", "kind": "soft_pull", "confirm": "yes"})
    assert "Withdrawn on" in seen(client.get(path))


@pytest.mark.parametrize("kind", ["privacy_notice", "nonsense", ""])
def test_what_cannot_be_withdrawn_is_refused(client: Client, path: str, kind: str) -> None:
    assert client.post(path, {"act": "withdraw", "kind": kind, "confirm": "yes"}).status_code == 400
    assert not ConsentWithdrawal.objects.exists()


def test_an_act_that_we_do_not_have_is_refused(client: Client, path: str) -> None:
    assert client.post(path, {"act": "become_admin"}).status_code == 400
    assert client.post(path, {"act": "ask_staff", "kind": "nonsense", "confirm": "yes"}).status_code == 400


def test_opting_out_of_sale_holds_for_the_address_and_outlives_deletion(
    client: Client, ann: Visitor, path: str
) -> None:
    assert selectors.sale_allowed(visitor_id=ann.pk)
    client.post(path, {"act": "opt_out"})
    assert selectors.sale_allowed(visitor_id=ann.pk)
    client.post(path, {"act": "opt_out", "confirm": "yes"})
    client.post(path, {"act": "opt_out", "confirm": "yes"})
    assert not selectors.sale_allowed(visitor_id=ann.pk)
    assert SaleOptOut.objects.get().via == "page"
    services.erase_visitor(visitor_id=ann.pk, now=utc_now())
    again = KnownVisitorFactory.create(site=ann.site, email="ann0@gmail.com")
    assert not selectors.sale_allowed(visitor_id=again.pk)
    assert selectors.sale_allowed(visitor_id=VisitorFactory.create(site=ann.site).pk)
    assert actions(ann).count("privacy.sale_opt_out") == 1


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
def test_a_privacy_signal_opts_out_by_itself(client: Client, ann: Visitor, path: str, header: str) -> None:
    page = seen(client.get(path, headers={header: "1"}))
    assert "privacy signal" in page
    assert not selectors.sale_allowed(visitor_id=ann.pk)
    assert SaleOptOut.objects.get().via == "signal"
    ann.refresh_from_db()
    assert ann.gpc is True


def test_a_signal_with_the_events_of_another_browser_counts_for_the_person(
    client: Client, ann: Visitor, path: str
) -> None:
    save = event("save_progress", step=4, data={"email": "ann0@gmail.com"})
    body = json.dumps({"site": "demo", "events": [save]})
    answer = client.post("/api/v1/events", body, content_type="application/json", headers={"sec-gpc": "1"})
    assert answer.status_code == 202
    assert not selectors.sale_allowed(visitor_id=ann.pk)


def test_a_person_can_be_asked_for_a_review_once(client: Client, ann: Visitor, path: str) -> None:
    press = {"act": "ask_staff", "kind": "human_review"}
    assert "A person from our team looks at" in seen(client.post(path, press))
    for _ in range(2):
        client.post(path, press | {"confirm": "yes"})
    request = PrivacyRequest.objects.get()
    assert (request.kind, request.due_at - request.requested_at) == ("human_review", timedelta(days=45))
    assert FeedEvent.objects.get(kind="privacy.human_review").severity == "warn"
    assert "You have asked for a person" in seen(client.get(path))
    assert services.settle_privacy_request(request_id=request.pk, staff_id=1, now=utc_now())
    assert not services.settle_privacy_request(request_id=request.pk, staff_id=1, now=utc_now())
    assert "Have a person look at it" in seen(client.get(path))
