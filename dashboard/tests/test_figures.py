"""A number on the screen is a number of rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.tests import factories as mails
from carloans.core import errorlog
from carloans.core.errors import BadInput, NetworkError
from carloans.core.models import Switch
from credit.tests.factories import DecidedCheckFactory
from dashboard import figures
from dashboard.tests.rows import run_of, story
from leads.tests.factories import plain_leads
from visitors.tests.factories import VisitorFactory, make_abandoned

pytestmark = pytest.mark.django_db


def test_periods_begin_where_they_say():
    now = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    assert figures.since_of("today", now) == datetime(2026, 11, 23, tzinfo=UTC)
    assert figures.since_of("24h", now) == now - timedelta(hours=24)
    assert figures.since_of("nonsense", now) == figures.since_of("today", now)


def test_the_funnel_counts_people_and_scales_its_bars(now):
    since = now - timedelta(hours=24)
    assert {bar.count for bar in figures.funnel(since=since, now=now)} == {0}
    assert {bar.share for bar in figures.funnel(since=since, now=now)} == {0.0}
    [VisitorFactory() for _ in range(3)]
    make_abandoned()
    counts = {bar.label: (bar.count, bar.share) for bar in figures.funnel(since=since, now=now)}
    assert counts["Visitors"] == (4, 100.0)
    assert counts["Saved their progress"] == (1, 25.0)
    assert counts["Left"] == (1, 25.0)
    assert counts["May be written to"] == (1, 25.0)
    assert counts["Prequalified"] == (0, 0.0)


def test_the_figures_are_those_of_the_rows(now):
    since = now - timedelta(hours=1)
    before = figures.headline(since=since, now=now)
    assert (before["leads_today"]["total"], before["delivery"].sent, before["delivery"].delivery_rate) == (0, 0, None)
    assert (before["reply"].count, before["reply"].reply_p50, before["faults"].rate) == (0, None, None)
    plain_leads(3)
    DecidedCheckFactory(outcome="needs_person")
    mails.message(now=now)
    after = figures.headline(since=since, now=now)
    assert after["leads_today"]["total"] == 3
    assert (after["credit"]["prequalified"], after["credit"]["needs_person"]) == (1, 1)
    assert (after["delivery"].queued, after["delivery"].sent) == (1, 0)


def test_the_error_rate_is_the_share_of_attempts_that_failed(now):
    since = now - timedelta(hours=1)
    for _ in range(3):
        run_of(now=now)
    errorlog.note_error(exc=NetworkError(), where="campaigns.deliver", now=now)
    for _ in range(5):
        errorlog.note_error(exc=BadInput(), where="chat.receive", now=now)
    found = figures.faults(since=since)
    assert (found.faults, found.refusals, found.attempts, found.rate) == (1, 5, 4, 0.25)
    assert (found.by_category["network"], found.by_category["bad_input"], found.by_category["bug"]) == (1, 5, 0)


def test_a_failed_run_is_one_fault_and_one_attempt(now):
    run_of(now=now)
    run_of(now=now, outcome="failed")
    errorlog.note_error(exc=NetworkError(), where="chat.turn", now=now)
    found = figures.faults(since=now - timedelta(hours=1))
    assert (found.faults, found.attempts, found.rate) == (1, 2, 0.5)


def test_retries_cannot_push_the_rate_above_all(now):
    for _ in range(12):
        errorlog.note_error(exc=NetworkError(), where="campaigns.deliver", now=now)
    assert figures.faults(since=now - timedelta(hours=1)).rate == 1.0


def test_older_rows_do_not_count(now):
    errorlog.note_error(exc=NetworkError(), where="chat.turn", now=now - timedelta(days=2))
    assert figures.faults(since=now - timedelta(days=1)).faults == 0
    assert figures.faults(since=now - timedelta(days=7)).faults == 1


@pytest.mark.parametrize(("share", "expected"), [(50, 30), (95, 50), (1, 10), (100, 50)])
def test_percentiles_are_values_that_occurred(share, expected):
    assert figures.percentile([50, 10, 40, 20, 30], share) == expected
    assert figures.percentile([], share) is None


def test_the_screen_shows_what_the_rows_say(staff, now):
    plain_leads(7)
    page = " ".join(staff.get("/ops/?part=figures").content.decode().split())
    assert '<h2>Leads today</h2><p class="big">7</p>' in page
    assert '<h2>Mail delivered</h2><p class="big">–</p>' in page


def test_agents_show_their_runs(staff, now):
    story(now)
    run_of(now=now, total_ms=1900.0)
    page = staff.get("/ops/?part=agents").content.decode()
    row = next(part for part in page.split("<tr>") if "RealtimeChat" in part)
    assert 'class="number">2</td>' in row
    assert "1.9 s" in row
    other = next(part for part in page.split("<tr>") if "LeadPackaging" in part)
    assert "never ran" in other


def test_a_switch_that_is_off_is_announced(staff):
    Switch.objects.create(name="send", on=False, reason="provider incident")
    page = staff.get("/ops/").content.decode()
    assert "The switch “send” is off (all): provider incident" in page
