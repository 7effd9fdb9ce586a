"""The audit trail can be searched and read as a timeline; a consent can be taken out; only by whom it concerns."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carloans.core import audit
from carloans.core.models import AuditEntry, AuditSeal
from carloans.core.verification import findings
from dashboard import roles
from dashboard.tests.rows import SECRETS, story
from visitors import services as visitors
from visitors.tests.factories import KnownVisitorFactory

pytestmark = pytest.mark.django_db


def agree(visitor, now, kind="marketing_email"):
    return visitors.record_consent(
        visitor_id=visitor, kind=kind, locale="en", act="pressed Save", element_id="save", page="/apply",
        ip="192.0.2.7", user_agent="test", shown_at=now, now=now,
    )  # fmt: skip


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(role):
    user = get_user_model().objects.create_user(role, is_staff=True)
    roles.assign(user, role)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ["viewer", "agent", "manager"])
def test_the_trail_is_for_compliance_and_administrators(role, now):
    told = story(now)
    consent = agree(told.visitor, now)
    client = signed_in(role)
    paths = [
        "/ops/audit/", f"/ops/people/{told.visitor}/", f"/ops/leads/{told.lead}/timeline/",
        f"/ops/conversations/{told.conversation}/timeline/", f"/ops/consents/{consent.pk}.json",
        f"/ops/consents/{consent.pk}.html",
    ]  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [403] * len(paths)
    assert "/ops/audit/" not in client.get("/ops/leads/").content.decode()
    compliance = signed_in("compliance")
    assert [compliance.get(path).status_code for path in paths] == [200] * len(paths)
    assert "/ops/audit/" in compliance.get("/ops/leads/").content.decode()


def test_entries_show_with_their_seal_and_the_newest_root(staff, now):
    audit.record(action="first.thing", actor="system", subject="lead:x", now=now, facts={"code": "sealed_one"})
    audit.seal(now=now)
    audit.record(action="second.thing", actor="system", subject="lead:y", now=now + timedelta(seconds=1))
    page = shown(staff, "/ops/audit/")
    assert page.index("second.thing") < page.index("sealed by 1")
    assert "waiting" in page
    assert AuditSeal.objects.get().root in page
    assert "code: sealed_one" in page


def test_without_an_entry_the_page_says_so(staff):
    page = shown(staff, "/ops/audit/?action=nothing.like.it")
    assert "No entry matches." in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("action=b.done", 2),
        ("actor=staff:7", 1),
        ("subject=lead:6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11", 1),
        ("subject=6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11", 1),
        ("since=2020-01-02&until=2020-01-02&action=a.done", 1),
        ("since=2020-01-03&until=2020-01-04&action=a.done", 0),
        ("since=nonsense&action=a.done", 1),
        ("before=nonsense|x&action=a.done", 1),
        ("before=2020-01-01T00:00:00%2B00:00|99999999999999999999&action=a.done", 1),
        ("subject=%00&action=a.done", 1),
        ("until=9999-12-31&action=a.done", 1),
    ],
)
def test_a_search_finds_what_it_names(staff, now, query, count):
    old = now.replace(year=2020, month=1, day=2)
    audit.record(action="a.done", actor="system", subject="lead:6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11", now=old)
    audit.record(action="b.done", actor="staff:7", subject="lead:1", now=now)
    audit.record(action="b.done", actor="system", subject="lead:2", now=now)
    assert shown(staff, f"/ops/audit/?{query}").count('<tr>\n<th scope="row"') == count


@pytest.mark.parametrize("asked", ["conversation_claimed", "conversation.claimed"])
def test_an_action_that_was_renamed_is_found_and_shown_by_its_name_of_today(staff, now, asked):
    for action in ("conversation_claimed", "conversation.claimed"):
        audit.record(action=action, actor="system", subject="conversation:x", now=now)
    audit.seal(now=now)
    page = shown(staff, f"/ops/audit/?action={asked}")
    assert page.count(">conversation.claimed</td>") == 2
    assert "conversation_claimed</td>" not in page
    assert list(findings()) == []


def test_pages_follow_each_other_without_a_gap(staff, now):
    for number in range(120):
        # Several at the same moment: the number decides between them.
        audit.record(
            action="paged", actor="system", subject=f"lead:n{number}e", now=now - timedelta(seconds=number // 7)
        )
    seen, query = [], "action=paged"
    while query:
        answer = staff.get(f"/ops/audit/?{query}")
        seen += [entry.subject for entry, _ in answer.context["rows"]]
        query = answer.context["older"]
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("query", ["", "action=x", "actor=x", "subject=lead:x", "since=2020-01-01"])
def test_a_search_reads_an_index(staff, query, now):
    """Whatever is asked, the database walks an index and neither the whole table nor a sort of it."""
    from dashboard.views import audit as page

    asked = dict(part.split("=") for part in query.split("&") if part)
    wanted = audit.Wanted(
        action=asked.get("action", ""), actor=asked.get("actor", ""), subject=asked.get("subject", ""),
        since=page._day(asked.get("since", "")),
    )  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        audit.search(wanted)
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's planner prefers to read a small table whole")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + captured[-1]["sql"])
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "USING INDEX audit_" in plan
    assert "SCAN core_auditentry USING" in plan or "SEARCH core_auditentry USING" in plan


def test_a_colleague_is_shown_and_found_by_name(staff, now):
    pat = get_user_model().objects.create_user("pat.lee")
    audit.record(action="b.done", actor=f"staff:{pat.pk}", subject=f"account:{pat.pk}", now=now)
    audit.record(action="b.done", actor="staff:99999", subject="lead:2", now=now)
    page = shown(staff, "/ops/audit/?action=b.done")
    assert page.count('<span class="dim">pat.lee</span>') == 2
    assert "staff:99999" in page
    found = staff.get("/ops/audit/?actor=pat.lee").context["rows"]
    assert [entry.actor for entry, _ in found] == [f"staff:{pat.pk}"]


def test_a_timeline_names_colleagues(staff, now):
    told = story(now)
    pat = get_user_model().objects.create_user("pat.lee")
    audit.record(action="lead.revealed", actor=f"staff:{pat.pk}", subject=f"lead:{told.lead}", now=now)
    lines = staff.get(f"/ops/leads/{told.lead}/timeline/").context["lines"]
    assert [line.who for line in lines if line.what == "lead.revealed"] == ["pat.lee"]


# Timelines


def test_a_persons_timeline_merges_every_kind_of_record_in_order(staff, now):
    told = story(now)
    consent = agree(told.visitor, now + timedelta(minutes=1))
    visitors.withdraw_consent(
        visitor_id=told.visitor, consent_id=consent.pk, via="chat", now=now + timedelta(minutes=2)
    )
    answer = staff.get(f"/ops/people/{told.visitor}/")
    lines = answer.context["lines"]
    assert {"audit", "feed", "consent"} <= {line.source for line in lines}
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    page = answer.content.decode()
    assert not [secret for secret in SECRETS if secret in page]
    assert f"/ops/consents/{consent.pk}.html" in page
    assert f"/ops/leads/{told.lead}/" in page
    assert "lead.seen" in [line.what for line in lines]


def test_a_timeline_has_mails_and_submissions(staff, now):
    from campaigns.tests import factories as mails
    from leads.models import Submission, SubmissionAttempt

    mail = mails.message(now=now)
    page = shown(staff, f"/ops/people/{mail.enrollment.visitor_id}/")
    assert f"/ops/mail/{mail.pk}/" in page
    told = story(now)
    sent = Submission.objects.get(lead_id=told.lead)
    SubmissionAttempt.objects.create(submission=sent, number=1, act="post", result="accepted", ms=5, at=now)
    page = shown(staff, f"/ops/leads/{told.lead}/timeline/")
    assert "post accepted" in page


def test_a_person_is_all_browsers_with_the_address(staff, now):
    first = KnownVisitorFactory.create(email="same@gmail.com")
    second = KnownVisitorFactory.create(email="same@gmail.com", email_holder=False)
    stranger = KnownVisitorFactory.create(email="other@gmail.com")
    for visitor in (first, second, stranger):
        audit.record(action=f"was.{visitor.pk.hex}", actor="system", subject=f"visitor:{visitor.pk}", now=now)
    page = shown(staff, f"/ops/people/{first.pk}/")
    assert f"was.{first.pk.hex}" in page
    assert f"was.{second.pk.hex}" in page
    assert f"was.{stranger.pk.hex}" not in page
    assert "same@gmail.com" not in page


def test_a_lead_and_a_conversation_have_a_timeline_and_are_linked(staff, now):
    told = story(now)
    assert "lead.seen" in shown(staff, f"/ops/leads/{told.lead}/timeline/")
    audit.record(action="talk.seen", actor="system", subject=f"conversation:{told.conversation}", now=now)
    assert "talk.seen" in shown(staff, f"/ops/conversations/{told.conversation}/timeline/")
    assert f"/ops/leads/{told.lead}/timeline/" in shown(staff, f"/ops/leads/{told.lead}/")
    assert f"/ops/people/{told.visitor}/" in shown(staff, f"/ops/leads/{told.lead}/")
    assert f"/ops/conversations/{told.conversation}/timeline/" in shown(
        staff, f"/ops/conversations/{told.conversation}/"
    )
    assert "/ops/people/" in shown(staff, "/ops/applications/")


def asked(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_the_pages_ask_no_more_for_many_rows_than_for_few(staff, now):
    told = story(now)
    agree(told.visitor, now)
    audit.seal(now=now)
    paths = [
        "/ops/audit/", f"/ops/people/{told.visitor}/", f"/ops/leads/{told.lead}/timeline/",
        f"/ops/conversations/{told.conversation}/timeline/",
    ]  # fmt: skip
    for subject in (f"lead:{told.lead}", f"conversation:{told.conversation}"):
        audit.record(action="x", actor="staff:1", subject=subject, now=now)
    [staff.get(path) for path in paths]
    few = {path: asked(staff, path) for path in paths}
    for number in range(30):
        agree(told.visitor, now + timedelta(seconds=number))
        later = now + timedelta(seconds=number)
        audit.record(action="x", actor="staff:1", subject=f"lead:{told.lead}", now=later)
        audit.record(action="x", actor="staff:2", subject=f"conversation:{told.conversation}", now=later)
    audit.seal(now=now)
    assert {path: asked(staff, path) for path in paths} == few
    assert max(few.values()) < 40


@pytest.mark.parametrize("path", ["people/{}/", "leads/{}/timeline/", "conversations/{}/timeline/", "consents/{}.json"])
def test_an_unknown_id_is_not_found(staff, path):
    assert staff.get(f"/ops/{path.format(uuid4())}").status_code == 404


# Taking a consent out


def test_a_consent_is_downloaded_and_the_trail_knows(staff, operator, now):
    consent = agree(KnownVisitorFactory.create().pk, now)
    answer = staff.get(f"/ops/consents/{consent.pk}.json")
    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["consent"] == str(consent.pk)
    page = staff.get(f"/ops/consents/{consent.pk}.html")
    assert page["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert str(consent.pk) in page.content.decode()
    kept = AuditEntry.objects.filter(action="consent.exported", subject=f"consent:{consent.pk}")
    assert [(entry.actor, entry.facts["format"]) for entry in kept.order_by("id")] == [
        (f"staff:{operator.pk}", "json"),
        (f"staff:{operator.pk}", "html"),
    ]
