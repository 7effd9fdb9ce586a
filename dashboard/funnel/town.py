"""The simulation: synthetic people in front of the real program, days in seconds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import partial
from random import Random
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from campaigns import services as campaigns
from carloans.celery import app, collect_schedule
from carloans.core.clock import travelling, utc_now
from carloans.core.errors import CarLoansError
from chat import reading
from chat import services as chat
from dashboard.funnel import lives
from dashboard.funnel.agenda import Agenda, Life
from dashboard.funnel.people import DEMO_SITE, SITE, Person, people
from dashboard.funnel.providers import Letter, Providers, webhook_body
from visitors import services as visitors

#: A Thursday before the night in which American clocks go forward.
START: Final = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
#: The last visitor's journey: an hour to be missed, three days of mails, a night before each, and time to answer.
AFTERWARDS: Final = timedelta(days=6)
SWEEP_EVERY: Final = timedelta(minutes=30)
#: The sweeps that find whom nobody would miss otherwise; the others stand behind news that is never lost here.
_OFTEN: Final = ("visitors.sweep_abandonment", "campaigns.sweep")
_RARELY_EVERY: Final = timedelta(hours=3)
#: How long somebody waits for a person of the team.
_STAFF_EVERY: Final = timedelta(hours=2)


@dataclass
class Town:
    """Everybody and everything of one simulation; afterwards the witness of what people really did."""

    people: list[Person]
    agenda: Agenda
    providers: Providers
    until: datetime
    started: datetime = START
    letters: list[Letter] = field(default_factory=list)
    rng: Random = field(default_factory=lambda: Random(0))  # noqa: S311  no secrecy needed

    def __post_init__(self) -> None:
        self._by_address = {person.email: person for person in self.people}
        self.agenda.afterwards = self._collect

    def person_of(self, letter: Letter) -> Person:
        return self._by_address[parseaddr(letter.to)[1]]

    def answer(self, conversation_id: Any) -> None:
        lives.answer(conversation_id)

    def _collect(self) -> None:
        """What reached the providers' far ends during an act: letters are read, reports come back."""
        letters, self.providers.letters = self.providers.letters, []
        for letter in letters:
            self.letters.append(letter)
            self.agenda.live(lives.reads(self, self.person_of(letter), letter), begins=utc_now())
        reports, self.providers.reports = self.providers.reports, []
        for event, key in reports:
            self.agenda.live(self._reports(event, key), begins=utc_now() + timedelta(seconds=self.rng.randint(2, 90)))

    def _reports(self, event: dict[str, Any], key: str) -> Life:
        campaigns.receive_webhook(body=webhook_body(event, key, utc_now()), now=utc_now())
        yield from ()


@contextmanager
def _everything_at_once() -> Iterator[None]:
    """Tasks run where they are asked for: this process is the worker. A task that fails ends the simulation."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    try:
        yield
    finally:
        app.conf.task_always_eager, app.conf.task_eager_propagates = before


def simulate(
    *,
    count: int,
    seed: int,
    days: float,
    providers: Providers,
    afterwards: timedelta = AFTERWARDS,
    crowd: list[Person] | None = None,
) -> Town:
    """Let so many people (or this crowd) live through the funnel, all within this database and at these providers.

    The database must be migrated and without sites of an earlier simulation. The same arguments make the same funnel.
    """
    random.seed(seed)
    with travelling(START) as clock, _everything_at_once():
        call_command("seed_demo", verbosity=0, stdout=_Silent())
        _make_sites()
        until = START + timedelta(days=days) + afterwards
        town = Town(crowd or people(count=count, seed=seed, days=days), Agenda(clock), providers, until)
        _schedule(town)
        town.agenda.run(until=until)
        for name, arguments, _ in _sweeps():
            _sweep(name, arguments)
    return town


class _Silent:
    """Where the words of commands go."""

    def write(self, text: str) -> None:
        return

    def flush(self) -> None:
        return


def _make_sites() -> None:
    for key, demo in ((SITE, False), (DEMO_SITE, True)):
        visitors.ensure_site(
            key=key, name=f"Simulated visitors ({key})", company_name=settings.COMPANY_NAME, origins=[], is_demo=demo,
            abandon_after_seconds=3600,
        )  # fmt: skip


def _schedule(town: Town) -> None:
    for person in town.people:
        town.agenda.live(lives.first_visit(town, person), begins=START + person.starts)
        if person.erases:
            moment = START + person.starts + timedelta(hours=person.rng.uniform(2, 60))
            town.agenda.live(lives.erasure(town, person), begins=moment)
    for name, arguments, every in _sweeps():
        pause = SWEEP_EVERY if name in _OFTEN else max(every, _RARELY_EVERY)
        town.agenda.every(pause, [partial(_sweep, name, arguments)], until=town.until)
    town.agenda.every(_STAFF_EVERY, [_work_the_queue(_member_of_staff())], until=town.until)


def _sweeps() -> list[tuple[str, dict[str, Any], timedelta]]:
    """Every room's periodic tasks with their arguments and how often they come."""
    entries = collect_schedule().values()
    return [(one["task"], one.get("kwargs", {}), timedelta(seconds=one["schedule"])) for one in entries]


def _sweep(name: str, arguments: dict[str, Any]) -> None:
    app.tasks[name].apply(kwargs=arguments)


def _member_of_staff() -> Any:
    return get_user_model().objects.create_user("funnel-staff", first_name="Robin", is_staff=True)


def _work_the_queue(staff: Any) -> Any:
    """By day, a person answers who waits, and closes or hands back."""

    def work() -> None:
        if not 14 <= utc_now().hour < 24:
            return
        for number, line in enumerate(reading.conversations(owner="queue", limit=20)):
            _serve(staff, line.id, back=number % 3 == 0)

    return work


def _serve(staff: Any, conversation_id: Any, *, back: bool) -> None:
    now = utc_now()
    try:
        chat.claim(conversation_id=conversation_id, staff_id=staff.pk, staff_name="Robin", now=now)
        text = "Thank you for waiting. I have looked at it and will see to the next step."
        chat.staff_reply(conversation_id=conversation_id, staff_id=staff.pk, client_id=uuid4(), text=text, now=now)
        if back:
            chat.return_to_ai(conversation_id=conversation_id, staff_id=staff.pk, now=now)
        else:
            chat.close(conversation_id=conversation_id, now=now, actor=f"staff:{staff.pk}")
    except CarLoansError:
        return
