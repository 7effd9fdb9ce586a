"""The click that counts is a person who used the mail's own link; it is noted once, also when the news is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns import selectors, services, tasks
from campaigns.models import MessageEvent
from campaigns.tests import factories
from visitors import services as visitors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model")]


@pytest.fixture
def followed(now):
    message = factories.message(now=now, site_key=factories.site("demo", is_demo=True))
    token = visitors.issue_return_link(application_id=message.enrollment.application_id, message_id=message.pk, now=now)
    visitors.redeem_return_link(token=token, now=now)
    return message


def test_a_used_link_is_found_by_the_sweep_and_noted_once(followed, provider, now):
    assert selectors.unnoted_clicks(since=now - timedelta(minutes=1)) == [(followed.pk, now)]
    tasks.sweep()
    tasks.sweep()
    followed.refresh_from_db()
    assert followed.clicked_at == now
    assert MessageEvent.objects.filter(message=followed, type="clicked").count() == 1
    assert selectors.unnoted_clicks(since=now - timedelta(minutes=1)) == []


def test_a_second_note_changes_nothing(followed, now):
    assert services.note_click(message_id=followed.pk, at=now, now=now)
    assert not services.note_click(message_id=followed.pk, at=now + timedelta(hours=1), now=now)
    followed.refresh_from_db()
    assert followed.clicked_at == now
