"""The prompt pages of the room: list, comparison, lab, a run with its recording, and replay."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.test import Client

from carloans.core.models import Switch
from cathy.guardrails import gate
from cathy.prompts import versions
from cathy.prompts.results import Result
from cathy.prompts.wishes import BUILT_IN
from chat import turns
from chat.tests import factories
from dashboard.tests.rows import run_of
from dashboard.views.prompts import TURNS

pytestmark = pytest.mark.django_db

LAB = "/ops/prompts/lab/"
BY = {"actor": "staff:1", "staff": "ann"}


@pytest.fixture(autouse=True)
def _a_fresh_minute() -> None:
    cache.clear()


def draft(now: Any, **english: Any) -> Any:
    content = BUILT_IN.content()
    raw = {**content, "en": {**content["en"], "length": 40, **english}}
    return versions.draft(raw=raw, note="Shorter", based_on=None, **BY, now=now)


def evaluation(version: Any, now: Any, *, passed: int = 4, suite: str = "chat", mode: str = "simulated") -> Any:
    tasks = [{"id": "stop", "purpose": "A stop is a stop", "passed": passed, "counted": 4, "faults": ["said too much"]}]
    result = Result(suite, mode, mode, 4, 1, passed / 4, passed / 4, 0, 0, {"tasks": tasks, "summary": {"tokens": 7}})
    return versions.record_evaluation(version_id=version.pk, result=result, **BY, now=now)


def sealed(page: str) -> str:
    found = re.search(r'name="talk" value="([^"]+)"', page)
    assert found
    return found[1]


def begun(staff: Client, version: Any, **fields: str) -> str:
    form = {"version": str(version.number), "customer": "new", "locale": "en", **fields}
    return staff.post(LAB, form).content.decode()


def test_the_list_names_versions_and_results(staff, now):
    assert "Nothing was evaluated yet" in staff.get("/ops/prompts/").content.decode()
    evaluation(draft(now), now)
    page = staff.get("/ops/prompts/").content.decode()
    assert "Shorter" in page
    assert "100.0 %" in page
    assert "Try version 2" in page


def test_two_results_of_a_suite_stand_side_by_side(staff, now):
    first, second = draft(now), draft(now, length=30)
    left, right, other = (
        evaluation(first, now),
        evaluation(second, now, passed=2),
        evaluation(second, now, suite="mail"),
    )
    page = staff.get(f"/ops/prompts/compare/?left={left.pk}&right={right.pk}").content.decode()
    for words in ("A stop is a stop", "4/4", "2/4", "worse", "said too much", "50.0 %"):
        assert words in page, words
    live = evaluation(second, now, mode="live")
    assert (
        "measures flow and tools" in staff.get(f"/ops/prompts/compare/?left={left.pk}&right={live.pk}").content.decode()
    )
    assert "two suites" in staff.get(f"/ops/prompts/compare/?left={left.pk}&right={other.pk}").content.decode()
    assert "Choose two results" in staff.get(f"/ops/prompts/compare/?left={uuid4()}&right=x").content.decode()


def test_the_lab_answers_on_both_sides(staff, now):
    empty = staff.get(LAB).content.decode()
    assert "Make a draft first" in empty
    version = draft(now, greeting="Good to see you. What would help?")
    page = begun(staff, version)
    assert "What would help?" in page
    assert "where you left off" in page
    page = staff.post(LAB, {"talk": sealed(page), "text": "My number is 512-867-5309"}).content.decode()
    assert page.count("save_phone") == 2
    assert "[PHONE_1]" in page
    assert "867-5309" not in page
    page = staff.post(LAB, {"talk": sealed(page), "text": "Stop writing to me"}).content.decode()
    assert page.count("stop contact") >= 2
    assert f"{TURNS - 2} lines are left" in page


def test_the_lab_in_spanish_and_its_limits(staff, now, monkeypatch):
    version = draft(now)
    page = begun(staff, version, locale="es", customer="returning")
    assert "Soy Cathy, una asistente de IA" in page
    assert "type what the customer says" in staff.post(LAB, {"talk": sealed(page), "text": " "}).content.decode()
    forged = staff.post(LAB, {"talk": sealed(page)[:-2] + "xx", "text": "Hola"}).content.decode()
    assert "Begin a talk" in forged
    assert "choose a version" in begun(staff, version, customer="somebody").replace("Please ", "")
    monkeypatch.setattr("dashboard.views.guards.PER_MINUTE", 1)
    page = staff.post(LAB, {"talk": sealed(page), "text": "Hola"}).content.decode()
    assert "lot at once" in staff.post(LAB, {"talk": sealed(page), "text": "Hola"}).content.decode()
    monkeypatch.setattr("dashboard.views.prompts.TURNS", 1)
    assert "reached its end" in staff.post(LAB, {"talk": sealed(page), "text": "Hola"}).content.decode()


def test_the_lab_says_that_ai_is_off(staff, now):
    version = draft(now)
    page = begun(staff, version)
    Switch.objects.create(name="ai", scope="all", on=False, reason="test", changed_at=now)
    shown = staff.post(LAB, {"talk": sealed(page), "text": "Hi"}).content.decode()
    assert "The switch “ai” is off" in shown
    assert "Say it to both" not in shown


def run_in_the_chat(now: Any) -> Any:
    opened = factories.open_conversation(now=now)
    factories.say(opened.conversation_id, "My number is 512-555-0134", now=now + timedelta(seconds=1))
    async_to_sync(turns.answer_all)(opened.conversation_id, turns.Silence())
    from cathy import selectors

    return selectors.recent_runs(conversation=opened.conversation_id)[0].run_id


def test_a_run_shows_what_was_given_and_can_be_replayed(staff, now, monkeypatch):
    run_id = run_in_the_chat(now)
    page = staff.get(f"/ops/runs/{run_id}/").content.decode()
    for words in ("My number is [PHONE_1]", "save_phone", "Saved. For contact by dealers", "You are Cathy", "Replay"):
        assert words in page, words
    assert "555-0134" not in page
    replayed = staff.post(f"/ops/runs/{run_id}/replay/").content.decode()
    assert "the same" in replayed
    assert "different" not in replayed.split("<main")[1].split("notice")[0]
    monkeypatch.setattr(gate, "check_sentence", lambda *args, **options: gate.GateVerdict("No.", "pressure"))
    assert ">different<" in staff.post(f"/ops/runs/{run_id}/replay/").content.decode()


def test_another_answer_is_shown_beside_the_recorded_one(staff, now):
    run_id = run_in_the_chat(now)
    assert "was asked anew" in staff.post(f"/ops/runs/{run_id}/replay/", {"with": "model"}).content.decode()


def test_a_run_without_a_recording_says_so(staff, now):
    run_id = run_of(now=now)
    assert "Nothing was recorded" in staff.get(f"/ops/runs/{run_id}/").content.decode()
    answer = staff.post(f"/ops/runs/{run_id}/replay/")
    assert answer.status_code == 400
    assert "Nothing was recorded" in answer.content.decode()
    assert staff.post(f"/ops/runs/{uuid4()}/replay/").status_code == 400
