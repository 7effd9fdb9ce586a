"""The suite handoff_briefing: what a colleague reads before they take a customer over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import Field

from carloans.core.clock import utc_now
from carloans.core.privacy import redaction
from cathy.evaluation import Played, Violation, policy, usage
from cathy.evaluation.customers import Voice
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import audited, rows
from cathy.guardrails import asides
from chat import services, tasks
from chat.models import Conversation, HandOff
from chat.services import Knock
from visitors.evaluation.people import Made, Start, make

FOLDER = Path(__file__).parent / "briefing_tasks"
#: A customer does not type faster than this.
_PAUSE = timedelta(seconds=10)

Happening = Literal["the briefing is written", "the briefing is written again", "the conversation is closed"]


class Gold(Strict):
    """One effect that should have come about: the model's summary stands in the place of the rule's, or it is over."""

    do: Literal["brief", "close"]


class BriefingTask(BaseTask):
    """A customer who said this, and for this reason was told that a person would come."""

    start: Start = Start(name="Maria", phone=True, application="saved at step 3")
    says: Annotated[list[list[str]], Field(min_length=1)]
    reason: str = "asked"
    happens: list[Happening] = ["the briefing is written"]
    gold: list[Gold] = [Gold(do="brief")]


@dataclass
class _Case:
    """One conversation that waits for a person."""

    made: Made
    conversation_id: UUID
    now: datetime

    def say(self, text: str) -> None:
        self.now += _PAUSE
        words = self.made.person.fill(text)
        services.receive(conversation_id=self.conversation_id, client_id=uuid4(), text=words, now=self.now)

    def call(self, reason: str) -> None:
        services.hand_off(conversation_id=self.conversation_id, reason=reason, now=self.now)

    def close(self) -> None:
        services.close(conversation_id=self.conversation_id, now=self.now)

    @property
    def stay(self) -> HandOff:
        return HandOff.objects.get(conversation=self.conversation_id)

    def state(self) -> State:
        stays = HandOff.objects.filter(conversation=self.conversation_id)
        return {
            "owner": Conversation.objects.get(pk=self.conversation_id).owner,
            "briefings": rows(stays, "reason", "source", "ended"),
            "audit": audited([f"conversation:{self.conversation_id}"]),
        }


def prepare(task: BriefingTask) -> _Case:
    """The visitor in a conversation in which nothing was said yet."""
    now = utc_now() - timedelta(minutes=20)
    made = make(task, task.start, now=now)
    # No rehearsal: those are briefed to nobody.
    knock = Knock(site_id=made.site_id, visitor=made.visitor_id, lang=task.language)
    return _Case(made, services.enter(knock=knock, now=now).conversation_id, now)


def play(task: BriefingTask, scene: _Case, rng: Random) -> Played:
    """The customer talks, a person is called, and the model sums it up."""
    case = _called(task, scene, Voice(rng).put)
    for happening in task.happens:
        if happening == "the conversation is closed":
            case.close()
        else:
            tasks.brief(conversation_id=case.conversation_id)
    summary = case.stay.summary
    return Played(
        state=case.state(),
        told=[summary],
        violations=list(_broken(case)),
        usage=usage.of(conversation=case.conversation_id),
        turns=1,
        transcript=[f"called for: {task.reason}", *task.happens, summary],
    )


def target(task: BriefingTask, scene: _Case) -> State:
    """The wanted rows, written by the services alone."""
    case = _called(task, scene, lambda options: options[0])
    for gold in task.gold:
        if gold.do == "close":
            case.close()
        else:
            services.keep_summary(call_id=case.stay.pk, summary="The customer asked for a person.", now=case.now)
    return case.state()


def _called(task: BriefingTask, scene: _Case, put: Callable[[list[str]], str]) -> _Case:
    """The conversation up to the call for a person. The scene itself stays as it is for the next trial."""
    case = _Case(scene.made, scene.conversation_id, scene.now)
    for options in task.says:
        case.say(put(options))
    case.call(task.reason)
    return case


def _broken(case: _Case) -> Iterator[Violation]:
    """What no summary may hold, whoever wrote it; the rule's own sentences are the program's."""
    summary, person = case.stay.summary, case.made.person
    if case.stay.source == HandOff.Source.MODEL:
        yield from (Violation(f"linter:{rule}", summary[:80]) for rule in asides.broken_rules(summary))
    yield from (Violation("personal_data", span.type) for span in redaction.find(summary))
    yield from policy.in_language(summary, "en")
    yield from policy.kept_secret([person.email, person.phone, person.other_phone], [summary])
    if not summary:
        yield Violation("no_summary", "a colleague reads nothing")
