"""Figures and lists for the operations room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from visitors import selectors
from visitors.tests.factories import ApplicationFactory, VisitorFactory, make_abandoned


def test_the_funnel_counts_rows_in_few_queries(db: None, moment: datetime, django_assert_max_num_queries: Any) -> None:
    VisitorFactory.create()
    VisitorFactory.create(is_bot=True)
    ApplicationFactory.create(status="started", saved_at=None, last_event_at=moment - timedelta(hours=2))
    make_abandoned()
    make_abandoned(consents=())
    make_abandoned(visitor__gpc=True)
    ApplicationFactory.create(status="submitted", submitted_at=moment, returned_at=moment)
    with django_assert_max_num_queries(3):
        counts = selectors.funnel(since=moment - timedelta(days=1), now=moment)
    assert counts == {
        "visitors": 6, "started": 5, "saved": 4, "abandoned": 4, "contactable": 1, "returned": 1, "submitted": 1,
    }  # fmt: skip


def test_an_empty_house_counts_zero(db: None, moment: datetime) -> None:
    assert set(selectors.funnel(since=moment, now=moment).values()) == {0}


def test_recent_applications_are_masked(db: None, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        make_abandoned()
    with django_assert_max_num_queries(2):
        lines = selectors.recent_applications(limit=2)
    assert len(lines) == 2
    assert lines[0]["email"].startswith("a***@g***")
    assert lines[0]["phone"] == "•••-•••-4567"
    assert "Archer" not in str(lines)


def test_a_timeline_tells_the_story_in_order_without_contact_data(db: None) -> None:
    application = make_abandoned()
    told = selectors.timeline(visitor_id=application.visitor_id)
    assert {fact["kind"] for fact in told} == {"abandoned", "consent_given"}
    assert [fact["at"] for fact in told] == sorted(fact["at"] for fact in told)
    assert "gmail" not in str(told)
