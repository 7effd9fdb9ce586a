"""The stage of a conversation: an invented visitor, their surroundings, and the conversation itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model

from campaigns.evaluation import journeys
from carloans.core import switches
from carloans.core.clock import utc_now
from cathy.evaluation.suites import State
from cathy.evaluation.world import audited, rows
from chat import services
from chat.evaluation.tasks import ChatTask
from chat.models import Conversation, Message
from chat.partners import Partner, named_here
from chat.services import Knock, Origin
from credit.evaluation import checks
from credit.evaluation.checks import InventedBureau
from visitors import selectors as visitors
from visitors.evaluation import people
from visitors.evaluation.people import Made

PRESS = Origin(ip="203.0.113.7", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
#: A customer does not type faster than this.
PAUSE = timedelta(seconds=10)


@dataclass
class Stage:
    """One conversation with its clock. `presses` counts the agreements to a credit check."""

    task: ChatTask
    made: Made
    conversation_id: UUID
    bureau: InventedBureau
    now: datetime
    presses: int = 0
    _staff: list[Any] = field(default_factory=list)

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation_id)

    def tick(self, pause: timedelta = PAUSE) -> datetime:
        """Let time pass."""
        self.now += pause
        return self.now

    def colleague(self) -> Any:
        """A member of staff who exists for this trial."""
        if not self._staff:
            name = f"evaluation-{uuid4().hex[:12]}"
            self._staff.append(get_user_model().objects.create(username=name, first_name="Robin", is_staff=True))
        return self._staff[0]

    def staff_acts(self, what: str) -> None:
        """A colleague takes the conversation over, gives it back, or closes it."""
        ours, staff, now = self.conversation_id, self.colleague(), self.tick()
        if what == "takes over":
            services.claim(conversation_id=ours, staff_id=staff.pk, staff_name="Robin", now=now)
        elif what == "gives back":
            services.return_to_ai(conversation_id=ours, staff_id=staff.pk, now=now)
        else:
            services.close(conversation_id=ours, now=now, actor=f"staff:{staff.pk}")

    def staff_writes(self, text: str) -> None:
        """The colleague answers."""
        services.staff_reply(
            conversation_id=self.conversation_id, staff_id=self.colleague().pk, client_id=uuid4(), text=text,
            now=self.tick(),
        )  # fmt: skip

    def state(self) -> State:
        """What every room's rows say of this customer."""
        parts = [people.state_of(self.made), journeys.state_of(self.made), checks.state_of(self.made)]
        whole: State = {"conversation": self._conversation()}
        subjects = [f"conversation:{self.conversation_id}"]
        for state, about in parts:
            whole |= state
            subjects += about
        return {**whole, "audit": audited(subjects)}

    def _conversation(self) -> State:
        row = self.row
        pressed = Message.objects.filter(conversation=row).exclude(card_choice="")
        return {
            "owner": row.owner,
            "note": row.note if row.owner != "ai" else "",
            "locale": row.locale,
            "waits_for_check": row.pending_check is not None,
            "pressed": rows(pressed, "card__kind", "card_choice"),
        }


@dataclass(frozen=True, slots=True)
class Scene:
    """The rows that a conversation begins with."""

    made: Made
    conversation_id: UUID
    now: datetime
    presses: int


def prepare(task: ChatTask) -> Scene:
    """The visitor, their surroundings, and a conversation that has been opened."""
    # The workers' clock is the real one: whatever the customer does must lie before it.
    start, now = task.start, utc_now() - timedelta(minutes=20)
    made = people.make(task, start, now=now - timedelta(minutes=1))
    journeys.prepare(made, start, now=now)
    presses = _check_before(task, made, now - timedelta(minutes=30))
    for switch, off in (("ai", start.ai_off), ("pull", start.pull_off)):
        if off:
            switches.flip(name=switch, scope="all", on=False, reason="drill", actor="system", now=now)
    return Scene(made, _enter(task, made, now), now, presses)


@contextmanager
def opened(task: ChatTask, scene: Scene) -> Iterator[Stage]:
    """The stage as the task begins: its dealers are the only ones, its bureau the only one that is asked."""
    dealers = [Partner(slug=people.slug(name), name=name) for name in task.start.dealers]
    with named_here(dealers), checks.asked(task.start.bureau) as bureau:
        stage = Stage(task, scene.made, scene.conversation_id, bureau, scene.now, scene.presses)
        if task.start.staff_has_it:
            stage.staff_acts("takes over")
        yield stage


def _check_before(task: ChatTask, made: Made, now: datetime) -> int:
    if not task.start.checked:
        return 0
    check = checks.press_agree(made, locale=task.language, conversation_id=None, now=now)
    checks.decide(check, says=task.start.checked, now=now)
    return 1


def _enter(task: ChatTask, made: Made, now: datetime) -> UUID:
    comes_back = task.start.returns_by_link
    knock = Knock(
        site_id=made.site_id,
        visitor=made.visitor_id,
        return_visitor=made.visitor_id if comes_back else None,
        return_application=made.application_id if comes_back else None,
        lang=task.language,
        rehearsal=True,
    )
    return services.enter(knock=knock, now=now).conversation_id


def contact_of(stage: Stage) -> visitors.Contact:
    """The customer's contact as it stands."""
    return visitors.visitor_contact(visitor_id=stage.made.visitor_id)
