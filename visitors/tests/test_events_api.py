"""`POST /api/v1/events`: what is taken, what is dropped, what is refused."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carloans.core.models import FeedEvent
from carloans.core.privacy.index import blind_index
from visitors.models import Application, Consent, Event, Site, Visitor
from visitors.tests.conftest import EventsClient, event, save_event
from visitors.tests.factories import SiteFactory

CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def test_a_batch_is_stored_and_acknowledged(api: EventsClient) -> None:
    answer = api.post(event("page_view", page="/loans?name=Ann#top"), event("step_view", step=2))
    body = answer.json()
    assert answer.status_code == 202
    assert (body["accepted"], body["duplicates"], body["dropped"]) == (2, 0, [])
    assert UUID(body["visitor"]) == Visitor.objects.get().pk
    assert Event.objects.get(type="page_view").page == "/loans"
    assert answer["X-Dropped"] == "0"


def test_a_replayed_batch_changes_nothing(api: EventsClient) -> None:
    batch = [event("step_view", step=1), save_event()]
    first = api.post(*batch).json()
    again = api.post(*batch, visitor=first["visitor"]).json()
    assert (again["accepted"], again["duplicates"]) == (0, 2)
    assert (Event.objects.count(), Consent.objects.count(), Application.objects.count()) == (2, 2, 1)


def test_a_replay_without_the_visitor_finds_the_visitor(api: EventsClient) -> None:
    batch = [event("step_view", step=1), save_event()]
    first = api.post(*batch).json()
    assert api.post(*batch).json()["visitor"] == first["visitor"]
    assert Visitor.objects.count() == 1


def test_an_event_sent_twice_in_one_batch_counts_once(api: EventsClient) -> None:
    one = event("step_view", step=3)
    assert api.post(one, one).json()["duplicates"] == 1


def test_ids_that_are_no_uuids_are_unique_for_their_visitor_only(api: EventsClient) -> None:
    first, second = str(uuid4()), str(uuid4())
    assert api.post({**event("page_view"), "id": "1"}, visitor=first).json()["accepted"] == 1
    assert api.post({**event("page_view"), "id": "1"}, visitor=second).json()["accepted"] == 1
    assert api.post({**event("page_view"), "id": "1"}, visitor=second).json()["duplicates"] == 1


def test_the_browsers_own_id_is_kept(api: EventsClient) -> None:
    mine = str(uuid4())
    assert api.post(event("page_view"), visitor=mine).json()["visitor"] == mine


def test_an_id_of_another_site_is_replaced(api: EventsClient) -> None:
    mine = str(uuid4())
    api.post(event("page_view"), visitor=mine)
    SiteFactory.create(key="other")
    given = api.post(event("page_view"), visitor=mine, site="other").json()["visitor"]
    assert given != mine


def test_save_progress_stores_contact_encrypted_with_its_blind_index(api: EventsClient) -> None:
    api.post(save_event("John.Doe@gmail.com", phone="555-123-4567", monthly_income_cents=420000))
    visitor, application = Visitor.objects.get(), Application.objects.get()
    assert visitor.email.lower() == "john.doe@gmail.com"
    assert visitor.phone == "+15551234567"
    assert visitor.email_index == blind_index("email", "john.doe@gmail.com")
    assert (application.status, application.step_reached) == ("saved", 4)
    assert application.monthly_income_cents == 420000
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, phone, first_name FROM visitors_visitor")
        stored = str(cursor.fetchone())
    assert not [value for value in ("doe", "1234567", "John") if value in stored]


def test_the_consents_stand_next_to_the_button(api: EventsClient) -> None:
    api.post(save_event(notice_version="privacy_notice.es.2026-11", locale="es"))
    kinds = {row.kind: row for row in Consent.objects.all()}
    assert kinds.keys() == {"privacy_notice", "marketing_email"}
    assert kinds["marketing_email"].text_version == "marketing_email.es.2026-11"
    assert kinds["marketing_email"].act == "ticked the box and pressed Save my progress"


def test_an_unticked_box_is_no_consent(api: EventsClient) -> None:
    api.post(save_event(marketing_email=False))
    assert list(Consent.objects.values_list("kind", flat=True)) == ["privacy_notice"]


def test_a_consent_says_when_the_page_did_not_state_the_version(api: EventsClient) -> None:
    api.post(save_event())
    assert all("did not state" in act for act in Consent.objects.values_list("act", flat=True))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"email": "invalid-email-format"}, "invalid_email"),
        ({"email": "john@mailinator.com"}, "disposable_email"),
        ({"email": None, "phone": "123"}, "invalid_phone"),
        ({"email": "john@gmail.com", "phone": "123"}, "invalid_phone"),
        ({"email": None}, "contact_missing"),
        ({"first_name": "A\u0000nn"}, "control_characters"),
        ({"first_name": "Ann \u202e gpj.exe"}, "control_characters"),
        ({"first_name": "\ud800"}, "control_characters"),
        ({"employer": "my ssn is 123-45-6789"}, "sensitive_number"),
        ({"ssn": "123-45-6789"}, "unknown_field"),
        ({"state": "ZZ"}, "invalid_state"),
        ({"zip": "1234"}, "invalid_zip"),
        ({"vehicle_year": 1492}, "out_of_range"),
        ({"monthly_income_cents": "lots"}, "invalid_value"),
        ({"marketing_email": "yes"}, "invalid_value"),
        ({"notice_version": "privacy_notice.en.1999-01"}, "unknown_notice"),
        ({"first_name": "x" * 61}, "too_long"),
    ],
)
def test_a_sole_invalid_save_is_refused_and_leaves_no_row(api: EventsClient, data: dict[str, Any], code: str) -> None:
    answer = api.post(save_event(**data))
    body = answer.json()
    assert (answer.status_code, body["code"], body["category"]) == (422, code, "bad_input")
    assert answer["Content-Type"] == "application/problem+json"
    assert body["dropped"][0]["reason"] == code
    assert not Visitor.objects.exists()
    assert not Event.objects.exists()
    assert not Consent.objects.exists()


def test_an_invalid_save_beside_good_events_is_dropped_alone(api: EventsClient) -> None:
    bad = save_event("john@mailinator.com")
    answer = api.post(event("step_view", step=4), bad)
    assert answer.json()["dropped"] == [{"id": bad["id"], "reason": "disposable_email"}]
    assert answer["X-Dropped"] == "1"
    assert Visitor.objects.get().email == ""


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"type": "keylogger"}, "unknown_type"),
        ({"value": "secret"}, "unknown_field"),
        ({"step": 6}, "invalid_step"),
        ({"step": "abc"}, "invalid_step"),
        ({"step": True}, "invalid_step"),
        ({"ts": "yesterday"}, "invalid_ts"),
        ({"ts": None}, "invalid_ts"),
        ({"ts": 10**30}, "invalid_ts"),
        ({"field": "ssn"}, "unknown_field_name"),
        ({"field": 7}, "unknown_field_name"),
        ({"data": {"typed": "hunter2"}}, "unexpected_data"),
        ({"page": "/a\u0007b"}, "control_characters"),
        ({"id": "not an id!"}, "invalid_id"),
        ({"id": None}, "invalid_id"),
    ],
)
def test_an_event_that_breaks_a_rule_is_dropped_with_the_reason(
    api: EventsClient, broken: dict[str, Any], reason: str
) -> None:
    body = api.post({**event("step_view"), **broken}, event("page_view")).json()
    assert [one["reason"] for one in body["dropped"]] == [reason]
    assert body["accepted"] == 1


@pytest.mark.parametrize("odd", [None, 7, "x", [], [{}]])
def test_an_event_that_is_no_object_is_dropped(api: EventsClient, odd: Any) -> None:
    assert api.post(odd, event("page_view")).json()["dropped"] == [{"id": None, "reason": "invalid_event"}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        ('{"site": NaN}', 400, "bad_json"),
        ("[" * 60000, 400, "bad_json"),
        ("[]", 422, "invalid_body"),
        ('{"site":"test-site","events":[]}', 422, "invalid_events"),
        ('{"site":"test-site","events":{}}', 422, "invalid_events"),
        ('{"site":"test-site","events":[{}],"extra":1}', 422, "unknown_field"),
        ('{"site":7,"events":[{}]}', 422, "invalid_site"),
        ('{"site":"test-site","visitor":"me","events":[{}]}', 422, "invalid_visitor"),
        ('{"site":"test-site","visitor":7,"events":[{}]}', 422, "invalid_visitor"),
        (" " * 65537, 413, "too_large"),
    ],
)
def test_a_body_that_is_no_batch_is_a_problem(api: EventsClient, body: str | bytes, status: int, code: str) -> None:
    answer = api.raw(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_more_than_a_hundred_events_are_refused_and_a_hundred_taken(api: EventsClient) -> None:
    hundred = [event("heartbeat") for _ in range(100)]
    assert api.post(*hundred, event("heartbeat")).json()["code"] == "invalid_events"
    assert api.post(*hundred).json()["accepted"] == 100


@pytest.mark.parametrize("key", ["nobody", "test\x00site"])
def test_an_unknown_site_is_refused(api: EventsClient, key: str) -> None:
    answer = api.post(event("page_view"), site=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_site")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://lender.example"])
def test_a_foreign_origin_is_refused_and_may_not_read_the_answer(api: EventsClient, origin: str) -> None:
    answer = api.post(event("page_view"), origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in answer
    assert not Visitor.objects.exists()


def test_the_sites_own_page_may_read_the_answer(api: EventsClient) -> None:
    assert api.post(event("page_view"))["Access-Control-Allow-Origin"] == "https://lender.example"
    refused = api.post(save_event("nonsense"))
    assert refused["Access-Control-Allow-Origin"] == "https://lender.example"


def test_a_preflight_is_answered_for_known_origins_only(api: EventsClient) -> None:
    good = api.http.options("/api/v1/events", headers={"origin": "https://lender.example"})
    bad = api.http.options("/api/v1/events", headers={"origin": "https://evil.example"})
    assert (good.status_code, good["Access-Control-Allow-Origin"]) == (204, "https://lender.example")
    assert bad.status_code == 403
    assert "Access-Control-Allow-Origin" not in bad


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
def test_a_privacy_signal_stops_the_tracking_but_not_the_saving(api: EventsClient, header: str) -> None:
    body = api.post(event("page_view"), save_event(), **{header: "1"}).json()
    assert [one["reason"] for one in body["dropped"]] == ["privacy_signal"]
    assert Visitor.objects.get().gpc is True
    assert list(Event.objects.values_list("type", flat=True)) == ["save_progress"]


def test_a_privacy_signal_alone_stores_nothing(api: EventsClient) -> None:
    answer = api.post(event("page_view"), **{"sec-gpc": "1"})
    assert (answer.status_code, answer.json()["visitor"]) == (202, None)
    assert not Visitor.objects.exists()


def test_a_later_privacy_signal_counts_for_a_known_visitor(api: EventsClient) -> None:
    mine = api.post(save_event()).json()["visitor"]
    api.post(event("heartbeat"), visitor=mine, dnt="1")
    assert Visitor.objects.get().gpc is True


def test_a_declared_crawler_is_flagged(api: EventsClient) -> None:
    api.post(event("page_view"), **{"user-agent": CRAWLER})
    assert Visitor.objects.get().is_bot is True


def test_right_to_left_names_and_emoji_are_welcome(api: EventsClient) -> None:
    api.post(save_event(first_name="محمد", last_name="Zoë 🚗"))
    visitor = Visitor.objects.get()
    assert (visitor.first_name, visitor.last_name) == ("محمد", "Zoë 🚗")


def test_tokens_and_addresses_in_paths_are_made_unreadable(api: EventsClient) -> None:
    api.post(event("page_view", page="/r/AbCdEfGhIjKl1234567890"), event("page_view", page="/u/ann@gmail.com/cars"))
    assert set(Event.objects.values_list("page", flat=True)) == {"/r/:id", "/u/:id/cars"}


def test_a_second_save_needs_no_address_again(api: EventsClient) -> None:
    mine = api.post(save_event()).json()["visitor"]
    assert api.post(save_event(None, employer="Acme"), visitor=mine).status_code == 202  # type: ignore[arg-type]
    assert Application.objects.get().employer == "Acme"


def test_a_submit_ends_the_application_and_a_late_event_begins_none(api: EventsClient) -> None:
    late = event("field_focus", field="email")
    mine = api.post(save_event(), event("submit", step=5)).json()["visitor"]
    api.post(late, visitor=mine)
    assert list(Application.objects.values_list("status", flat=True)) == ["submitted"]
    api.post(event("step_view", step=1), visitor=mine)
    assert Application.objects.count() == 2


def test_a_page_view_alone_begins_no_application(api: EventsClient) -> None:
    api.post(event("page_view"), event("heartbeat"))
    assert not Application.objects.exists()


def _queries(api: EventsClient, django_capture: Any, *events: Any, visitor: str | None = None) -> int:
    with django_capture as captured:
        assert api.post(*events, visitor=visitor).status_code == 202
    return len(captured)


def test_many_events_cost_the_queries_of_one(api: EventsClient) -> None:
    mine = api.post(event("step_view", step=1)).json()["visitor"]
    one = _queries(api, CaptureQueriesContext(connection), event("step_view", step=2), visitor=mine)
    # SQLite takes 90 such rows in one INSERT; PostgreSQL takes all hundred.
    many = [event("field_focus", step=2, field="email") for _ in range(80)]
    assert _queries(api, CaptureQueriesContext(connection), *many, visitor=mine) == one
    assert one <= 10


def test_ten_saves_in_a_batch_cost_the_queries_of_one(api: EventsClient) -> None:
    mine = api.post(event("step_view", step=1)).json()["visitor"]
    one = _queries(api, CaptureQueriesContext(connection), save_event(), visitor=mine)
    other = api.post(event("step_view", step=1)).json()["visitor"]
    saves = [save_event("jane@gmail.com") for _ in range(10)]
    assert _queries(api, CaptureQueriesContext(connection), *saves, visitor=other) == one


def test_nothing_personal_reaches_the_feed(api: EventsClient) -> None:
    api.post(save_event(phone="555-123-4567"))
    told = json.dumps(list(FeedEvent.objects.values("summary", "data")))
    assert "doe" not in told
    assert "123-4567" not in told
    assert "1234567" not in told


def test_get_is_a_problem_document(api: EventsClient) -> None:
    answer = api.http.get("/api/v1/events")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_form_post_is_no_json(api: EventsClient, site: Site) -> None:
    answer = api.http.post("/api/v1/events", {"site": site.key})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
