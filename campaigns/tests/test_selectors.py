"""What the operations room reads: figures from rows, masked addresses, and a preview that reveals only when told to."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from campaigns import selectors, services
from campaigns.models import Message, MessageEvent
from campaigns.tests import factories
from campaigns.tests.factories import NOON
from campaigns.tests.test_sending import carry
from carloans.core.errors import NotFound
from visitors import selectors as visitors
from visitors import services as visitor_services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


def test_the_outbox_lists_the_newest_first_and_masks_the_address(provider):
    first = carry(factories.message(email="jane.doe@gmail.com"))
    second = factories.message(now=NOON + timedelta(minutes=1))
    lines = selectors.outbox(limit=10)
    assert [line.id for line in lines] == [second.pk, first.pk]
    assert [line.status for line in lines] == ["queued", "sent"]
    assert lines[1].to == "j***@g***.com"
    assert json.dumps([line.as_dict() for line in lines])
    assert [line.id for line in selectors.outbox(state="done")] == [first.pk]
    assert [line.id for line in selectors.outbox(visitor_id=second.enrollment.visitor_id)] == [second.pk]
    assert [line.id for line in selectors.outbox(before=second.created_at)] == [first.pk]
    line = selectors.message_line(message_id=first.pk)
    assert line is not None
    assert (line.attempts, line.step, line.source) == (1, 1, "template")


def test_the_figures_are_counted_from_rows(provider):
    assert selectors.delivery_figures(since=NOON).delivery_rate is None
    mails = [carry(factories.message()) for _ in range(4)]
    Message.objects.filter(pk__in=[one.pk for one in mails[:3]]).update(delivered_at=NOON)
    Message.objects.filter(pk=mails[0].pk).update(clicked_at=NOON, opened_at=NOON)
    Message.objects.filter(pk=mails[3].pk).update(bounced_at=NOON, failure="bounced")
    for place, milliseconds in enumerate((10, 20, 30, 40)):
        Message.objects.filter(pk=mails[place].pk).update(send_ms=milliseconds)
    opted_out = factories.message()
    services.suppress(email_index=opted_out.to_index, reason="unsubscribed", source="link", now=NOON)
    provider.fails_with("refused")
    carry(factories.message())
    factories.message()

    figures = selectors.delivery_figures(since=NOON)
    assert (figures.queued, figures.sent, figures.delivered, figures.failed) == (1, 4, 3, 2)
    assert (figures.opened, figures.clicked, figures.suppressed, figures.cancelled) == (1, 1, 1, 0)
    assert figures.delivery_rate == 0.75
    assert (figures.send_ms_p50, figures.send_ms_p95) == (20, 40)
    assert selectors.delivery_figures(since=NOON + timedelta(seconds=1)).sent == 0
    assert [count for _, count in selectors.sent_per_day(since=NOON)] == [4]


def test_the_complaint_rate_has_delivered_mails_below_the_line(provider):
    assert selectors.complaint_rate(since=NOON) is None
    mails = [carry(factories.message()) for _ in range(2)]
    Message.objects.update(delivered_at=NOON)
    for number in range(2):
        MessageEvent.objects.create(event_id=str(number), message=mails[0], type="complained", at=NOON)
    assert selectors.complaint_rate(since=NOON) == 0.5


def without_page(body):
    """The way to the customer's own page is never shown to staff."""
    return re.sub(r"/privacy/[^\s\"<]+", "/privacy/…", body)


def test_a_preview_is_masked_until_it_is_revealed(provider):
    message = carry(factories.message(email="jane.doe@gmail.com", first_name="Jane"))
    masked = services.render_message(message.pk, now=NOON)
    assert (masked.to, masked.revealed) == ("j***@g***.com", False)
    assert "Jane" not in masked.html + masked.text + masked.subject
    assert "/r/…" in masked.text
    revealed = services.render_message(message.pk, now=NOON, reveal=True)
    assert revealed.to == "jane.doe@gmail.com"
    assert without_page(revealed.text) == without_page(provider.posts[0]["text"])
    assert without_page(revealed.html) == without_page(provider.posts[0]["html"])
    token = revealed.text.split("/r/")[1].split()[0]
    assert visitors.return_link_preview(token=token, now=NOON) == "usable"


def test_a_masked_preview_cannot_be_used_to_opt_somebody_out(provider):
    message = carry(factories.message())
    assert "/u/…" in services.render_message(message.pk, now=NOON).text
    assert "/u/…" not in services.render_message(message.pk, now=NOON, reveal=True).text


def test_a_mail_that_was_not_sent_has_no_working_link_yet():
    message = factories.message()
    assert "/r/…" in services.render_message(message.pk, now=NOON, reveal=True).text


def test_there_is_no_preview_of_nothing_or_of_somebody_who_was_forgotten():
    message = factories.message()
    visitor_services.erase_visitor(visitor_id=message.enrollment.visitor_id, now=NOON)
    for message_id in (message.pk, uuid4()):
        with pytest.raises(NotFound):
            services.render_message(message_id, now=NOON)


@pytest.mark.parametrize(
    "page", ["campaign", "enrollment", "message", "messageevent", "suppression", "pace", "webhooktoken"]
)
def test_the_admin_lists_everything_and_shows_no_address(client, page):
    message = factories.message(email="private.person@gmail.com")
    services.suppress(email_index=message.to_index, reason="complained", source="test", now=NOON)
    client.force_login(get_user_model().objects.create_superuser("staff", "s@example.com", "x"))
    for query in ("", "?q=private.person@gmail.com", f"?q={message.pk}"):
        answer = client.get(f"/admin/campaigns/{page}/{query}")
        assert answer.status_code == 200
        assert "private.person@gmail.com" not in answer.content.decode().replace('value="private.person@gmail.com"', "")


def test_the_admin_finds_a_mail_and_a_suppression_by_address(client):
    message = factories.message(email="jane.doe@gmail.com")
    services.suppress(email_index=message.to_index, reason="complained", source="test", now=NOON)
    client.force_login(get_user_model().objects.create_superuser("staff", "s@example.com", "x"))
    for page in ("message", "suppression"):
        found = client.get(f"/admin/campaigns/{page}/?q=Jane.Doe@gmail.com").context["cl"].result_count
        none = client.get(f"/admin/campaigns/{page}/?q=other@gmail.com").context["cl"].result_count
        assert (found, none) == (1, 0)
    detail = client.get(f"/admin/campaigns/message/{message.pk}/change/")
    assert detail.status_code == 200
    assert message.to_index not in detail.content.decode()
