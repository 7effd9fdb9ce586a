"""Our notice of incompleteness: what it says, that it leaves once over real HTTP, and when it needs a letter."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

from campaigns import sandbox
from campaigns import services as campaigns
from campaigns.selectors import is_suppressed
from campaigns.tests import factories as mails
from carloans.core import mailing, sandboxing, switches
from carloans.core.models import AuditEntry, FeedEvent
from carloans.core.tests.held_line import IMPATIENT, held_line
from cathy.guardrails import claims
from credit import duties, notice_mail, notice_text, notices, reach, tasks
from credit.models import NoticeDuty, NoticeMail, NoticeProof
from visitors.models import Consent, Visitor
from visitors.selectors import received_application
from visitors.tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db: None) -> Any:
    return get_user_model().objects.create_superuser("olive")


@pytest.fixture
def duty(now: Any, officer: Any) -> NoticeDuty:
    application = ApplicationFactory.create(
        external_id="L-1", employer="", visitor__email="jane@example.com", saved_at=now
    )
    found = notices.note_application(application_id=application.pk, now=now)
    assert found is not None
    return found


class Post:
    """The mail provider on a free port, and what it was handed."""

    def __init__(self) -> None:
        self.app: Any = sandbox.account()
        self.bodies: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            self.bodies.append(body.decode())
        return self.app(environ, start_response)

    def taken(self, mail: NoticeMail) -> int:
        return sandboxing.accepted_count("mail", mailing.message_header(mail.pk))


@pytest.fixture
def post(settings: Any, tmp_path: Any) -> Iterator[Post]:
    settings.DATA_DIR = tmp_path
    settings.MAIL_MODE = "simulated"
    settings.COMPANY_POSTAL_ADDRESS = "100 Main Street, Austin, TX 78701"
    running = Post()
    server = sandboxing.make_sandbox_server(running)
    settings.MAILGUN_API_URL = f"http://127.0.0.1:{server.server_port}/v3"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


def queued(duty: NoticeDuty, officer: Any, now: Any) -> NoticeMail:
    return notice_mail.queue(duty_id=duty.pk, staff_id=officer.pk, now=now)


# Words


def letter(locale: str, **facts: Any) -> notice_text.Notice:
    given: dict[str, Any] = {
        "locale": locale,
        "name": "Jane Doe",
        "company": "Test Lender",
        "postal_address": "100 Main Street, Austin, TX 78701",
        "reference": "6F1F9F0E",
        "received_on": date(2026, 1, 30),
        "complete_by": date(2026, 2, 13),
        "missing": tuple(notice_text.MISSING["en"]),
    }
    return notice_text.render(notice_text.Facts(**{**given, **facts}))


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en",
            (
                "Dear Jane Doe,",
                "January 30, 2026",
                "no later than February 13, 2026",
                "no further consideration",
                "Sincerely",
            ),
        ),
        ("es-MX", ("Estimado/a Jane Doe:", "30 de enero de 2026", "el 13 de febrero de 2026", "no se seguirá")),
    ],
)
def test_m19_it_says_what_is_missing_until_when_and_what_follows(locale: str, said: tuple[str, ...]) -> None:
    notice = letter(locale)
    for words in (*said, "6F1F9F0E", "Test Lender", "100 Main Street", "incompl"):
        assert words in notice.subject + notice.text
    assert all(item in notice.text for item in notice_text.MISSING[locale[:2]].values())


@pytest.mark.parametrize("locale", ["en", "es"])
def test_m19_it_names_no_term_of_credit_promotes_nothing_and_is_not_cathys(locale: str) -> None:
    notice = letter(locale)
    words = (notice.subject + notice.text).lower()
    for stranger in (
        "cathy",
        "unsubscribe",
        "advert",
        "publicidad",
        "suscripci",
        "prequal",
        "precalif",
        "http",
        "offer",
    ):
        assert stranger not in words
    assert not re.search(r"\$|%|\bapr\b|\bmonths?\b(?! )|down payment|a month|al mes|interest", words)
    sentences = [line for line in notice.text.splitlines() if line]
    assert [broken for line in sentences for broken in claims.check(line, channel="email")] == []


def test_m19_a_fact_that_has_no_words_is_a_fault_and_no_blank() -> None:
    with pytest.raises(KeyError):
        letter("en", missing=("shoe_size",))


def test_m19_every_fact_that_can_be_missing_has_words() -> None:
    bare = ApplicationFactory.create(
        vehicle_make="", loan_amount_cents=None, monthly_income_cents=None, employer="", months_on_job=None,
        visitor__email="", visitor__phone="", visitor__first_name="", visitor__state="", visitor__zip_code="",
    )  # fmt: skip
    missing = received_application(application_id=bare.pk).missing
    assert set(missing) == set(notice_text.MISSING["en"]) == set(notice_text.MISSING["es"])


# Sending


def test_m19_it_leaves_once_and_settles_its_duty_with_the_proof(post: Post, duty: Any, officer: Any, now: Any) -> None:
    mail = queued(duty, officer, now)
    assert queued(duty, officer, now).pk == mail.pk
    tasks.send_notice(mail_id=str(mail.pk))
    tasks.send_notice(mail_id=str(mail.pk))
    assert (post.taken(mail), len(post.bodies)) == (1, 1)
    mail.refresh_from_db()
    duty.refresh_from_db()
    proof = NoticeProof.objects.get()
    assert (mail.state, duty.state, duty.says) == ("done", "sent", "incomplete")
    assert (proof.method, proof.staff, proof.text_sha256) == ("our_mail", officer, notice_text.text_hash(mail.text))
    assert proof.reference == mailing.message_header(mail.pk)
    assert "Ann Archer" in mail.text
    assert "List-Unsubscribe" not in post.bodies[0]
    facts = str(list(AuditEntry.objects.values())) + str(list(FeedEvent.objects.values()))
    assert "jane@example.com" not in facts
    assert "Archer" not in facts


def test_m19_the_columns_hold_none_of_its_text(post: Post, duty: Any, officer: Any, now: Any) -> None:
    mail = queued(duty, officer, now)
    tasks.send_notice(mail_id=str(mail.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM credit_noticemail")
        assert "Archer" not in str(cursor.fetchall())


def test_m19_who_opted_out_of_all_marketing_still_gets_it(post: Post, duty: Any, officer: Any, now: Any) -> None:
    """Both paths: the re-engagement mail is refused for this person, the notice that is owed goes."""
    campaigns.suppress_visitor(visitor_id=duty.visitor_id, reason="asked", source="chat", now=now)
    Visitor.objects.filter(pk=duty.visitor_id).update(gpc=True)
    assert is_suppressed(email_index=Visitor.objects.get(pk=duty.visitor_id).email_index)
    assert not Consent.objects.filter(visitor=duty.visitor_id, withdrawal=None).exists()
    mail = queued(duty, officer, now)
    tasks.send_notice(mail_id=str(mail.pk))
    assert post.taken(mail) == 1


def test_m19_an_address_that_bounced_needs_a_letter(post: Post, duty: Any, officer: Any, now: Any) -> None:
    before = reach.know_with(lambda index: bool(index))
    try:
        with pytest.raises(notice_mail.NeedsLetter):
            queued(duty, officer, now)
        reach.know_with(None)
        mail = queued(duty, officer, now)
        reach.know_with(lambda index: bool(index))
        assert notice_mail.deliver(mail_id=mail.pk, now=now) == "parked"
    finally:
        reach.know_with(before)
    assert post.bodies == []
    assert NoticeDuty.objects.get(pk=duty.pk).state in notices.OPEN
    assert FeedEvent.objects.filter(kind="credit.notice_needs_letter", severity="error").exists()


def test_m19_a_bounce_of_a_marketing_mail_is_known_here() -> None:
    message = mails.message()
    assert not reach.has_bounced(message.to_index)
    type(message).objects.filter(pk=message.pk).update(bounced_at=message.created_at)
    assert reach.has_bounced(message.to_index)


def test_m19_without_an_address_it_needs_a_letter(duty: Any, officer: Any, now: Any) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="", email_index="", email_holder=False)
    with pytest.raises(notice_mail.NeedsLetter):
        queued(duty, officer, now)


def test_m19_one_that_comes_back_is_owed_again(post: Post, duty: Any, officer: Any, now: Any) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="jane+outcome-bounced@example.com")
    mail = queued(duty, officer, now)
    tasks.send_notice(mail_id=str(mail.pk))
    assert tasks.sweep_notice_reports() == 1
    duty.refresh_from_db()
    assert (duty.state in notices.OPEN, duty.settled_at, duty.owner) == (True, None, officer)
    with pytest.raises(notice_mail.NeedsLetter):
        queued(duty, officer, now)
    assert tasks.sweep_notice_reports() == 0


def test_m19_a_bounce_that_is_not_told_to_its_end_is_told_again(
    post: Post, duty: Any, officer: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="jane+outcome-bounced@example.com")
    mail = queued(duty, officer, now)
    tasks.send_notice(mail_id=str(mail.pk))
    monkeypatch.setattr(notices, "reopen", _killed)
    with pytest.raises(DatabaseError):
        tasks.sweep_notice_reports()
    monkeypatch.undo()
    assert tasks.sweep_notice_reports() == 1
    duty.refresh_from_db()
    assert duty.state in notices.OPEN


def _killed(**kwargs: Any) -> bool:
    raise DatabaseError


def test_m19_a_letter_that_went_out_beside_a_mail_that_came_back_still_settles(
    post: Post, duty: Any, officer: Any, now: Any
) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="jane+outcome-bounced@example.com")
    mail = queued(duty, officer, now)
    letter = notices.Proof(method="letter", sent_on=now.date(), text_sha256="b" * 64)
    send = mailing.send

    def meanwhile(*args: Any, **kwargs: Any) -> str:
        notices.settle_duty(
            duty_id=duty.pk, state="sent", staff_id=officer.pk, now=now, proof=letter, says="incomplete"
        )
        return send(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailing, "send", meanwhile)
        tasks.send_notice(mail_id=str(mail.pk))
    tasks.sweep_notice_reports()
    duty.refresh_from_db()
    assert (duty.state, NoticeProof.objects.filter(duty=duty).count()) == ("sent", 2)


def test_m19_the_arrival_is_noted(post: Post, duty: Any, officer: Any, now: Any) -> None:
    mail = queued(duty, officer, now)
    tasks.send_notice(mail_id=str(mail.pk))
    assert tasks.sweep_notice_reports() == 1
    mail.refresh_from_db()
    assert mail.delivered_at is not None
    assert duties.unreported_mails(since=now - timedelta(days=1)) == []


def test_m19_the_switch_holds_it_and_the_duty_stays_open(post: Post, duty: Any, officer: Any, now: Any) -> None:
    mail = queued(duty, officer, now)
    flip = {"name": "send", "scope": "state:TX", "reason": "drill", "actor": "staff:1", "now": now}
    switches.flip(on=False, **flip)
    assert notice_mail.deliver(mail_id=mail.pk, now=now) == "pending"
    assert post.bodies == []
    assert NoticeDuty.objects.get(pk=duty.pk).state in notices.OPEN
    switches.flip(on=True, **flip)
    later = now + timedelta(days=21)
    assert notice_mail.deliver(mail_id=mail.pk, now=later) == "done"
    assert post.taken(mail) == 1
    mail.refresh_from_db()
    assert mail.complete_by == (later + timedelta(days=14)).date()


def test_m19_without_a_postal_address_it_waits(post: Post, duty: Any, officer: Any, now: Any, settings: Any) -> None:
    settings.COMPANY_POSTAL_ADDRESS = ""
    mail = queued(duty, officer, now)
    assert notice_mail.deliver(mail_id=mail.pk, now=now) == "pending"
    mail.refresh_from_db()
    assert (mail.last_error_code, post.bodies) == ("no_postal_address", [])


def test_m19_one_whose_duty_ended_meanwhile_does_not_leave(post: Post, duty: Any, officer: Any, now: Any) -> None:
    mail = queued(duty, officer, now)
    notices.close_duty(duty_id=duty.pk, reason="application_withdrawn", actor="staff:1", now=now)
    assert notice_mail.deliver(mail_id=mail.pk, now=now) == "cancelled"
    assert post.bodies == []


def test_m19_after_a_time_out_the_provider_is_asked_and_it_leaves_once(
    post: Post, duty: Any, officer: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="jane+fault-stall_after_accept@example.com")
    mail = queued(duty, officer, now)
    with monkeypatch.context() as patch, held_line(monkeypatch) as line:
        patch.setattr(mailing, "TIMEOUT", IMPATIENT)
        patch.setattr(post.app, "stall", line.hold)
        assert notice_mail.deliver(mail_id=mail.pk, now=now) == "pending"
    mail.refresh_from_db()
    assert notice_mail.deliver(mail_id=mail.pk, now=mail.due_at) == "done"
    assert (post.taken(mail), NoticeDuty.objects.get(pk=duty.pk).state) == (1, "sent")


def test_m19_a_worker_that_died_after_the_hand_over_leaves_no_second_mail(
    post: Post, duty: Any, officer: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    mail = queued(duty, officer, now)
    with monkeypatch.context() as patch:
        patch.setattr(notice_mail, "_record_sent", die)
        with pytest.raises(SystemExit):
            notice_mail.deliver(mail_id=mail.pk, now=now)
    assert notice_mail.deliver(mail_id=mail.pk, now=now + timedelta(minutes=2)) == "done"
    assert post.taken(mail) == 1


def test_m19_a_refused_mail_is_given_up_and_needs_a_letter(post: Post, duty: Any, officer: Any, now: Any) -> None:
    Visitor.objects.filter(pk=duty.visitor_id).update(email="jane+fault-refused@example.com")
    mail = queued(duty, officer, now)
    assert notice_mail.deliver(mail_id=mail.pk, now=now) == "parked"
    assert FeedEvent.objects.filter(kind="credit.notice_needs_letter").exists()


def test_m19_a_completed_application_has_no_such_notice(now: Any, officer: Any) -> None:
    application = ApplicationFactory.create(status="submitted", submitted_at=now)
    duty = notices.note_application(application_id=application.pk, now=now)
    assert duty is not None
    with pytest.raises(notice_mail.NotAllowed):
        queued(duty, officer, now)


def test_m19_the_preview_masks_the_name(duty: Any, now: Any) -> None:
    shown = notice_mail.preview(duty_id=duty.pk, now=now)
    assert "Archer" not in shown.text
    assert "your employer" in shown.text
