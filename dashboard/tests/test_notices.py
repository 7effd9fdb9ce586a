"""The pages of notice duties: what they show, who may do what, and each press."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from carloans.core.models import AuditEntry
from credit import notice_text, notices
from credit.models import NoticeDuty, NoticeMail, NoticePolicy, NoticeProof
from dashboard import roles
from visitors.tests.factories import ApplicationFactory, SiteFactory

pytestmark = pytest.mark.django_db


def signed_in(name: str, role: str) -> Client:
    user = get_user_model().objects.create_user(name, is_staff=True)
    roles.assign(user, role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def olive() -> Client:
    """A compliance officer."""
    return signed_in("olive", "compliance")


def owed(now: Any, days: int = 0, **facts: Any) -> NoticeDuty:
    saved = now - timedelta(days=days)
    number = NoticeDuty.objects.count()
    application = ApplicationFactory.create(external_id=f"L-{number}", saved_at=saved, employer="", **facts)
    duty = notices.note_application(application_id=application.pk, now=now)
    assert duty is not None
    return duty


def press(client: Client, duty: NoticeDuty, act: str, **fields: Any) -> Any:
    return client.post(reverse("dashboard:notice_act", args=[duty.pk, act]), fields)


def page(client: Client, duty: NoticeDuty) -> str:
    return str(client.get(reverse("dashboard:notice", args=[duty.pk])).content.decode())


def test_the_list_shows_clocks_owners_and_the_figure_that_must_be_zero(olive: Client, now: Any) -> None:
    owed(now, days=31)
    owed(now, days=22)
    shown = olive.get(reverse("dashboard:notices")).content.decode()
    for words in ("1 day overdue", "7 days left", "olive", "0 of them overdue", "Incomplete application"):
        assert words in shown
    overdue = olive.get(reverse("dashboard:notices"), {"show": "overdue", "part": "rows"}).content.decode()
    assert ("1 day overdue" in overdue, "7 days left" in overdue) == (True, False)


def test_the_list_costs_the_same_for_one_and_for_many(
    olive: Client, now: Any, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(40) as counted:
            assert olive.get(reverse("dashboard:notices"), {"part": "rows"}).status_code == 200
        return len(counted)

    owed(now)
    queries()
    one = queries()
    for _ in range(6):
        owed(now)
    assert queries() == one


def test_a_duty_shows_its_clock_its_basis_and_what_is_missing_and_no_personal_data(olive: Client, now: Any) -> None:
    duty = owed(now)
    shown = page(olive, duty)
    for words in (
        "12 CFR 1002.9(c)",
        "30 days",
        "employer, submission",
        "credit.notice_owed",
        "no further consideration",
    ):
        assert words in shown
    for secret in ("Archer", "@gmail.com", "5551234567"):
        assert secret not in shown


def test_it_is_assigned(olive: Client, now: Any) -> None:
    duty = owed(now)
    otto = get_user_model().objects.create_user("otto", is_staff=True)
    assert press(olive, duty, "assign", owner=otto.pk).status_code == 400
    roles.assign(otto, "manager")
    assert press(olive, duty, "assign", owner=otto.pk).status_code == 302
    duty.refresh_from_db()
    assert duty.owner == otto
    entry = AuditEntry.objects.filter(action="credit.notice_assigned").latest("id")
    assert entry.actor == f"staff:{get_user_model().objects.get(username='olive').pk}"


def settled(client: Client, duty: NoticeDuty, now: Any, **fields: Any) -> Any:
    given = {"method": "letter", "says": "incomplete", "sent_on": now.date().isoformat(), "reference": "RR 1"}
    return press(client, duty, "settle", **{**given, **fields})


def test_it_is_settled_with_the_hash_of_the_text_that_is_not_kept(olive: Client, now: Any) -> None:
    duty = owed(now)
    assert settled(olive, duty, now, text="Dear Jane,\r\nplease …\r\n").status_code == 302
    proof = NoticeProof.objects.get()
    assert proof.text_sha256 == notice_text.text_hash("Dear Jane,\nplease …")
    assert proof.staff.get_username() == "olive"
    assert "Jane" not in str(list(NoticeProof.objects.values())) + str(list(AuditEntry.objects.values()))
    assert proof.text_sha256 in page(olive, duty)


def test_it_is_settled_with_the_file_that_was_sent(olive: Client, now: Any) -> None:
    duty = owed(now)
    scan = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter", "application/pdf")
    assert settled(olive, duty, now, document=scan).status_code == 302
    assert NoticeProof.objects.get().text_sha256 == sha256(b"%PDF-1.7 a letter").hexdigest()


@pytest.mark.parametrize(
    "fields", [{}, {"text": "Hello", "sent_on": ""}, {"text": "Hello", "reference": "jane@example.com"}]
)
def test_what_proves_nothing_is_refused_in_words(olive: Client, now: Any, fields: dict[str, str]) -> None:
    duty = owed(now)
    answer = settled(olive, duty, now, **fields)
    assert (answer.status_code, b'role="alert"' in answer.content) == (400, True)
    assert not NoticeProof.objects.exists()


def test_our_notice_is_queued_once_by_two_presses(olive: Client, now: Any, settings: Any) -> None:
    duty = owed(now)
    assert [press(olive, duty, "send").status_code for _ in range(2)] == [302, 302]
    assert NoticeMail.objects.get().staff.get_username() == "olive"


def test_it_is_closed_or_held_for_a_reason(olive: Client, now: Any) -> None:
    first, second = owed(now), owed(now)
    assert press(olive, first, "close", reason="offer_accepted").status_code == 403
    assert press(olive, first, "close", reason="application_withdrawn").status_code == 302
    assert press(olive, second, "held", reference="their case 4711").status_code == 302
    assert set(NoticeDuty.objects.values_list("state", flat=True)) == {"closed", "held_by_creditor"}
    assert settled(olive, first, now, text="Hello").status_code == 404


def test_actions_and_reasons_start_their_own_clocks(olive: Client, now: Any) -> None:
    duty = owed(now)
    day = now.date().isoformat()
    assert press(olive, duty, "adverse", kind="account_action", taken_on=day).status_code == 302
    assert press(olive, duty, "reasons", asked_on=day).status_code == 403
    assert settled(olive, duty, now, text="Hello", says="adverse_action").status_code == 302
    assert press(olive, duty, "reasons", asked_on=day).status_code == 302
    assert set(NoticeDuty.objects.values_list("kind", flat=True)) == {"incompleteness", "account_action", "reasons"}
    assert "Statement of reasons" in page(olive, duty)


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_who_may_not_settle_sees_and_does_nothing(role: str, now: Any) -> None:
    client, duty = signed_in("vic", role), owed(now)
    assert "<form class=" not in page(client, duty)
    for act in ("assign", "settle", "held", "close", "send", "reasons", "adverse"):
        assert press(client, duty, act).status_code == 403
    duty.refresh_from_db()
    assert duty.state in notices.OPEN


def test_an_unknown_duty_or_act_is_not_found(olive: Client, now: Any) -> None:
    assert press(olive, owed(now), "burn").status_code == 404
    missing = "6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11"
    assert olive.get(reverse("dashboard:notice", args=[missing])).status_code == 404
    assert olive.post(reverse("dashboard:notice_act", args=[missing, "held"])).status_code == 404


def test_an_application_shows_when_it_was_received_and_what_is_due(olive: Client, now: Any) -> None:
    duty = owed(now)
    shown = olive.get(reverse("dashboard:applications")).content.decode()
    assert "incomplete" in shown
    assert f"notice due {duty.due_at:%Y-%m-%d}" in shown


def test_a_change_of_a_sites_policy_is_in_the_trail(admin: Client) -> None:
    policy = NoticePolicy.objects.create(site=SiteFactory.create())
    address = reverse("admin:credit_noticepolicy_change", args=[policy.pk])
    fields = {"site": policy.site_id, "saved_forms_count": "on", "days_to_complete": "20", "owner": ""}
    assert admin.post(address, fields).status_code == 302
    entry = AuditEntry.objects.get(action="credit.notice_policy_set")
    assert entry.facts == {
        "imports_count": False, "saved_forms_count": True, "days_to_complete": 20, "owner_id": None,
    }  # fmt: skip
