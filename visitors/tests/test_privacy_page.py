"""Somebody's own page: whoever has the link may end agreements, only the mailbox's owner sees, corrects and deletes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.test import Client

from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry, FeedEvent
from visitors import disclosures, selectors, services, signals
from visitors.models import (
    Application,
    Consent,
    ConsentWithdrawal,
    PrivacyLink,
    PrivacyProof,
    PrivacyRequest,
    SaleOptOut,
    Site,
    Visitor,
)
from visitors.tests.conftest import event
from visitors.tests.factories import ConsentFactory, KnownVisitorFactory, VisitorFactory, make_abandoned

PERSONAL = ("ann0@gmail.com", "9876543", "987-6543", "Archer", "4,200", "420000", "Acme", "Baker", "78701")


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ann(demo_site: Site) -> Visitor:
    row = KnownVisitorFactory.create(site=demo_site, email="ann0@gmail.com", phone="+15559876543")
    make_abandoned(visitor=row, loan_amount_cents=1_730_000, consents=("marketing_email", "dealer_contact"))
    return row


def issue(visitor: Visitor, *, origin: str = "mail") -> str:
    token = services.issue_privacy_link(visitor_id=visitor.pk, source_id=uuid4(), origin=origin, now=utc_now())
    return f"/privacy/{token}"


@pytest.fixture
def path(ann: Visitor) -> str:
    return issue(ann)


def proof_for(path: str) -> str:
    link = selectors.privacy_link(token=path.rsplit("/", 1)[1], now=utc_now())
    assert link.link_id is not None
    return f"/privacy/confirm/{services.issue_proof(link_id=link.link_id, message_id=uuid4(), now=utc_now())}"


def prove(client: Client, path: str) -> None:
    answer = client.post(proof_for(path))
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?done=verified")


@pytest.fixture
def verified(client: Client, path: str) -> Client:
    prove(client, path)
    return client


def seen(answer: Any) -> str:
    return str(answer.content.decode())


def actions(visitor: Visitor) -> list[str]:
    rows = AuditEntry.objects.filter(subject=f"visitor:{visitor.pk}", action__startswith="privacy.")
    return list(rows.order_by("id").values_list("action", flat=True))


# The link


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


# What whoever holds the link may do


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


# The proof of the address


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


# What the mailbox's owner may do


def test_a_correction_passes_the_checks_of_the_form_and_is_audited_without_values(
    verified: Client, ann: Visitor, path: str
) -> None:
    form = {
        "act": "correct", "first_name": "Anna", "last_name": "Archer", "email": "anna.new@gmail.com",
        "phone": "555-987-1234", "state": "CA", "zip": "94107", "employer": "New Foods", "monthly_income": "3,900.50",
    }  # fmt: skip
    assert verified.post(path, form)["Location"] == f"{path}?done=corrected"
    ann.refresh_from_db()
    assert (ann.first_name, ann.email, ann.phone) == ("Anna", "anna.new@gmail.com", "+15559871234")
    assert (ann.state, ann.zip_code, ann.zip3) == ("CA", "94107", "941")
    application = Application.objects.get()
    assert (application.employer, application.monthly_income_cents) == ("New Foods", 390_050)
    facts = AuditEntry.objects.get(action="privacy.corrected").facts
    assert facts["changed"] == ["email", "employer", "first_name", "monthly_income_cents", "phone", "state", "zip"]
    told = json.dumps([facts, *FeedEvent.objects.values_list("data", flat=True)])
    assert not [value for value in ("Anna", "anna.new", "94107", "3900", "New Foods") if value in told]
    assert verified.post(path, form)["Location"] == f"{path}?done=unchanged"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "ann@mailinator.com", "that you will keep"),
        ("email", "not an address", "does not look like an e-mail"),
        ("phone", "12", "does not look like a US phone"),
        ("zip", "ABC", "five digits"),
        ("state", "XX", "choose a US state"),
        ("monthly_income", "lots", "Enter your monthly income"),
        ("last_name", "<script>", "Please use letters"),
        ("employer", "123-45-6789", "social security"),
    ],
)
def test_a_wrong_correction_is_shown_beside_its_field_and_changes_nothing(
    verified: Client, ann: Visitor, path: str, field: str, value: str, said: str
) -> None:
    answer = verified.post(path, {"act": "correct", "first_name": "Eve", field: value})
    assert answer.status_code == 422
    assert said in seen(answer)
    assert "<script>" not in seen(answer)
    ann.refresh_from_db()
    assert ann.first_name == "Ann"


def test_a_new_address_closes_the_ways_in_that_went_to_the_old_mailbox(
    verified: Client, ann: Visitor, path: str
) -> None:
    other = issue(ann)
    back = services.issue_return_link(application_id=Application.objects.get().pk, message_id=uuid4(), now=utc_now())
    verified.post(path, {"act": "correct", "email": "anna.new@gmail.com"})
    assert Client().get(other).status_code == 410
    assert Client().post(f"/r/{back}").status_code == 410
    assert verified.get(path).status_code == 200


def test_dealers_who_hold_the_old_values_are_told_by_staff(
    verified: Client, ann: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    had = disclosures.Recipient(disclosures.DEALER, "Lakeside Motors", utc_now())
    monkeypatch.setattr(disclosures, "_sources", {"leads": lambda ids: [had] if ann.pk in ids else []})
    assert "Lakeside Motors" in seen(verified.get(path))
    answer = verified.post(path, {"act": "correct", "phone": "555-987-1234"})
    assert answer["Location"] == f"{path}?done=corrected_dealers"
    assert PrivacyRequest.objects.get().kind == "tell_recipients"
    assert FeedEvent.objects.get(kind="privacy.tell_recipients").severity == "warn"


def read(answer: Any) -> Any:
    async def whole() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    return json.loads(async_to_sync(whole)())


def test_the_record_of_an_own_consent_opens_to_print_and_nobody_elses(
    verified: Client, ann: Visitor, path: str
) -> None:
    own, other = Consent.objects.filter(visitor=ann).first(), ConsentFactory.create()
    assert own is not None
    assert f'value="{own.pk}"' in verified.get(path).content.decode()
    answer = verified.post(path, {"act": "consent", "consent": own.pk})
    assert (answer.status_code, str(own.pk) in seen(answer), own.text_sha256 in seen(answer)) == (200, True, True)
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert actions(ann)[-1] == "privacy.consent_copied"
    assert verified.post(path, {"act": "consent", "consent": other.pk}).status_code == 400


def test_the_download_is_one_streamed_file_with_everything(verified: Client, ann: Visitor, path: str) -> None:
    answer = verified.post(path, {"act": "download"})
    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer["Cache-Control"] == "no-store, private"
    tables = {section["table"]: section["rows"] for section in read(answer)["sections"]}
    assert tables["visitors_visitor"][0]["email"] == "ann0@gmail.com"
    assert tables["visitors_application"][0]["employer"] == "Acme Foods"
    assert {row["kind"] for row in tables["visitors_consent"]} == {"marketing_email", "dealer_contact"}
    assert "token_hash" not in json.dumps(tables)
    assert actions(ann)[-1] == "privacy.exported"


def test_a_stranger_who_mistyped_this_address_stays_a_stranger(verified: Client, ann: Visitor, path: str) -> None:
    rows = {"site": ann.site, "email": ann.email, "email_holder": False}
    KnownVisitorFactory.create(**rows, last_name="Mistyped", phone="+15551110000")
    KnownVisitorFactory.create(**rows, last_name="Otherself", identity="known")
    page = seen(verified.get(path))
    assert "2 other browsers saved data with the same address" in page
    assert "Mistyped" not in page
    sections = read(verified.post(path, {"act": "download"}))["sections"]
    names = {row["last_name"] for one in sections if one["table"] == "visitors_visitor" for row in one["rows"]}
    assert names == {"Archer", "Otherself"}


def test_deleting_shows_first_what_goes_and_what_stays_then_does_it_once(
    verified: Client, ann: Visitor, path: str
) -> None:
    twin = KnownVisitorFactory.create(site=ann.site, email=ann.email, email_holder=False)
    other = issue(twin)
    asked = seen(verified.post(path, {"act": "erase"}))
    assert "This goes" in asked
    assert "This stays" in asked
    assert Visitor.objects.filter(erased_at__isnull=True).count() == 2
    answer = verified.post(path, {"act": "erase", "confirm": "yes"})
    assert "Your data is deleted" in seen(answer)
    assert "This stays" in seen(answer)
    assert answer.cookies["cl_privacy"].value == ""
    assert not Visitor.objects.filter(erased_at__isnull=True).exists()
    assert Visitor.objects.get(pk=ann.pk).email == ""
    assert Consent.objects.count() == 2
    for address in (path, other):
        closed = verified.post(address, {"act": "erase", "confirm": "yes"})
        assert closed.status_code == 410
        assert "nothing left to show" in seen(closed)
    assert actions(ann).count("privacy.erased") == 1


def test_an_erased_persons_proof_opens_nothing(client: Client, ann: Visitor, path: str) -> None:
    proof = proof_for(path)
    services.erase_visitor(visitor_id=ann.pk, now=utc_now())
    assert client.post(proof).status_code == 410
    with pytest.raises(services.PrivacyLinkUnknown):
        services.issue_privacy_link(visitor_id=ann.pk, source_id=uuid4(), origin="mail", now=utc_now())


# Reading


def test_the_page_speaks_the_persons_language_and_can_be_switched(client: Client, ann: Visitor, path: str) -> None:
    Visitor.objects.update(locale="es")
    assert "Sus datos y opciones" in seen(client.get(path))
    assert "Your data and choices" in seen(client.get(f"{path}?lang=en"))
    assert "Your data and choices" in seen(client.get(path))


def test_the_page_asks_as_often_for_many_rows_as_for_one(
    client: Client, ann: Visitor, path: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        ConsentFactory.create(visitor=ann, kind="soft_pull", act=f"act {number}")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(20):
        ConsentFactory.create(visitor=ann, kind="soft_pull", act=f"more {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(path)
