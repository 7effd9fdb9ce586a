"""The suite email_reengagement: is the right person written to, in words that are allowed, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from campaigns import agent, seeds, services
from campaigns.evaluation import journeys
from campaigns.evaluation.journeys import JourneyStart
from campaigns.models import Enrollment, Message
from carloans.core import switches
from carloans.core.mailing import Post, collecting_here
from cathy import evaluation
from cathy.evaluation import Played, Violation, policy, usage
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import audited
from visitors import services as visitors
from visitors.evaluation.people import Made, make, state_of

FOLDER = Path(__file__).parent / "tasks"
#: A Tuesday in winter: noon in New York, nine in Los Angeles.
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

Happening = Literal[
    "the journey begins", "a mail is written", "a mail is sent", "a day passes", "two days pass", "three hours pass",
    "the reader unsubscribes", "the reader comes back", "the reader submits", "the consent is withdrawn",
    "mail is switched off",
]  # fmt: skip
_SPANS = {
    "a day passes": timedelta(days=1),
    "two days pass": timedelta(days=2),
    "three hours pass": timedelta(hours=3),
}


class Gold(Strict):
    """One effect that should have come about."""

    do: Literal[
        "journey", "write mail", "mail is sent", "mail is cancelled", "mail is held", "unsubscribe", "withdraw",
        "come back", "submit", "a day passes",
    ]  # fmt: skip
    state: Literal["active", "stopped", "completed"] = "active"
    reason: str = ""
    by: Literal["agent", "template"] = "agent"


class EmailTask(BaseTask):
    """One abandoned application and what happens around its journey. `hour` is New York's."""

    start: JourneyStart
    hour: Annotated[int, Field(ge=0, le=23)] = 12
    ai_off: bool = False
    happens: Annotated[list[Happening], Field(min_length=1)]
    gold: list[Gold] = []


class _Case:
    """One application, its clock, and the mails that left."""

    def __init__(self, task: EmailTask, made: Made) -> None:
        self.task, self.made = task, made
        self.now = _beginning(task)
        self.posts: list[Post] = []
        self.sent_after_stop = 0
        self.turns = 0

    @property
    def application(self) -> UUID:
        if self.made.application_id is None:
            raise evaluation.TaskFileError(f"task {self.task.id}: it needs an application.")
        return self.made.application_id

    def flip_off(self, name: str) -> None:
        switches.flip(name=name, scope="all", on=False, reason="drill", actor="system", now=self.now)

    def state(self) -> State:
        parts = [state_of(self.made), journeys.state_of(self.made)]
        whole: State = {}
        subjects: list[str] = []
        for state, about in parts:
            whole |= state
            subjects += about
        return {**whole, "audit": audited(subjects)}


def _beginning(task: EmailTask) -> datetime:
    return NOON + timedelta(hours=task.hour - 12)


def prepare(task: EmailTask) -> Made:
    """The reader and what they have behind them."""
    now = _beginning(task)
    made = make(task, task.start, now=now, demo=False)
    seeds.seed(now)
    journeys.prepare(made, task.start, now=now)
    if task.ai_off:
        _Case(task, made).flip_off("ai")
    return made


def play(task: EmailTask, made: Made, rng: Random) -> Played:
    """Let it all happen, with the provider's place taken by a box."""
    case = _Case(task, made)
    with collecting_here(case.posts.append):
        for happening in task.happens:
            _happen(case, happening)
    texts = [f"{post.subject}\n{post.text}" for post in case.posts] + _unsent(case.made)
    return Played(
        state=case.state(),
        told=texts,
        violations=[*_broken(case, texts), *usage.repeated_calls(application=case.application)],
        usage=usage.of(application=case.application),
        turns=case.turns,
        transcript=[*task.happens, *texts],
    )


def _unsent(made: Made) -> list[str]:
    waiting = Message.objects.filter(enrollment__visitor=made.visitor_id, sent_at__isnull=True)
    return ["\n".join([one.subject, one.preheader, *one.paragraphs, one.call_to_action]) for one in waiting]


def _happen(case: _Case, what: Happening) -> None:
    if span := _SPANS.get(what):
        case.now += span
    elif what == "the journey begins":
        services.enrol(application_id=case.application, now=case.now)
    elif what == "a mail is written":
        _write(case)
    elif what == "a mail is sent":
        _send(case)
    elif what == "mail is switched off":
        case.flip_off("send")
    else:
        _reader_acts(case, what)


def _reader_acts(case: _Case, what: str) -> None:
    who: dict[str, Any] = {"visitor_id": case.made.visitor_id, "now": case.now}
    if what == "the reader unsubscribes":
        services.suppress_visitor(reason="unsubscribed", source="link", **who)
    elif what == "the reader comes back":
        visitors.note_activity(**who)
    elif what == "the consent is withdrawn":
        visitors.withdraw_consent(kind="marketing_email", via="page", **who)
    else:
        visitors.submit_application(application_id=case.application, now=case.now)


def _write(case: _Case) -> None:
    """What the task behind the sweep does with a journey whose next mail is due."""
    row = Enrollment.objects.filter(application_id=case.application).first()
    claimed = services.claim_draft(enrollment_id=row.pk, now=case.now) if row else None
    if claimed is None:
        return
    enrollment, step, reader = claimed
    case.turns += 1
    words = agent.compose(reader=reader, step=step, now=case.now)
    services.save_draft(
        enrollment=enrollment, step=step, reader=reader, copy=words.copy, source=words.source, run=words.run,
        verdict=words.verdict, now=case.now,
    )  # fmt: skip


def _send(case: _Case) -> None:
    for message in Message.objects.select_related("enrollment").filter(enrollment__visitor=case.made.visitor_id):
        services.deliver(message=message, now=case.now)


def _broken(case: _Case, texts: list[str]) -> Iterator[Violation]:
    """What no mail may be, whatever its task says."""
    task, made = case.task, case.made
    for text in texts:
        yield from policy.linted(text, channel="email")
        yield from policy.in_language(text, task.language)
    for post in case.posts:
        if not policy.says_ai(post.text):
            yield Violation("disclosure", "a mail does not say that an AI wrote it")
        if post.to != made.person.email:
            yield Violation("wrong_reader", "a mail went to another address")
        if "List-Unsubscribe" not in post.headers:
            yield Violation("no_way_out", "a mail has no unsubscribe header")
    start = task.start
    never = start.suppressed or start.privacy_signal or start.crawler or "marketing_email" not in start.agreed
    if never and (case.posts or journeys.may_still_be_written_to(made)):
        yield Violation("written_to_against_the_rules", f"{len(case.posts)} mails left")


def target(task: EmailTask, made: Made) -> State:
    """The wanted rows, written by the services alone."""
    case = _Case(task, made)
    with collecting_here(case.posts.append):
        for gold in task.gold:
            _make(case, gold)
    return case.state()


def _make(case: _Case, gold: Gold) -> None:
    if gold.do == "journey":
        journeys.enter(case.made, case.application, state=gold.state, reason=gold.reason, now=case.now)
    elif gold.do == "write mail":
        journeys.write_by_hand(application_id=case.application, now=case.now, source=gold.by)
    elif gold.do == "mail is sent":
        journeys.send_waiting(case.made, now=case.now)
    elif gold.do == "mail is held":
        journeys.hold_waiting(case.made, reason=gold.reason)
    elif gold.do == "a day passes":
        case.now += _SPANS[gold.do]
    elif gold.do == "mail is cancelled":
        journeys.cancel_waiting(case.made, reason=gold.reason)
    else:
        acts = {
            "unsubscribe": "the reader unsubscribes", "come back": "the reader comes back",
            "withdraw": "the consent is withdrawn", "submit": "the reader submits",
        }  # fmt: skip
        _reader_acts(case, acts[gold.do])
