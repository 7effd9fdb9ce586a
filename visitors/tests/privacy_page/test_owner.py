"""The mailbox's owner corrects, downloads and deletes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry, FeedEvent
from visitors import disclosures, services
from visitors.models import Application, Consent, PrivacyRequest, Visitor
from visitors.tests.factories import ConsentFactory, KnownVisitorFactory
from visitors.tests.privacy_page.pages import actions, issue, proof_for, seen


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
