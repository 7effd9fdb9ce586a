"""Every mail leads to the reader's own page, and the page can have a mail sent that proves the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from campaigns import services, tasks
from campaigns.models import Message
from campaigns.tests.factories import NOON, enrolled, gone, message, saved, written
from carloans.core import switches
from visitors import selectors
from visitors import services as visitors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


def footer_path(post: Any) -> str:
    """The privacy page's path as the sent mail carries it, in both bodies the same."""
    found = {body.split("/privacy/")[1].split()[0].split('"')[0] for body in (post["text"], post["html"])}
    assert len(found) == 1
    return f"/privacy/{found.pop()}"


def asked(visitor_id: UUID, *, now: Any = NOON) -> Message:
    """The mail that a press on "Send me the link" queues."""
    token = visitors.issue_privacy_link(visitor_id=visitor_id, source_id=uuid4(), origin="chat", now=now)
    link = selectors.privacy_link(token=token, now=now)
    assert link.link_id is not None
    assert visitors.request_proof(link_id=link.link_id, now=now)
    [(link_id, owner, at)] = selectors.proofs_wanted(since=now)
    found = services.write_privacy_proof(link_id=link_id, visitor_id=owner, requested_at=at, now=now)
    assert found is not None
    return found


def test_a_sent_mail_leads_to_its_readers_page_and_to_no_other(provider: Any) -> None:
    one, other = message(), message()
    for mail in (one, other):
        assert services.deliver(message=mail, now=NOON) == "done"
    paths = [footer_path(post) for post in provider.posts]
    owners = [selectors.privacy_link(token=path.split("/")[2], now=NOON).visitor_id for path in paths]
    assert owners == [one.reader_id, other.reader_id]
    assert Client().get(paths[0]).status_code == 200


def test_the_room_sees_a_mail_without_the_way_to_the_customers_page(provider: Any) -> None:
    mail = message()
    services.deliver(message=mail, now=NOON)
    for reveal in (False, True):
        preview = services.render_message(mail.pk, now=NOON, reveal=reveal)
        assert "/privacy/…" in preview.text
        assert "/privacy/" not in preview.html.replace("/privacy/…", "")


def test_the_proof_goes_to_the_address_on_file_and_opens_the_page(provider: Any) -> None:
    visitor_id = saved()
    mail = asked(visitor_id)
    assert services.deliver(message=mail, now=NOON) == "done"
    [post] = provider.posts
    address = selectors.visitor_contact(visitor_id=visitor_id).email
    assert address in post["to"]
    token = post["text"].split("/privacy/confirm/")[1].split()[0]
    assert selectors.proof_link(token=token, now=NOON).state == "usable"
    assert selectors.proof_link(token=token, now=NOON + timedelta(minutes=30)).state == "expired"


def test_it_needs_no_journey_and_no_marketing_consent(provider: Any) -> None:
    mail = asked(saved(marketing_email=False))
    assert mail.enrollment is None
    assert services.deliver(message=mail, now=NOON) == "done"


@pytest.mark.parametrize("reason", ["unsubscribed", "complained"])
def test_an_opt_out_from_mails_does_not_stand_between_a_person_and_their_rights(provider: Any, reason: str) -> None:
    visitor_id = saved()
    services.suppress_visitor(visitor_id=visitor_id, reason=reason, source="test", now=NOON)
    assert services.deliver(message=asked(visitor_id), now=NOON) == "done"


def test_a_privacy_signal_does_not_either(provider: Any) -> None:
    assert services.deliver(message=asked(saved(gpc=True)), now=NOON) == "done"


def test_quiet_hours_and_pace_do_not_hold_what_was_asked_for_a_moment_ago(provider: Any) -> None:
    enrollment = enrolled()
    services.deliver(message=written(enrollment, now=NOON), now=NOON)
    night = NOON.replace(hour=8)
    night = night + timedelta(days=1)
    assert services.deliver(message=asked(enrollment.visitor_id, now=night), now=night) == "done"


def test_the_send_switch_holds_it(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = asked(saved())
    monkeypatch.setattr(switches, "is_on", lambda name, **scope: name != "send")
    assert services.deliver(message=mail, now=NOON) == "pending"
    assert provider.posts == []


def test_one_press_is_one_mail_however_often_its_news_arrives() -> None:
    visitor_id = saved()
    mail = asked(visitor_id)
    facts = {"link_id": mail.privacy_link, "visitor_id": visitor_id, "requested_at": NOON, "now": NOON}
    assert services.write_privacy_proof(**facts) is None
    assert Message.objects.filter(kind="privacy").count() == 1


def test_a_lost_request_is_found_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    from carloans.core.clock import utc_now

    now, calls = utc_now(), []
    visitor_id = saved(now=now)
    token = visitors.issue_privacy_link(visitor_id=visitor_id, source_id=uuid4(), origin="chat", now=now)
    link_id = selectors.privacy_link(token=token, now=now).link_id
    assert link_id is not None
    visitors.request_proof(link_id=link_id, now=now)
    monkeypatch.setattr(tasks.send_privacy_proof, "delay", lambda **facts: calls.append(facts))
    tasks.sweep()
    assert calls == [
        {"link_id": str(link_id), "visitor_id": str(visitor_id), "requested_at": now.isoformat()},
    ]


def test_a_mail_to_an_address_that_was_corrected_since_is_not_sent(provider: Any) -> None:
    visitor_id = saved()
    mail = asked(visitor_id)
    visitors.upsert_contact(visitor_id=visitor_id, email="another.one@gmail.com", now=NOON)
    assert services.deliver(message=mail, now=NOON) == "cancelled"
    assert provider.posts == []


def test_an_erased_person_gets_none(provider: Any) -> None:
    person = gone()
    mail = asked(person.visitor_id)
    visitors.erase_visitor(visitor_id=person.visitor_id, now=NOON)
    assert services.deliver(message=mail, now=NOON) == "cancelled"
    assert provider.posts == []


def test_the_outbox_lists_it_with_its_reader() -> None:
    from campaigns import selectors as mails

    visitor_id = saved()
    mail = asked(visitor_id)
    [line] = mails.outbox(visitor_id=visitor_id)
    assert (line.id, line.kind, line.application_id) == (mail.pk, "privacy", None)
    assert "@" in line.to
