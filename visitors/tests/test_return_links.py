"""The way back opens once, for its owner, and shows a stranger nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from carloans.core.clock import utc_now
from visitors import services, signals
from visitors.models import Application, ReturnLink, Site, Visitor
from visitors.tests.factories import KnownVisitorFactory, make_abandoned

PERSONAL = ("ann0", "gmail", "6543", "Archer", "4,200", "4200", "420000", "Acme", "Baker", "17,300", "1730000")


@pytest.fixture
def application(demo_site: Site) -> Application:
    ann = KnownVisitorFactory.create(site=demo_site, email="ann0@gmail.com", phone="+15559876543")
    return make_abandoned(visitor=ann, loan_amount_cents=1_730_000)


@pytest.fixture
def token(application: Application) -> str:
    return services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=utc_now())


def expire(token: str) -> None:
    ReturnLink.objects.update(expires_at=utc_now() - timedelta(seconds=1))


def test_a_token_is_long_kept_as_a_hash_and_lives_a_day(application: Application, token: str) -> None:
    link = ReturnLink.objects.get()
    assert len(token) == 43
    assert token not in link.token_hash
    assert len(link.token_hash) == 64
    assert link.expires_at - link.created_at == timedelta(hours=24)


def test_one_message_has_one_link_however_often_it_is_rendered(application: Application, moment: datetime) -> None:
    message = uuid4()
    issue: dict[str, Any] = {"application_id": application.pk, "message_id": message, "now": moment}
    assert services.issue_return_link(**issue) == services.issue_return_link(**issue)
    assert ReturnLink.objects.count() == 1


def test_an_erased_visitor_gets_no_link(application: Application, moment: datetime) -> None:
    services.erase_visitor(visitor_id=application.visitor_id, now=moment)
    with pytest.raises(services.LinkUnknown):
        services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=moment)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_consumes_nothing(client: Client, token: str, method: str) -> None:
    for _ in range(3):
        answer = getattr(client, method)(f"/r/{token}")
        assert answer.status_code == 200
        assert not answer.cookies.get("cl_return")
    assert ReturnLink.objects.get().used_at is None
    assert Application.objects.get().status == "abandoned"


def test_the_page_of_a_link_shows_nothing_personal(client: Client, token: str) -> None:
    page = client.get(f"/r/{token}").content.decode()
    assert not [word for word in (*PERSONAL, "Ann") if word in page]


def test_the_press_redeems_once_and_the_second_device_is_refused(client: Client, token: str) -> None:
    first = client.post(f"/r/{token}")
    assert (first.status_code, first["Location"]) == (302, "/?welcome=1")
    second = Client().post(f"/r/{token}")
    assert second.status_code == 410
    assert "cl_return" not in second.cookies
    assert Application.objects.get().status == "returned"
    assert Visitor.objects.get().identity == "known"


def test_the_same_browser_may_come_back_by_its_link(client: Client, token: str) -> None:
    client.post(f"/r/{token}")
    assert client.get(f"/r/{token}")["Location"] == "/?welcome=1"


def test_the_cookie_is_signed_and_out_of_reach_for_scripts(client: Client, token: str) -> None:
    cookie = client.post(f"/r/{token}").cookies["cl_return"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 86400
    stranger = Client()
    stranger.cookies["cl_return"] = cookie.value[:-4] + "AAAA"
    assert b"Welcome back" not in stranger.get("/").content


def test_the_form_is_restored_with_first_name_and_vehicle_only(client: Client, token: str) -> None:
    client.post(f"/r/{token}")
    page = client.get("/?welcome=1").content.decode()
    assert "Welcome back, Ann" in page
    assert 'value="Corolla"' in page
    assert 'data-step="4"' in page
    assert "Leave this empty to keep what you entered" in page
    assert not [word for word in PERSONAL if word in page]


def test_a_restored_form_may_be_submitted_without_typing_it_all_again(client: Client, token: str) -> None:
    client.post(f"/r/{token}")
    answer = client.post("/", {"intent": "submit", "vehicle_make": "Toyota", "vehicle_model": "Corolla"})
    assert answer["Location"] == "/?sent=1"
    application = Application.objects.get()
    assert (application.status, application.visitor.email) == ("submitted", "ann0@gmail.com")


def test_starting_over_forgets_the_form_on_this_device(client: Client, token: str) -> None:
    client.post(f"/r/{token}")
    client.post("/start-over")
    assert b"Welcome back" not in client.get("/").content


def test_a_form_of_another_site_redeems_nothing(client: Client, token: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        client.post(f"/r/{token}", headers=headers)
    assert ReturnLink.objects.get().used_at is None


@pytest.mark.parametrize("token", ["nonsense", "A" * 43, "a" * 4000, "%F0%9F%9A%97", "x%00y"])
def test_an_unknown_token_is_a_kind_page(client: Client, demo_site: Site, token: str) -> None:
    for answer in (client.get(f"/r/{token}"), client.post(f"/r/{token}")):
        assert answer.status_code == 404
        assert b"We do not know this link" in answer.content


def test_upper_and_lower_case_are_different_tokens(client: Client, token: str) -> None:
    assert client.get(f"/r/{token.swapcase()}").status_code == 404


def test_an_expired_link_offers_a_fresh_one_by_mail(client: Client, token: str) -> None:
    expire(token)
    answer = client.post(f"/r/{token}")
    assert answer.status_code == 410
    assert b"Send me a fresh link" in answer.content
    assert ReturnLink.objects.get().used_at is None


@pytest.fixture
def wanted() -> Any:
    told: list[dict[str, Any]] = []

    def listen(**facts: Any) -> None:
        told.append(facts)

    signals.return_link_requested.connect(listen)
    yield told
    signals.return_link_requested.disconnect(listen)


def test_a_fresh_link_is_asked_for_once_per_old_one(
    client: Client, token: str, application: Application, wanted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    expire(token)
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            assert b"check your e-mail" in client.post(f"/r/{token}", {"fresh": "1"}).content
    assert [facts["application_id"] for facts in wanted] == [application.pk]


def test_a_link_that_still_works_or_never_was_brings_no_mail(
    client: Client, token: str, wanted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/r/{token}", {"fresh": "1"}).status_code == 200
        assert client.post("/r/nonsense", {"fresh": "1"}).status_code == 200
    assert wanted == []


def test_a_revoked_link_does_not_open(client: Client, token: str, application: Application) -> None:
    assert services.revoke_return_links(visitor_id=application.visitor_id, now=utc_now()) == 1
    assert client.post(f"/r/{token}").status_code == 410


def test_submitting_closes_the_ways_back(client: Client, token: str, application: Application) -> None:
    assert services.submit_application(application_id=application.pk, now=utc_now())
    assert client.post(f"/r/{token}").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_redeems(demo_site: Site) -> None:
    import threading

    from django.db import connection

    application = make_abandoned(visitor__site=demo_site)
    token = services.issue_return_link(application_id=application.pk, message_id=uuid4(), now=utc_now())
    codes: list[int] = []

    def press() -> None:
        start.wait()
        codes.append(Client().post(f"/r/{token}").status_code)
        connection.close()

    start = threading.Barrier(2)
    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(codes) == [302, 410]
