"""The suite credit_check: one press, one pull, the true words for its outcome, and a person where one is owed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from carloans.core import switches
from carloans.core.clock import utc_now
from cathy.evaluation import Played, usage
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import audited
from credit import outcomes, selectors, services
from credit import tasks as work
from credit.evaluation import checks
from credit.evaluation.checks import Says
from visitors import services as visitors
from visitors.evaluation.people import Made, Start, make, state_of

FOLDER = Path(__file__).parent / "tasks"

Happening = Literal[
    "the customer agrees", "the customer agrees again", "the clerk works", "the clerk works again",
    "the permission is withdrawn", "the customer agreed a month ago",
]  # fmt: skip


#: A permission holds for thirty days.
_MONTH = timedelta(days=31)


class Gold(Strict):
    """One effect that should have come about; `press` for each agreement that counts, `result` for what was pulled."""

    do: Literal["press", "old press", "result", "expire", "withdraw", "phrase"]
    value: str = ""


class CreditTask(BaseTask):
    """One permission and what comes of it."""

    start: Start = Start(name="Maria", phone=True, email=True, application="saved at step 4")
    bureau: Says = "offers"
    ai_off: bool = False
    pull_off: bool = False
    happens: Annotated[list[Happening], Field(min_length=1)]
    gold: list[Gold] = []


class _Case:
    """One customer with their checks."""

    def __init__(self, task: CreditTask, made: Made) -> None:
        self.task, self.made, self.now = task, made, utc_now()
        self.presses: list[UUID] = []
        self.turns = 0

    def press(self, ago: timedelta = timedelta()) -> None:
        then = self.now - ago
        check = checks.press_agree(self.made, locale=self.task.language, conversation_id=None, now=then)
        self.presses.append(check)
        if self.task.pull_off:
            _flip_off("pull", self.now)

    def state(self) -> State:
        (person, about), (credit, more) = state_of(self.made), checks.state_of(self.made)
        return {**person, **credit, "audit": audited([*about, *more])}


def _flip_off(name: str, now: datetime) -> None:
    switches.flip(name=name, scope="all", on=False, reason="drill", actor="system", now=now)


def prepare(task: CreditTask) -> Made:
    """The customer before they agree to anything."""
    now = utc_now()
    if task.ai_off:
        _flip_off("ai", now)
    return make(task, task.start, now=now - timedelta(minutes=1))


def play(task: CreditTask, made: Made, rng: Random) -> Played:
    """Let it all happen before an invented bureau."""
    case = _Case(task, made)
    with checks.asked(task.bureau) as bureau:
        for happening in task.happens:
            _happen(case, happening)
        told = _told(case)
        return Played(
            state=case.state(),
            told=told,
            violations=[
                *checks.broken(case.made, bureau, presses=len(case.presses), now=case.now),
                *usage.repeated_calls(visitor=case.made.visitor_id),
            ],
            usage=usage.of(visitor=case.made.visitor_id),
            turns=case.turns,
            transcript=[*task.happens, *told],
        )


def _happen(case: _Case, what: Happening) -> None:
    if what in {"the customer agrees", "the customer agrees again"}:
        case.press()
    elif what == "the permission is withdrawn":
        visitors.withdraw_consent(visitor_id=case.made.visitor_id, kind="soft_pull", via="page", now=case.now)
    elif what == "the customer agreed a month ago":
        case.press(ago=_MONTH)
    elif case.presses:
        case.turns += 1
        work.run_check(check_id=str(case.presses[-1]))


def _told(case: _Case) -> list[str]:
    """The words that the customer would read."""
    found = [selectors.outcome_for(one) for one in case.presses]
    return [outcomes.sentence(one.phrase) for one in found if one and one.phrase]


def target(task: CreditTask, made: Made) -> State:
    """The wanted rows, written by the services alone."""
    case = _Case(task, made)
    with checks.asked(task.bureau):
        for gold in task.gold:
            _make(case, gold)
    return case.state()


def _make(case: _Case, gold: Gold) -> None:
    if gold.do in {"press", "old press"}:
        case.press(ago=_MONTH if gold.do == "old press" else timedelta())
    elif gold.do == "withdraw":
        visitors.withdraw_consent(visitor_id=case.made.visitor_id, kind="soft_pull", via="page", now=case.now)
    elif gold.do == "expire":
        checks.expire(case.presses[-1], now=case.now)
    elif gold.do == "phrase":
        services.choose_phrase(check_id=case.presses[-1], phrase=gold.value)
    else:
        checks.decide(case.presses[-1], says=case.task.bureau, now=case.now, reason=gold.value)
