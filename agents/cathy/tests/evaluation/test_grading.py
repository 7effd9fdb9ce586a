"""The arithmetic of grades, and what a report says of them."""

from __future__ import annotations

import json

import pytest

from cathy.evaluation import BaseTask, Played, Report, TaskResult, TrialResult, Violation, policy
from cathy.evaluation.grading import differences, faults, mean_pass_hat, pass_hat
from cathy.evaluation.suites import Usage

TASK = BaseTask(id="a", purpose="A sentence that says what is good.", say=["saved"], never=["guarantee"])


def report(*tasks, simulated=True, trials=4):
    return Report("m", simulated, "", trials, 1, tuple(tasks), 1.0)


def result(id_, passed, of, *, tags=(), left_out=0, **usage):
    trials = [TrialResult(n, usage=Usage(**usage)) for n in range(passed)]
    trials += [TrialResult(n, faults=("say: nothing",)) for n in range(of - passed)]
    trials += [TrialResult(n, left_out="network: network") for n in range(left_out)]
    return TaskResult(id_, "chat", "What is good.", tags, tuple(trials))


@pytest.mark.parametrize(
    ("k", "passed", "counted", "value"),
    [(1, 3, 4, 0.75), (4, 4, 4, 1.0), (4, 3, 4, 0.0), (2, 3, 4, 0.5), (4, 6, 8, 15 / 70), (4, 3, 3, None)],
)
def test_pass_hat_is_the_share_of_draws_that_pass(k, passed, counted, value):
    assert pass_hat(k, passed=passed, counted=counted) == value


def test_the_mean_leaves_out_tasks_with_too_few_trials():
    assert mean_pass_hat(2, [(2, 2), (1, 2), (1, 1)]) == 0.5
    assert mean_pass_hat(3, [(1, 1)]) is None


def test_a_trial_needs_all_three_parts():
    state = {"contact": {"phone": "1"}, "owner": "ai"}
    good = Played(state=state, told=["It is saved."])
    assert faults(TASK, good, state) == []
    bad = Played(
        state={"contact": {"phone": "2"}, "owner": "ai"},
        told=["I guarantee it."],
        violations=[Violation("linter:pressure", "hurry")],
        unmet=["no card was seen"],
    )
    parts = [line.split(":")[0] for line in faults(TASK, bad, state)]
    assert parts == ["end", "policy", "say", "say", "say"]
    assert "contact.phone" in faults(TASK, bad, state)[0]


def test_states_differ_by_what_is_missing_too():
    assert differences({"a": [1]}, {}) == ["a should be [1] and is None"]


def test_the_bar_wants_no_broken_rule_and_no_tool_error():
    fine = [result(str(n), 4, 4) for n in range(19)]
    assert report(*fine, result("x", 4, 4)).good_enough()
    assert report(*fine, result("x", 3, 4)).good_enough()
    assert not report(*fine[:8], result("x", 3, 4)).good_enough()
    assert not report(*fine, result("x", 4, 4, tool_errors=("save_phone: bug",))).good_enough()
    broken = TaskResult("x", "chat", "", (), (TrialResult(1, violations=("language: en",)),) * 4)
    assert not report(*fine, broken).good_enough()
    assert not report().good_enough()


def test_trials_without_a_model_are_left_out_and_counted():
    one = report(result("x", 4, 4, left_out=2), simulated=False)
    assert (one.passing(4), one.left_out) == (1.0, 2)
    assert "2 trials left out" in one.table()


def test_the_report_says_whose_words_they_are_and_why_a_task_failed():
    one = report(result("bad", 2, 4, tags=("stop",)), result("good", 4, 4))
    text = one.table()
    assert "simulated" in text
    assert "chat/bad: passed 2 of 4" in text
    assert "2x say: nothing" in text
    document = json.loads(json.dumps(one.as_dict()))
    assert document["mode"] == "simulated"
    assert document["summary"]["pass"] == {"1": 0.75, "2": pytest.approx(0.5833), "3": 0.5, "4": 0.5}
    assert document["tags"]["stop"]["tasks"] == 1
    assert report(simulated=False).as_dict()["mode"] == "live"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Your application is saved and you can go on.", "en"),
        ("Su solicitud está guardada y puede continuar.", "es"),
        ("OK", None),
        ("Honda Civic 2021", None),
    ],
)
def test_tells_the_language_of_a_text(text, language):
    assert policy.written_in(text) == language


def test_secrets_are_found_without_their_separators():
    assert policy.kept_secret(["123-45-6789"], ["it is 123 45 6789"])
    assert not policy.kept_secret(["123-45-6789"], ["it is [SSN]"])
