"""The way out: one press, at once, for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from campaigns import services
from campaigns.models import Enrollment, Suppression
from campaigns.signals import address_suppressed
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from campaigns.tests.test_sending import carry
from campaigns.tokens import unsubscribe_token
from carloans.core.models import AuditEntry
from visitors import selectors
from visitors import services as visitors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


@pytest.fixture
def mail():
    return factories.message()


@pytest.fixture
def way_out(mail):
    return f"/u/{unsubscribe_token(mail.pk)}"


def test_looking_changes_nothing_even_when_a_scanner_looks(client, way_out):
    for _ in range(3):
        assert client.get(way_out).status_code == 200
        assert client.head(way_out).status_code == 200
    assert not Suppression.objects.exists()
    assert Enrollment.objects.get().state == "active"


def test_the_one_click_of_a_mail_program_needs_nothing_but_the_link(way_out, mail):
    """RFC 8058: no cookie, no token of ours, no redirect."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(way_out, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert not answer.cookies
    found = Suppression.objects.get()
    assert (found.email_index, found.reason, found.source) == (mail.to_index, "unsubscribed", "one_click")


def test_the_button_of_the_page_does_the_same_and_says_so(way_out):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(way_out)
    assert "You are unsubscribed" in page.content.decode()
    assert strict.post(way_out).status_code == 200
    assert Suppression.objects.get().source == "link"


def test_afterwards_no_mail_leaves_in_any_journey_on_any_site(client, provider):
    first = factories.message(email="jane@gmail.com")
    second = factories.message(email="jane@gmail.com", site_key=factories.site("other"))
    client.post(f"/u/{unsubscribe_token(first.pk)}")
    for one in (first, second):
        assert carry(one).state == "cancelled"
    later = factories.enrolled(email="jane@gmail.com", now=NOON + timedelta(days=1))
    assert (later.state, later.stop_reason) == ("stopped", "suppressed")
    assert provider.posts == []


def test_opting_out_withdraws_the_consent_and_is_audited(client, way_out, mail):
    client.post(way_out)
    visitor_id = mail.enrollment.visitor_id
    assert not selectors.active_consent(visitor_id=visitor_id, kind="marketing_email", now=NOON)
    entry = AuditEntry.objects.get(action="email.suppressed")
    assert entry.facts["reason"] == "unsubscribed"
    assert "@" not in str(entry.facts) + entry.subject


def test_the_link_works_after_the_person_was_forgotten(client, way_out, mail):
    visitors.erase_visitor(visitor_id=mail.enrollment.visitor_id, now=NOON)
    assert client.post(way_out).status_code == 200
    assert Suppression.objects.get().email_index == mail.to_index


@pytest.mark.parametrize("token", ["x", "A" * 43, "é", "%00", "A" * 2000])
def test_a_broken_link_says_what_else_to_do(client, token):
    for answer in (client.get(f"/u/{token}"), client.post(f"/u/{token}")):
        assert answer.status_code == 404
        assert "one word is enough" in answer.content.decode()
    assert not Suppression.objects.exists()


def test_the_page_shows_nothing_of_the_person(client):
    one = factories.message(email="private.person@gmail.com", first_name="Wilhelmina")
    page = client.get(f"/u/{unsubscribe_token(one.pk)}")
    assert "private" not in page.content.decode()
    assert "Wilhelmina" not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_the_page_speaks_the_language_of_the_mail(client):
    one = factories.message(locale="es")
    page = client.get(f"/u/{unsubscribe_token(one.pk)}").content.decode()
    assert '<html lang="es">' in page
    assert "No recibir más correos" in page


def test_a_stop_word_in_the_chat_ends_every_way_of_contact():
    enrollment = factories.enrolled()
    assert services.suppress_visitor(visitor_id=enrollment.visitor_id, reason="opted_out", source="chat", now=NOON)
    enrollment.refresh_from_db()
    assert enrollment.state == "stopped"
    assert Suppression.objects.get().reason == "opted_out"
    standing = [one.kind for one in selectors.consents_for(visitor_id=enrollment.visitor_id) if one.standing(NOON)]
    assert standing == ["privacy_notice"]


def test_a_visitor_without_an_address_can_opt_out_too():
    visitor_id = factories.saved(email="", phone="212-555-0123", site_key=factories.site("demo", is_demo=True))
    assert not services.suppress_visitor(visitor_id=visitor_id, reason="opted_out", source="chat", now=NOON)
    assert not Suppression.objects.exists()


def test_others_hear_of_it_after_the_commit(mail, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, **news):
        heard.append(news)

    address_suppressed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                services.suppress(email_index=mail.to_index, reason="complained", source="test", now=NOON)
    finally:
        address_suppressed.disconnect(listen)
    assert [news["visitor_ids"] for news in heard] == [[mail.enrollment.visitor_id]]
