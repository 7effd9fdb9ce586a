"""The agents on the evaluation's tasks: a sample in each run, all of them four times in the slow one, and planted
faults that must be noticed."""

from __future__ import annotations

import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from carloans.core.models import AuditEntry, FeedEvent
from cathy.evaluation import baseline, evaluate, suites
from cathy.evaluation.tasks import load
from cathy.models import AgentRun
from chat.models import Conversation
from tests.planted_faults import FAULTS, planted
from visitors.models import Site, Visitor

pytestmark = pytest.mark.django_db


def everything():
    return [(suite.name, task.id) for suite in suites() for task in load(suite.folder, suite.task)]


def test_there_is_a_suite_for_each_agent_with_enough_tasks():
    from cathy.registry import cards

    counts = {suite.agent: len(load(suite.folder, suite.task)) for suite in suites()}
    assert sorted(counts) == sorted(card.name for card in cards())
    assert counts["RealtimeChat"] >= 80
    assert min(counts.values()) >= 8
    assert sum(counts.values()) >= 120


def test_every_task_has_its_place_in_the_baseline():
    """A new task, or one that is gone: `evaluate_agents --accept`."""
    assert sorted(baseline.accepted()) == sorted(everything())


@pytest.mark.slow
def test_a_sample_passes_and_leaves_nothing_behind():
    sample = random.Random(7).sample(everything(), 8)
    rows = (AgentRun, AuditEntry, Conversation, FeedEvent, Site, Visitor)
    before = [model.objects.count() for model in rows]
    for suite in suites():
        wanted = {task for name, task in sample if name == suite.name}
        report = evaluate(suite=suite.name, trials=1, only=lambda task, wanted=wanted: task.id in wanted)
        assert not report.failed, report.table()
        assert (report.violations, report.tool_errors) == (0, 0)
    assert [model.objects.count() for model in rows] == before


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(fault):
    suite, task, plant = FAULTS[fault]
    with planted(plant):
        report = evaluate(suite=suite, trials=1, only=lambda one: one.id == task)
    assert [result.id for result in report.failed] == [task], report.table()
    assert baseline.regressions(report)


def test_the_command_reports_and_keeps_a_document(tmp_path):
    out = StringIO()
    file = tmp_path / "report.json"
    call_command("evaluate_agents", suite="chat", trials=2, ids=["are-you-a-robot"], file=file, stdout=out)
    document = json.loads(file.read_text())
    assert document["mode"] == "simulated"
    assert document["summary"]["pass"] == {"1": 1.0, "2": 1.0}
    assert "simulated" in out.getvalue()


def test_the_command_fails_with_a_planted_fault():
    suite, task, plant = FAULTS["suppression list not asked"]
    out = StringIO()
    with planted(plant), pytest.raises(CommandError):
        call_command("evaluate_agents", suite=suite, trials=1, ids=[task], stdout=out)
    assert f"worse than the baseline: {suite}/{task}" in out.getvalue()


def test_an_unknown_suite_is_told_with_those_that_there_are():
    with pytest.raises(CommandError, match="there are chat, "):
        call_command("evaluate_agents", suite="weather")


@pytest.mark.slow
@pytest.mark.parametrize("suite", [suite.name for suite in suites()])
def test_all_tasks_pass_four_times(suite):
    report = evaluate(suite=suite, trials=4)
    assert report.good_enough(), report.table()
    assert baseline.regressions(report) == [], report.table()
