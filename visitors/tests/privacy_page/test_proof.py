"""The values open to the mailbox's owner alone, for half an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from carloans.core.clock import utc_now
from visitors import selectors, services, signals
from visitors.models import PrivacyLink, PrivacyProof, PrivacyRequest, Site, Visitor
from visitors.tests.factories import KnownVisitorFactory, VisitorFactory
from visitors.tests.privacy_page.pages import PERSONAL, actions, issue, proof_for, seen


@pytest.fixture
def wanted() -> Iterator[list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []

    def listen(**facts: Any) -> None:
        told.append(facts)

    signals.privacy_proof_requested.connect(listen)
    yield told
    signals.privacy_proof_requested.disconnect(listen)


def ask_for_proof(client: Client, path: str, capture: Any) -> str:
    with capture(execute=True):
        return seen(client.post(path, {"act": "prove"}))


def test_the_answer_is_the_same_whether_a_mail_leaves_or_not(
    client: Client, ann: Visitor, path: str, wanted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    pages = {ask_for_proof(client, path, django_capture_on_commit_callbacks) for _ in range(3)}
    assert len(pages) == 1
    assert "If an address is stored" in pages.pop()
    assert [facts["visitor_id"] for facts in wanted] == [ann.pk]
    nobody = VisitorFactory.create(site=ann.site)
    ask_for_proof(client, issue(nobody, origin="chat"), django_capture_on_commit_callbacks)
    assert len(wanted) == 1


def test_many_links_to_one_mailbox_do_not_mean_many_mails(
    client: Client, ann: Visitor, wanted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(8):
        ask_for_proof(client, issue(ann), django_capture_on_commit_callbacks)
    assert len(wanted) == 5


def test_a_request_whose_news_was_lost_is_found_until_it_is_answered(ann: Visitor, path: str) -> None:
    link = PrivacyLink.objects.get()
    moment = utc_now()
    assert services.request_proof(link_id=link.pk, now=moment)
    assert selectors.proofs_wanted(since=moment) == [(link.pk, ann.pk, moment)]
    services.issue_proof(link_id=link.pk, message_id=uuid4(), now=moment)
    assert selectors.proofs_wanted(since=moment) == []


def test_the_proof_opens_the_values_for_half_an_hour(client: Client, ann: Visitor, path: str) -> None:
    proof = proof_for(path)
    assert "Is it you?" in seen(client.get(proof))
    answer = client.post(proof)
    cookie = answer.cookies["cl_privacy"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["path"]) == (
        True, "Strict", 1800, "/privacy/",
    )  # fmt: skip
    page = seen(client.get(path))
    for value in ("ann0@gmail.com", "+15559876543", "Archer", "$4,200.00", "Acme Foods", "78701", "$17,300.00"):
        assert value in page
    assert actions(ann) == ["privacy.link_issued", "privacy.verified", "privacy.viewed_in_full"]
    assert Visitor.objects.get().identity == "known"


def test_a_proof_works_once(client: Client, path: str) -> None:
    proof = proof_for(path)
    client.post(proof)
    stranger = Client()
    for answer in (stranger.post(proof), stranger.get(proof)):
        assert answer.status_code == 410
        assert "cl_privacy" not in answer.cookies
    assert not [value for value in PERSONAL if value in seen(stranger.get(path))]


def test_a_proof_older_than_half_an_hour_is_refused(client: Client, path: str) -> None:
    proof = proof_for(path)
    PrivacyProof.objects.update(expires_at=utc_now() - timedelta(seconds=1))
    assert client.post(proof).status_code == 410
    assert "ann0@gmail.com" not in seen(client.get(path))


def test_the_cookie_ends_after_half_an_hour_wherever_it_is_kept(
    verified: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ann0@gmail.com" in seen(verified.get(path))
    monkeypatch.setattr("visitors.tokens.PROOF_SECONDS", -1)
    assert "ann0@gmail.com" not in seen(verified.get(path))


def test_a_forged_cookie_opens_nothing(client: Client, path: str, verified: Client) -> None:
    stranger = Client()
    stranger.cookies["cl_privacy"] = verified.cookies["cl_privacy"].value[:-4] + "AAAA"
    assert "ann0@gmail.com" not in seen(stranger.get(path))


def test_ones_own_proof_does_not_open_another_persons_page(verified: Client, ann: Visitor) -> None:
    bob = KnownVisitorFactory.create(site=ann.site, email="bob@gmail.com", last_name="Barlow")
    other = issue(bob)
    assert "bob@gmail.com" not in seen(verified.get(other))
    for act in ("correct", "download", "consent", "erase"):
        assert verified.post(other, {"act": act, "confirm": "yes", "last_name": "Evil"}).status_code == 403
    bob.refresh_from_db()
    assert (bob.erased_at, bob.last_name) == (None, "Barlow")


@pytest.mark.parametrize("act", ["correct", "download", "consent", "erase"])
def test_the_link_alone_neither_corrects_nor_downloads_nor_deletes(
    client: Client, ann: Visitor, path: str, act: str
) -> None:
    answer = client.post(path, {"act": act, "confirm": "yes", "first_name": "Eve"})
    assert answer.status_code == 403
    assert "we need to know first that it is you" in seen(answer)
    assert not [value for value in PERSONAL if value in seen(answer)]
    ann.refresh_from_db()
    assert (ann.first_name, ann.erased_at) == ("Ann", None)


def test_without_an_address_a_person_helps(client: Client, demo_site: Site) -> None:
    caller = KnownVisitorFactory.create(site=demo_site, email="", phone="+15559876543")
    path = issue(caller, origin="chat")
    page = seen(client.get(path))
    assert "Ask our team" in page
    assert "Send me the link" not in page
    assert "9876543" not in page
    client.post(path, {"act": "ask_staff", "kind": "human_help", "confirm": "yes"})
    assert PrivacyRequest.objects.get().kind == "human_help"
