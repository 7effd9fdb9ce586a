"""The suite visitor_identifier: is an abandonment judged as the facts have it, and within what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal
from uuid import UUID

from carloans.core import switches
from carloans.core.clock import utc_now
from cathy import evaluation
from cathy.evaluation import Played, Violation, policy, usage
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import audited
from visitors import agent, selectors, services
from visitors.evaluation.people import Made, Start, make, state_of
from visitors.judging import Channel, Identity, NextStep, Priority, StopReason

FOLDER = Path(__file__).parent / "tasks"


class Wanted(Strict):
    """The judgement that is right; `by` says whether the agent's own words may stand or the rule has to."""

    identity: Identity
    channels: list[Channel]
    stop_reason: StopReason
    priority: Priority
    next_step: NextStep
    by: Literal["agent", "rule"] = "agent"


class VisitorTask(BaseTask):
    """One abandonment to judge. `ai_off` turns the model's switch off; `comes_back` happens before it is judged."""

    start: Start
    ai_off: bool = False
    comes_back: bool = False
    wanted: Wanted | None = None


def play(task: VisitorTask, scene: tuple[Made, UUID], rng: Random) -> Played:
    """Do what the task behind the sweep does with one abandonment."""
    made, application = scene
    now = utc_now()
    if services.claim_judgement(application_id=application, now=now):
        verdict = agent.judge(application_id=application, now=now)
        services.record_assessment(
            application_id=application, source=verdict.source, run_id=verdict.run_id, now=now,
            **verdict.judgement.model_dump(),
        )  # fmt: skip
        told = [verdict.judgement.explanation]
    else:
        told = []
    return Played(
        state=_state(made),
        told=told,
        violations=list(_broken(task, made, told)),
        usage=usage.of(application=application),
        turns=1,
        transcript=told,
    )


def target(task: VisitorTask, scene: tuple[Made, UUID]) -> State:
    """The wanted judgement, written by the service alone."""
    made, application = scene
    if task.wanted:
        judged = task.wanted.model_dump(exclude={"by"})
        services.record_assessment(application_id=application, source=task.wanted.by, now=utc_now(), **judged)
    return _state(made)


def prepare(task: VisitorTask) -> tuple[Made, UUID]:
    now = utc_now()
    made = make(task, task.start, now=now)
    if made.application_id is None:
        raise evaluation.TaskFileError(f"task {task.id}: it needs an application.")
    if task.ai_off:
        flip_off("ai")
    if task.comes_back:
        services.note_activity(visitor_id=made.visitor_id, now=now)
    return made, made.application_id


def flip_off(name: str) -> None:
    """Turn one of the house's switches off, within the trial."""
    switches.flip(name=name, scope="all", on=False, reason="drill", actor="system", now=utc_now())


def _state(made: Made) -> State:
    state, subjects = state_of(made)
    return {**state, "audit": audited(subjects)}


def _broken(task: VisitorTask, made: Made, told: list[str]) -> Iterator[Violation]:
    """What no judgement may do, whatever its task says."""
    known = selectors.visitor_contact(visitor_id=made.visitor_id)
    channels = {channel for row in _state(made)["judgements"] for channel in row[1]}
    may_write = selectors.active_consent(visitor_id=made.visitor_id, kind="marketing_email", now=utc_now())
    if "email" in channels and (may_write is None or known.gpc or known.is_bot or not known.email):
        yield Violation("closed_channel", "an e-mail to somebody who must not get one")
    if "phone" in channels and not known.phone:
        yield Violation("closed_channel", "a call without a number")
    person = made.person
    yield from policy.kept_secret([person.email, person.phone, task.start.name or person.email], told)
    yield from usage.repeated_calls(application=made.application_id)
