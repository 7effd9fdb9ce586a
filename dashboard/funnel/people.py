"""Who the synthetic visitors are and what they are about to do, drawn from a seed: the same seed, the same people.

The shares are those of a loan form's funnel: two in five look and go, one in three saves, few finish at once, and a
part of those who are written to comes back. Rare things (faults, erasure, a bot) are common enough here to occur in
two hundred visitors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from dashboard.funnel import names
from dashboard.funnel.talking import Line, lines_for

BROWSER: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
CRAWLER: Final = "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.com/bot.html)"
STATES: Final = ["TX", "CA", "NY", "FL", "AZ", "WA", "IL", "GA", "CO", "TN", "OR", "ID", "KY", "HI", "AK"]
CARS: Final = (("Kia", "Forte"), ("Honda", "Civic"), ("Ford", "Escape"), ("Toyota", "Camry"), ("Nissan", "Rogue"))
JOBS: Final = ("Driver", "Nurse", "Welder", "Cook", "Teacher")
#: What becomes of a mail, or how its provider fails: tags of the simulated account (docs/sandboxes-mail.md).
_MAIL_TAGS: Final = (
    *("outcome-opened",) * 8, *("outcome-bounced",) * 3, "outcome-complained", "outcome-deferred", "fault-error",
    "fault-html", "fault-webhook_lost", "fault-webhook_twice", "fault-webhook_forged", "fault-refused",
)  # fmt: skip
#: Endings of fictional numbers: special results and faults of the simulated bureau (docs/sandboxes-flexpath.md).
_BUREAU_ENDINGS: Final = ["01", "02", "03", "04", "05", "06", "08", "10", "11", "12", "14", "16"]
#: Last names that make the simulated dealer answer otherwise (docs/sandboxes-buyer.md).
_DEALER_NAMES: Final = ("Rejected", "Unmatched", "Flaky", "Timeoutafter", "Ratelimited", "Emptybody")


@dataclass
class Person:
    """One visitor: the values that they would type, what they do, and (in the second half) what they did when."""

    number: int
    rng: Random
    path: str
    starts: timedelta
    demo: bool
    locale: str
    bot: bool
    gpc: bool
    first: str
    last: str
    email: str
    phone: str
    state: str
    zip: str
    employer: str
    income_cents: int
    ip: str
    step: int
    consents: bool
    reaction: str
    lines: list[Line]
    agrees_to_check: bool
    shares_with_dealer: bool
    erases: bool
    imported: bool = False
    typed: list[tuple[str, str]] = field(default_factory=list)

    visitor_id: UUID | None = None
    saved_at: datetime | None = None
    consented_at: datetime | None = None
    opted_out_at: datetime | None = None
    returned_at: datetime | None = None
    submitted_at: datetime | None = None
    erased_at: datetime | None = None
    chats: list[UUID] = field(default_factory=list)
    said: list[tuple[UUID, UUID]] = field(default_factory=list)
    letters: int = 0

    @property
    def site(self) -> str:
        return DEMO_SITE if self.demo else SITE

    def values(self) -> dict[str, Any]:
        """What is in the form when this person presses "save": contact from the first step, more with each one."""
        car = self.rng.choice(CARS)
        steps: tuple[dict[str, Any], ...] = (
            {"vehicle_year": self.rng.randint(2015, 2025), "vehicle_make": car[0], "vehicle_model": car[1]},
            {"loan_amount_cents": self.rng.randint(8, 40) * 100_000, "monthly_income_cents": self.income_cents},
            {"employer": self.employer, "job_title": self.rng.choice(JOBS), "months_on_job": self.rng.randint(1, 90)},
            {"last_name": self.last, "phone": self.phone},
        )
        contact = {"email": self.email, "first_name": self.first, "state": self.state, "zip": self.zip}
        known = {name: value for step in steps[: self.step] for name, value in step.items()}
        return {**contact, **known, "locale": self.locale, "marketing_email": self.consents}

    def secrets(self) -> list[tuple[str, str]]:
        """(kind, value) of everything personal that this person holds or typed into the chat."""
        names_of = [] if self.last in _DEALER_NAMES else [("name", self.last)]
        form = [
            ("email", self.email), ("phone", self.phone), ("name", self.first), *names_of,
            ("employer", self.employer), ("ip", self.ip),
        ]  # fmt: skip
        return [*form, *self.typed]


SITE, DEMO_SITE = "funnel", "funnel-demo"


def people(*, count: int, seed: int, days: float) -> list[Person]:
    """`count` persons who arrive within so many days, in the order of their numbers."""
    return [_person(number, Random(f"{seed}:{number}"), days) for number in range(count)]  # noqa: S311  no secrecy


_PATHS: Final = {"look": 38, "start": 20, "save": 32, "submit": 4, "ask": 6}
_REACTIONS: Final = {"ignore": 36, "return": 44, "unsubscribe": 8, "one_click": 5, "late_link": 4, "browser": 3}


def _person(number: int, rng: Random, days: float) -> Person:
    demo, path = rng.random() < 0.12, _pick(rng, _PATHS)
    locale = "es" if rng.random() < 0.14 else "en"
    first, last = names.name(rng), names.name(rng)
    if rng.random() < 0.1:
        last = rng.choice(_DEALER_NAMES)
    tag = rng.choice(_MAIL_TAGS) if rng.random() < 0.3 else ""
    person = Person(
        number=number, rng=rng, path=path, starts=_arrival(rng, days), demo=demo, locale=locale,
        bot=rng.random() < 0.04, gpc=rng.random() < 0.07, first=first, last=last,
        email=names.email(rng, first, names.name(rng), tag), phone=_phone(rng, demo), state=rng.choice(STATES),
        zip=names.digits(rng, 5), employer=f"{names.name(rng)} Freight", income_cents=rng.randint(180_013, 799_987),
        ip=names.ip(rng), step=rng.choice([1, 2, 3, 4, 4, 4, 5, 5]), consents=rng.random() < 0.8,
        reaction=_pick(rng, _REACTIONS), lines=[], agrees_to_check=rng.random() < 0.8,
        shares_with_dealer=rng.random() < 0.8, erases=rng.random() < 0.05,
        imported=path == "save" and rng.random() < 0.06,
    )  # fmt: skip
    if person.imported:
        # The lender's platform reports them: no browser of theirs tells us anything.
        person.gpc = person.bot = False
    person.lines = lines_for(rng, person)
    return person


def _phone(rng: Random, demo: bool) -> str:
    if demo and rng.random() < 0.8:
        return names.fictional_phone(rng, rng.choice(_BUREAU_ENDINGS))
    return names.phone(rng)


def _arrival(rng: Random, days: float) -> timedelta:
    return timedelta(seconds=round(rng.random() * days * 86400))


def _pick(rng: Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), weights=list(shares.values()))[0]
