"""Measuring the agents on tasks that people can read: does the right thing end up in the database, are the rules kept,
and are the words that matter said.

    from cathy.evaluation import evaluate

    report = evaluate(suite="chat", trials=4, seed=1)

This floor knows how tasks are read, played, graded and reported. What a suite's tasks can say and what their world is
made of belongs to the rooms: each registers its suite from `<room>/evaluation` (see `suites`).
"""

from cathy.evaluation.report import Report, TaskResult, TrialResult
from cathy.evaluation.running import evaluate
from cathy.evaluation.suites import Played, Suite, Violation, register, suite_named, suites
from cathy.evaluation.tasks import BaseTask, TaskFileError

__all__ = [
    "BaseTask",
    "Played",
    "Report",
    "Suite",
    "TaskFileError",
    "TaskResult",
    "TrialResult",
    "Violation",
    "evaluate",
    "register",
    "suite_named",
    "suites",
]
