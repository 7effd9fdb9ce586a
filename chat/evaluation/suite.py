"""The suite `chat`: an invented customer's steps, played through the same services and turns as a real one's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync

from carloans.core.errors import CarLoansError
from cathy.evaluation import Played, usage
from cathy.evaluation.customers import Voice
from cathy.evaluation.grading import found
from chat import selectors, services, turns
from chat.evaluation.examiner import Examiner
from chat.evaluation.stage import PRESS, Scene, Stage, opened, prepare
from chat.evaluation.target import target
from chat.evaluation.tasks import ChatTask, Step, filled
from chat.frames import MessageView
from credit import tasks as credit_work

__all__ = ["FOLDER", "play", "prepare", "target"]

FOLDER = Path(__file__).parent / "tasks"


def play(task: ChatTask, scene: Scene, rng: Random) -> Played:
    """Play a conversation to the end of its steps."""
    with opened(task, scene) as stage:
        return _Conversation(stage, Voice(rng)).run()


class _Conversation:
    """One trial under way."""

    def __init__(self, stage: Stage, voice: Voice) -> None:
        self._stage, self._voice = stage, voice
        self._examiner = Examiner(stage)
        self._seen = 0
        self._said_last = ""
        self._turns = 0
        self._transcript: list[str] = []

    def run(self) -> Played:
        """Take every step, then look at what has become of it all."""
        self._hear(Step(silent_for="1 minute"), "")
        for step in self._stage.task.step:
            if not step.only_if or found(step.only_if, self._said_last):
                self._take(step)
        self._examiner.end()
        ours = self._stage.conversation_id
        return Played(
            state=self._stage.state(),
            told=self._examiner.told,
            violations=[*self._examiner.violations, *usage.repeated_calls(conversation=ours)],
            unmet=self._examiner.unmet,
            usage=usage.of(conversation=ours),
            turns=self._turns,
            transcript=self._transcript,
        )

    def _take(self, step: Step) -> None:
        text = ""
        if step.says:
            text = self._say(step)
        elif step.presses:
            self._press(step)
        elif step.silent_for:
            self._be_silent(step)
        elif step.then:
            self._finish_check()
        else:
            self._staff_acts(step)
        self._hear(step, text)

    def _say(self, step: Step) -> str:
        text = self._stage.made.person.fill(self._voice.put(step.says))
        self._transcript.append(f"customer: {text}")
        now, client_id = self._stage.tick(), uuid4()
        for _ in range(2 if step.sent_twice else 1):
            self._refusable(step, lambda: self._send(text, client_id, now))
        return text

    def _send(self, text: str, client_id: UUID, now: datetime) -> None:
        ours = self._stage.conversation_id
        services.receive(conversation_id=ours, client_id=client_id, text=text, now=now)
        # As a sweep does: whether there is anything to answer, and for whom, the turn itself must find out.
        self._turns += async_to_sync(turns.answer_all)(ours, turns.Silence())

    def _press(self, step: Step) -> None:
        card = self._card(str(step.card))
        self._transcript.append(f"customer presses {step.presses} on {step.card}")
        if card is None:
            self._examiner.unmet.append(f"there was no open {step.card} to press")
            return
        self._refusable(step, lambda: self._act(step, card))

    def _act(self, step: Step, card: UUID) -> None:
        services.press_card(
            conversation_id=self._stage.conversation_id, press_id=uuid4(), card_id=card, action=step.presses,
            fields=filled(step.fields, self._stage.made.person.fill), origin=PRESS, now=self._stage.tick(),
        )  # fmt: skip
        self._stage.presses += step.presses == "agree"

    def _card(self, kind: str) -> UUID | None:
        _, views = selectors.news(self._stage.conversation_id, after=0)
        cards = [view.card for view in views if view.card and view.card["kind"] == kind and view.card["actions"]]
        return UUID(cards[-1]["id"]) if cards else None

    def _refusable(self, step: Step, act: Callable[[], None]) -> None:
        """What must be refused, is; anything else that is refused ends the trial."""
        try:
            act()
        except CarLoansError as error:
            if not step.refused:
                raise
            self._transcript.append(f"refused: {error.code}")
            return
        if step.refused:
            self._examiner.unmet.append("it should have been refused and was not")

    def _be_silent(self, step: Step) -> None:
        """What the sweeps do of a conversation in which nothing happens."""
        services.close_idle(conversation_id=self._stage.conversation_id, now=self._stage.tick(step.silence))

    def _finish_check(self) -> None:
        """What the workers do behind a press: the clerk's run, then the card with its outcome."""
        check = self._stage.row.pending_check
        if check is not None:
            credit_work.run_check(check_id=str(check))
            services.present_result(check_id=check, now=self._stage.tick())

    def _staff_acts(self, step: Step) -> None:
        if step.staff:
            self._stage.staff_acts(step.staff)
        else:
            self._stage.staff_writes(step.staff_writes)

    def _hear(self, step: Step, text: str) -> None:
        """Read what is new, as the customer would, and have it examined."""
        _, views = selectors.news(self._stage.conversation_id, after=self._seen)
        self._seen = views[-1].seq if views else self._seen
        news = [view for view in views if view.role != "customer"]
        self._transcript += [line for view in news if (line := _line(view))]
        self._said_last = next((view.text for view in reversed(news) if view.role == "cathy"), self._said_last)
        self._examiner.examine(step, text, news)


def _line(view: MessageView) -> str:
    card = f" [{view.card['kind']}]" if view.card else ""
    return f"{view.role}: {view.text}{card}" if view.text or card else ""
