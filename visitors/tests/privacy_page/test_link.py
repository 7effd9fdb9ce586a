"""What the link to somebody's own page opens, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry, FeedEvent
from visitors import services
from visitors.models import Application, ConsentWithdrawal, PrivacyLink, PrivacyProof, Site, Visitor
from visitors.tests.privacy_page.pages import PERSONAL, issue, proof_for, seen


def test_a_token_is_long_kept_as_a_hash_and_the_same_on_every_repeat(ann: Visitor) -> None:
    facts: dict[str, Any] = {"visitor_id": ann.pk, "source_id": uuid4(), "origin": "mail", "now": utc_now()}
    token = services.issue_privacy_link(**facts)
    assert services.issue_privacy_link(**facts) == token
    link = PrivacyLink.objects.get()
    assert len(token) == 43
    assert len(link.token_hash) == 64
    assert token not in link.token_hash


def test_the_page_says_what_is_stored_and_hides_the_values(client: Client, path: str) -> None:
    page = seen(client.get(path))
    assert "a***@g***.com" in page
    assert "•••-•••-••43" in page
    assert "2021 Toyota Corolla" in page
    assert "Test Lender" in page
    assert "25 months" in page
    assert not [value for value in PERSONAL if value in page]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_changes_nothing(client: Client, ann: Visitor, path: str, method: str) -> None:
    proof = proof_for(path)
    before = AuditEntry.objects.count(), FeedEvent.objects.count()
    for address in (path, proof, f"{path}?act=erase&confirm=yes", f"{path}?done=verified"):
        assert getattr(client, method)(address).status_code == 200
    assert (AuditEntry.objects.count(), FeedEvent.objects.count()) == before
    assert PrivacyProof.objects.get().used_at is None
    assert not client.cookies.get("cl_privacy")
    ann.refresh_from_db()
    assert ann.erased_at is None


def test_nobody_keeps_lists_or_passes_on_the_address(client: Client, path: str) -> None:
    for answer in (client.get(path), client.get(proof_for(path)), client.get("/privacy/nonsense")):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store, private"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "<script" not in seen(answer)
        assert "http://" not in seen(answer)
        assert "https://" not in seen(answer)


@pytest.mark.parametrize("token", ["nonsense", "A" * 43, "a" * 3000, "%F0%9F%9A%97", "x%00y"])
def test_an_unknown_token_is_a_kind_page(client: Client, demo_site: Site, token: str) -> None:
    for address in (f"/privacy/{token}", f"/privacy/confirm/{token}"):
        for answer in (client.get(address), client.post(address, {"act": "erase", "confirm": "yes"})):
            assert answer.status_code == 404
            assert "We do not know this link" in seen(answer)


def test_a_return_links_token_opens_no_page_and_the_other_way_round(client: Client, ann: Visitor, path: str) -> None:
    token = services.issue_return_link(application_id=Application.objects.get().pk, message_id=uuid4(), now=utc_now())
    assert client.get(f"/privacy/{token}").status_code == 404
    assert client.get(path.replace("/privacy/", "/r/")).status_code == 404
    assert client.get(path.replace("/privacy/", "/privacy/confirm/")).status_code == 404


def test_an_expired_and_a_revoked_link_say_where_a_new_one_is(client: Client, ann: Visitor, path: str) -> None:
    other = issue(ann)
    assert services.revoke_privacy_links(visitor_id=ann.pk, besides=PrivacyLink.objects.first().pk, now=utc_now()) == 1
    PrivacyLink.objects.update(expires_at=utc_now() - timedelta(seconds=1))
    for address in (path, other):
        answer = client.post(address, {"act": "withdraw", "kind": "marketing_email", "confirm": "yes"})
        assert answer.status_code == 410
        assert "ask her about your data" in seen(answer)
    assert not ConsentWithdrawal.objects.exists()


def test_a_form_of_another_site_does_nothing(client: Client, path: str) -> None:
    press = {"act": "withdraw", "kind": "marketing_email", "confirm": "yes"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(path, press, headers=headers).status_code == 200
        assert client.post(proof_for(path), headers=headers).status_code == 200
    assert not ConsentWithdrawal.objects.exists()
    assert not PrivacyProof.objects.filter(used_at__isnull=False).exists()


def test_our_own_form_counts_though_the_browser_hides_its_origin(client: Client, path: str) -> None:
    press = {"act": "withdraw", "kind": "marketing_email", "confirm": "yes"}
    for headers in ({"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": "null"}):
        assert client.post(path, press, headers=headers).status_code == 302


def test_who_hammers_has_to_wait(client: Client, path: str) -> None:
    answers = [client.post(path, {"act": "withdraw", "kind": "marketing_email"}).status_code for _ in range(22)]
    assert answers[:20] == [200] * 20
    assert answers[20:] == [429] * 2
    for _ in range(40):
        client.get("/privacy/guessed")
    answer = client.get("/privacy/guessed")
    assert (answer.status_code, answer["Referrer-Policy"]) == (429, "no-referrer")
