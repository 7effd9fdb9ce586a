"""Every class of data is removed when its time is over, a day later and not a day sooner, and never what is held."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Enrollment, MessageEvent, Pace, Suppression, WebhookToken
from campaigns.models import Message as Mail
from campaigns.seeds import seed
from carloans.core import audit, retention
from carloans.core.appendonly import maintenance
from carloans.core.models import (
    AuditEntry,
    Erasure,
    ErasureKey,
    ErrorRecord,
    FeedEvent,
    LegalHold,
    PurgeRun,
    VaultValue,
)
from carloans.core.periods import APPLICATION, Period
from carloans.core.privacy.index import blind_index
from carloans.core.retention import rooms
from cathy.models import AgentRun, RunRecording, ToolCall, Verdict
from chat.models import Conversation, ConversationTag, HandOff, Message, Rating, SessionItem, StaffNote
from credit.models import CreditCheck, NoticeDuty, NoticeMail, NoticeProof, ProviderEvent
from credit.tests.factories import CreditConsentFactory, DecidedCheckFactory
from dashboard.models import StaffSession
from leads.models import Disposition, Lead, Submission, SubmissionAttempt
from leads.tests.factories import BuyerFactory
from visitors.models import (
    Application,
    Assessment,
    ConsentWithdrawal,
    Event,
    PrivacyLink,
    PrivacyProof,
    PrivacyRequest,
    ReturnLink,
    SaleOptOut,
    Visitor,
)
from visitors.tests.factories import ApplicationFactory, ConsentFactory, KnownVisitorFactory, VisitorFactory

pytestmark = pytest.mark.django_db
RULES = {rule.name: rule for rule in rooms.rules()}


def event(visitor, now):
    return Event.objects.create(
        site=visitor.site, visitor=visitor, event_id=uuid4(), type="heartbeat", client_ts=now, received_at=now
    )


def anonymous():
    return VisitorFactory(email="", phone="")


def conversation(now):
    visitor = KnownVisitorFactory()
    return Conversation.objects.create(
        site=visitor.site, visitor=visitor, created_at=now, last_at=now, disclosed_at=now, last_seq=1
    )


def enrollment(now):
    seed(now)
    row = ApplicationFactory()
    campaign = apps.get_model("campaigns", "Campaign").objects.first()
    return Enrollment.objects.create(
        application=row, visitor=row.visitor, campaign=campaign, abandoned_at=now, created_at=now
    )


def mail(now, **fields):
    fields = fields or {"enrollment": enrollment(now)}
    return Mail.objects.create(
        idempotency_key=str(uuid4()), due_at=now, to_index="t" * 64, subject="Hello", preheader="", call_to_action="Go",
        source="template", created_at=now, state="done", **fields,
    )  # fmt: skip


def clerk():
    return get_user_model().objects.get_or_create(username="clerk")[0]


def duty(now, **fields):
    values = {"kind": "reasons", "state": "sent", "settled_at": now, **fields}
    return NoticeDuty.objects.create(
        visitor=KnownVisitorFactory(), reason="asked", opened_at=now, due_at=now, key=str(uuid4()), **values
    )


def lead(now):
    return Lead.objects.create(
        visitor=KnownVisitorFactory(), credit_check_id=uuid4(), source="chat", summary="A car.",
        package={"contact": {"first_name": "Ann"}}, created_at=now, reviewed_at=now,
    )  # fmt: skip


def submission(now):
    row = lead(now)
    return Submission.objects.create(
        lead=row, buyer=BuyerFactory(), consent=ConsentFactory(visitor=row.visitor, kind="dealer_contact"),
        created_at=now, due_at=now, idempotency_key=str(uuid4()), state="done",
    )  # fmt: skip


def disposition(now):
    sent = submission(now)
    return Disposition.objects.create(buyer=sent.buyer, submission=sent, event_id=str(uuid4()), word="sold", at=now)


def run(now):
    return AgentRun.objects.create(
        agent="A", trigger="t", model="m", mode="simulated", prompt_version="1", started_at=now, visitor=uuid4()
    )


def privacy_link(now):
    return PrivacyLink.objects.create(
        visitor=KnownVisitorFactory(), origin="chat", source_id=uuid4(), token_hash=uuid4().hex, created_at=now,
        expires_at=now,
    )  # fmt: skip


def return_link(now):
    row = ApplicationFactory()
    return ReturnLink.objects.create(
        visitor=row.visitor, application=row, message_id=uuid4(), token_hash=uuid4().hex, created_at=now, expires_at=now
    )


def erasure(now):
    return Erasure.objects.create(actor="system", reason="asked", state="settled", asked_at=now)


def axes(model, now):
    more = {"failures_since_start": 1} if model == "AccessAttempt" else {}
    return apps.get_model("axes", model).objects.create(
        username="x", ip_address="203.0.113.9", attempt_time=now, user_agent="", path_info="", http_accept="", **more
    )


def log_entry(now):
    return apps.get_model("admin", "LogEntry").objects.create(
        user=clerk(), action_time=now, object_repr="x", action_flag=2, change_message=""
    )


def session(now):
    return apps.get_model("sessions", "Session").objects.create(session_key=uuid4().hex, expire_date=now)


#: One row for every rule, as it is when nothing holds it.
ROWS = {
    "dashboard.staff_sessions": lambda now: StaffSession.objects.create(user=clerk(), started_at=now, seen_at=now),
    "leads.packages": lead,
    "leads.attempts": lambda now: SubmissionAttempt.objects.create(
        submission=submission(now), number=1, act="post", result="accepted", ms=1, at=now
    ),
    "leads.dispositions": disposition,
    "leads.submissions": submission,
    "leads.leads": lead,
    "chat.notes": lambda now: StaffNote.objects.create(conversation=conversation(now), text="x", at=now),
    "chat.tags": lambda now: ConversationTag.objects.create(conversation=conversation(now), name="x", at=now),
    "chat.hand_offs": lambda now: HandOff.objects.create(conversation=conversation(now), reason="asked", at=now),
    "chat.memory": lambda now: SessionItem.objects.create(conversation=conversation(now), seq=1, data={}),
    "chat.messages": lambda now: Message.objects.create(conversation=conversation(now), seq=1, role="staff", at=now),
    "chat.ratings": lambda now: Rating.objects.create(conversation=conversation(now), card=uuid4(), score=4, at=now),
    "chat.conversations": conversation,
    "chat.vault": lambda now: VaultValue.objects.create(
        owner=uuid4(), label="PHONE_1", kind="PHONE", value="x", value_index="y", created_at=now
    ),
    "credit.notice_proofs": lambda now: NoticeProof.objects.create(
        duty=duty(now), method="letter", sent_on=date(2026, 1, 1), text_sha256="b" * 64, staff=clerk(), recorded_at=now
    ),
    "credit.notice_mails": lambda now: NoticeMail.objects.create(
        duty=duty(now),
        staff=clerk(),
        locale="en",
        complete_by=date(2026, 1, 1),
        created_at=now,
        due_at=now,
        state="done",
        idempotency_key=str(uuid4()),
    ),
    "credit.duties": duty,
    "credit.bureau_data": lambda now: DecidedCheckFactory(score=640, tier="near_prime", bureau={"bureau": "X"}),
    "credit.checks": lambda now: DecidedCheckFactory(),
    "credit.consents": lambda now: CreditConsentFactory(),
    "credit.provider_events": lambda now: ProviderEvent.objects.create(event_id=str(uuid4()), key="k", received_at=now),
    "campaigns.mail_events": lambda now: MessageEvent.objects.create(
        event_id=str(uuid4()), message=mail(now), type="delivered", at=now
    ),
    "campaigns.privacy_mail_events": lambda now: MessageEvent.objects.create(
        event_id=str(uuid4()),
        message=mail(now, kind="transcript", visitor=KnownVisitorFactory()),
        type="delivered",
        at=now,
    ),
    "campaigns.mails": mail,
    "campaigns.privacy_mails": lambda now: mail(
        now, visitor=KnownVisitorFactory(), privacy_link=uuid4(), kind="privacy"
    ),
    "campaigns.journeys": enrollment,
    "campaigns.paces": lambda now: Pace.objects.create(key=uuid4().hex, message=uuid4(), at=now),
    "campaigns.suppressions": lambda now: Suppression.objects.create(
        email_index=uuid4().hex, reason="unsubscribed", source="link", at=now
    ),
    "campaigns.webhook_tokens": lambda now: WebhookToken.objects.create(
        token_hash=uuid4().hex, event_id="e", seen_at=now
    ),
    "visitors.privacy_proofs": lambda now: PrivacyProof.objects.create(
        link=privacy_link(now), message_id=uuid4(), token_hash=uuid4().hex, created_at=now, expires_at=now
    ),
    "visitors.privacy_links": privacy_link,
    "visitors.privacy_requests": lambda now: PrivacyRequest.objects.create(
        visitor=KnownVisitorFactory(), kind="human_review", requested_at=now, due_at=now, settled_at=now
    ),
    "visitors.return_links": return_link,
    "visitors.events": lambda now: event(KnownVisitorFactory(), now),
    "visitors.unconsented_events": lambda now: event(anonymous(), now),
    "visitors.assessments": lambda now: Assessment.objects.create(
        application=ApplicationFactory(),
        attempt=1,
        identity="known",
        stop_reason="x",
        priority="low",
        next_step="x",
        source="rule",
        at=now,
    ),
    "visitors.applications": lambda now: ApplicationFactory(),
    "visitors.unconsented_applications": lambda now: ApplicationFactory(visitor=anonymous(), status="started"),
    "visitors.withdrawals": lambda now: ConsentWithdrawal.objects.create(consent=ConsentFactory(), at=now, via="page"),
    "visitors.consents": lambda now: ConsentFactory(),
    "visitors.sale_opt_outs": lambda now: SaleOptOut.objects.create(
        visitor=KnownVisitorFactory(last_seen_at=now - timedelta(days=9 * 365)), via="page", at=now
    ),
    "visitors.contact": lambda now: KnownVisitorFactory(),
    "visitors.unconsented": lambda now: anonymous(),
    "visitors.erased": lambda now: VisitorFactory(email="", phone="", erased_at=now),
    "cathy.recordings": lambda now: RunRecording.objects.create(run=run(now), data={"edition": 1}),
    "cathy.tool_calls": lambda now: ToolCall.objects.create(run=run(now), seq=1, name="x", ok=True, ms=1),
    "cathy.verdicts": lambda now: Verdict.objects.create(stage="input", rule="x", action="y", at=now),
    "cathy.runs": run,
    "core.feed": lambda now: FeedEvent.objects.create(kind="x", room="y", summary="z", at=now),
    "core.errors": lambda now: ErrorRecord.objects.create(category="bug", code="x", where="y", at=now),
    "core.erasure_keys": lambda now: ErasureKey.objects.create(erasure=erasure(now), kind="visitors", value="x"),
    "core.erasures": erasure,
    "core.legal_holds": lambda now: LegalHold.objects.create(
        visitor=uuid4(), reason="x", opened_at=now, opened_by="staff:1", released_at=now
    ),
    "core.purge_runs": lambda now: PurgeRun.objects.create(started_at=now),
    "sessions": session,
    "admin.log": log_entry,
    "axes.accessattempt": lambda now: axes("AccessAttempt", now),
    "axes.accesslog": lambda now: axes("AccessLog", now),
    "axes.accessfailurelog": lambda now: axes("AccessFailureLog", now),
}


def dated(rule, row, moment):
    """The row as if its clock had begun at `moment`."""
    *way, column = rule.since.split("__")
    for step in way:
        row = getattr(row, step)
    with maintenance():
        type(row)._base_manager.filter(pk=row.pk).update(**{column: moment})


def holds_data(rule, row):
    """Whether the row is still there, and still holds what the rule takes away."""
    rows = rule.model._base_manager.filter(pk=row.pk)
    return rows.filter(rule.only(), rule.filled).exists() if rule.empties else rows.exists()


def line(report, name):
    return next(one for one in report.lines if one["rule"] == name)


def test_every_rule_has_a_row_here():
    assert set(ROWS) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_day_younger_stays_and_a_day_older_goes(name, now, monkeypatch):
    rule = RULES[name]
    monkeypatch.setattr(rooms, "rules", lambda: [rule])
    row = ROWS[name](now)
    dated(rule, row, rule.keeps.before(now) + timedelta(days=1))
    assert line(retention.purge(now=now), name)["due"] == 0
    assert holds_data(rule, row)
    dated(rule, row, rule.keeps.before(now) - timedelta(days=1))
    foretold = line(retention.purge(now=now, dry_run=True), name)
    assert (foretold["due"], foretold["purged"]) == (1, 1)
    assert holds_data(rule, row)
    done = line(retention.purge(now=now), name)
    assert (done["due"], done["purged"], done["held"]) == (1, 1, 0)
    assert not holds_data(rule, row)
    assert audit.was_purged(rule.table, since=now)
    assert line(retention.purge(now=now), name)["due"] == 0


@pytest.mark.parametrize(("months", "stays"), [(24, True), (26, False)])
def test_an_application_is_kept_for_25_months(months, stays, now):
    row = ApplicationFactory()
    Application.objects.filter(pk=row.pk).update(last_event_at=Period(months=months).before(now))
    retention.purge(now=now)
    assert Application.objects.filter(pk=row.pk).exists() == stays


def test_a_month_is_a_month_of_the_calendar(now):
    moment = now.replace(year=2027, month=3, day=31)
    assert Period(months=13).before(moment).date() == date(2026, 2, 28)
    assert str(APPLICATION) == "25 months"


def test_a_dry_run_changes_nothing_but_its_report(now):
    for name, make in ROWS.items():
        dated(RULES[name], make(now), RULES[name].keeps.before(now) - timedelta(days=1))
    tables = {rule.model: rule.model._base_manager.count() for rule in RULES.values()}
    report = retention.purge(now=now, dry_run=True)
    assert report.purged > 30
    tables[PurgeRun] += 1
    assert tables == {model: model._base_manager.count() for model in tables}
    assert not AuditEntry.objects.filter(action=audit.PURGED).exists()
    assert retention.latest() is None


def test_what_is_pointed_to_waits_for_what_points_to_it(now):
    old = APPLICATION.before(now) - timedelta(days=1)
    kept = enrollment(now)
    Application.objects.filter(pk=kept.application_id).update(last_event_at=old)
    found = line(retention.purge(now=now), "visitors.applications")
    assert (found["due"], found["purged"], list(found["reasons"])) == (1, 0, ["Another record still needs it"])
    Enrollment.objects.update(abandoned_at=old)
    assert line(retention.purge(now=now), "visitors.applications")["purged"] == 1


def test_a_legal_hold_keeps_everything_of_its_visitor(now):
    row = ApplicationFactory()
    Application.objects.filter(pk=row.pk).update(last_event_at=Period(years=3).before(now))
    hold = LegalHold.objects.create(visitor=row.visitor_id, reason="Suit", opened_at=now, opened_by="staff:1")
    found = line(retention.purge(now=now), "visitors.applications")
    assert (found["purged"], found["held"]) == (0, 1)
    assert "legal hold" in next(iter(found["reasons"]))
    LegalHold.objects.filter(pk=hold.pk).update(released_at=now)
    assert line(retention.purge(now=now), "visitors.applications")["purged"] == 1


def test_typed_contact_data_stays_as_long_as_its_transcript_and_goes_with_it(now):
    """Also when a legal hold spares the transcript: what a placeholder stands for is a part of what was written."""
    talk, old = conversation(now), Period(years=3).before(now)
    VaultValue.objects.create(owner=talk.pk, label="PHONE_1", kind="PHONE", value="x", value_index="y", created_at=old)
    assert line(retention.purge(now=now), "chat.vault")["held"] == 1
    Conversation.objects.filter(pk=talk.pk).update(last_at=old)
    hold = LegalHold.objects.create(visitor=talk.visitor_id, reason="Suit", opened_at=now, opened_by="staff:1")
    retention.purge(now=now)
    assert VaultValue.objects.filter(owner=talk.pk).exists()
    LegalHold.objects.filter(pk=hold.pk).update(released_at=now)
    retention.purge(now=now)
    assert not VaultValue.objects.filter(owner=talk.pk).exists()


def test_a_legal_hold_keeps_what_became_of_every_kind_of_mail(now):
    old = Period(years=3).before(now)
    copy = mail(now, kind="transcript", visitor=KnownVisitorFactory())
    Mail.objects.filter(pk=copy.pk).update(created_at=old)
    MessageEvent.objects.create(event_id="e-1", message=copy, type="delivered", at=old)
    LegalHold.objects.create(visitor=copy.visitor_id, reason="Suit", opened_at=now, opened_by="staff:1")
    retention.purge(now=now)
    assert MessageEvent.objects.filter(message=copy).exists()


def test_an_open_notice_keeps_the_application(now):
    row = ApplicationFactory()
    Application.objects.filter(pk=row.pk).update(last_event_at=Period(years=3).before(now))
    owed = duty(now, kind="decision", state="open", settled_at=None)
    NoticeDuty.objects.filter(pk=owed.pk).update(visitor=row.visitor_id)
    found = line(retention.purge(now=now), "visitors.applications")
    assert (found["purged"], list(found["reasons"])) == (0, ["A notice is still owed, 12 CFR 1002.9"])


def test_contact_data_stays_as_long_as_an_application_is_on_record(now):
    row = ApplicationFactory()
    Visitor.objects.filter(pk=row.visitor_id).update(last_seen_at=Period(years=3).before(now))
    found = line(retention.purge(now=now), "visitors.contact")
    assert (found["due"], list(found["reasons"])) == (1, ["An application is still on record"])
    assert Visitor.objects.get(pk=row.visitor_id).email


def test_a_suppression_outlives_its_time_while_the_address_is_in_use(now):
    email = enrollment(now).visitor.email
    Suppression.objects.create(
        email_index=blind_index("email", email), reason="complained", source="webhook", at=Period(years=8).before(now)
    )
    assert line(retention.purge(now=now), "campaigns.suppressions")["held"] == 1
    assert Suppression.objects.exists()


def test_a_consent_keeps_the_address_that_it_came_from_as_long_as_it_is_kept(now):
    row = ConsentFactory(given_at=Period(years=6).before(now), ip="203.0.113.77")
    retention.purge(now=now)
    row.refresh_from_db()
    assert row.ip == "203.0.113.77"


def test_a_pull_keeps_its_proof_when_the_bureaus_answer_goes(now):
    check = DecidedCheckFactory(score=640, tier="near_prime", bureau={"bureau": "X"})
    CreditCheck.objects.filter(pk=check.pk).update(decided_at=Period(months=26).before(now))
    retention.purge(now=now)
    check.refresh_from_db()
    assert (check.score, check.tier, check.bureau, check.outcome) == (None, "", {}, "prequalified")
    assert check.consent_id


def test_memory_and_queries_do_not_grow_with_the_rows_of_a_batch(now, monkeypatch):
    from carloans.core.retention import purging

    monkeypatch.setattr(purging, "BATCH", 10)

    def queries(rows):
        ErrorRecord.objects.bulk_create(
            ErrorRecord(category="bug", code="x", where="y", at=Period(years=2).before(now)) for _ in range(rows)
        )
        with CaptureQueriesContext(connection) as caught:
            assert line(retention.purge(now=now), "core.errors")["purged"] == rows
        return len(caught)

    few, many = queries(10), queries(30)
    assert many - few == 2 * (queries(20) - few)
    assert many - few <= 2 * 12


def test_the_command_reports_by_rule(now):
    event(anonymous(), now)
    Visitor.objects.update(last_seen_at=now - timedelta(days=31))
    out = io.StringIO()
    call_command("purge_expired", dry_run=True, stdout=out)
    assert "visitors.unconsented_events: keeps 30 days, deletes; due 1, purged 1, held 0" in out.getvalue()
    assert Event.objects.exists()
    call_command("purge_expired", stdout=out)
    assert not Visitor.objects.exists()
    assert retention.latest().purged == 2


def test_the_round_runs_every_day():
    from carloans.celery import collect_schedule

    assert collect_schedule()["core.purge_expired"]["schedule"] == 86_400


def test_the_documentation_lists_every_rule_with_its_time():
    page = Path(__file__).resolve().parent.parent / "docs" / "privacy.md"
    text = page.read_text().split("| rule | class | table |")[1]
    listed = re.findall(
        r"^\| ([\w.]+) \| [^|]+ \| \w+(?: \(empties\))? \| [\w.]+ \| ([^|]+) \|$", text, flags=re.MULTILINE
    )
    assert listed[: len(RULES)] == [(rule.name, str(rule.keeps)) for rule in rooms.rules()]
