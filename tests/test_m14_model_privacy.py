"""No model ever reads a person's data: thousands of values go through every path to it, and none arrives.

People who hide nothing live through the funnel (form, chat, cards, mails, credit check, lead) with a model behind real
HTTP; then come the side doors: addresses of pages, imports, car fields, what staff write. Every request as it came over
the wire is searched, and the rows that tell of runs, tool calls and verdicts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError
from chat import services as chat
from dashboard.funnel import lives, names
from dashboard.funnel.people import SITE, Person, people
from dashboard.funnel.rows import rows
from dashboard.funnel.talking import Line, confession
from dashboard.funnel.town import Town
from tests.funnel_stage import simulated
from tests.leak_scanner import Scanner, secrets_of
from tests.thinking_model import ThinkingModel
from visitors import cleaning, selectors
from visitors import services as visitors
from visitors.services import Arrival

WISH = {"en": "Please go ahead with the soft credit check.", "es": "Por favor, haga la consulta de crédito suave."}
#: Confessions of one person; with form and side doors some thirty values.
CONFESSIONS = 14


def crowd(values: int, seed: int) -> list[Person]:
    """So many outspoken people that they hold at least so many values."""
    found: list[Person] = []
    for person in people(count=values // 8, seed=seed, days=1):
        if sum(map(_count, found)) >= values:
            break
        found.append(_outspoken(person))
    return found


def _outspoken(person: Person) -> Person:
    calm = replace(
        person, path="save", bot=False, gpc=False, consents=True, reaction="return", agrees_to_check=True, step=5,
        shares_with_dealer=True, erases=False, imported=False, starts=person.starts / 4,
        email=names.email(person.rng, person.first, names.name(person.rng)),
    )  # fmt: skip
    said = [confession(calm.rng, calm) for _ in range(CONFESSIONS)]
    return replace(calm, lines=[*said, Line(WISH[calm.locale], "check")])


def _count(person: Person) -> int:
    return len(set(person.secrets())) + len({pair for line in person.lines for pair in line.secrets})


def side_doors(town: Town, rng: Random) -> list[tuple[str, str]]:
    """Values through the doors that no customer of the simulation used; returns them."""
    return [*_page_addresses(rng), *_car_fields(rng), *_imported(town, rng), *_what_staff_write(town, rng)]


def _page_addresses(rng: Random) -> list[tuple[str, str]]:
    mail, ssn = names.email(rng, names.name(rng), names.name(rng)), names.ssn(rng)
    event = {"type": "step_view", "step": 2, "ts": utc_now().isoformat(), "page": f"/apply/{ssn}/{mail}?phone={ssn}"}
    _ingest({"id": str(uuid4()), **event})
    _ingest({"id": str(uuid4()), **event, "field": ssn}, {"id": str(uuid4()), **event, "type": mail})
    return [("email", mail), ("ssn", ssn)]


def _car_fields(rng: Random) -> list[tuple[str, str]]:
    values = [
        ("phone", names.national(names.phone(rng))),
        ("phone", names.spoken(names.digits(rng, 7))),
        ("address", names.address(rng)),
        ("ssn", names.ssn(rng)),
    ]
    for _, value in values:
        data = {"email": names.email(rng, "somebody", "else"), "vehicle_make": "Kia", "vehicle_model": value[:40]}
        _ingest({"id": str(uuid4()), "type": "save_progress", "ts": utc_now().isoformat(), "step": 1, "data": data})
    return values


def _ingest(*events: dict[str, Any]) -> None:
    try:
        arrival = Arrival(now=utc_now(), ip="203.0.113.9", user_agent="Firefox")
        visitors.ingest_events(site_key=SITE, origin=None, visitor_id=None, events=list(events), arrival=arrival)
    except CarLoansError:
        return


def _imported(town: Town, rng: Random) -> list[tuple[str, str]]:
    first, last, phone = names.name(rng), names.name(rng), names.phone(rng)
    raw = {
        "external_id": f"side-{rng.randint(1, 99_999)}",
        "step": 3,
        "first_name": first,
        "last_name": last,
        "phone": phone,
    }
    one = visitors.read_import(raw, allow_test_numbers=False, now=utc_now())
    visitors.import_application(site=selectors.site_by_key(key=SITE), one=one, now=utc_now())
    return [("name", first), ("name", last), ("phone", phone)]


def _what_staff_write(town: Town, rng: Random) -> list[tuple[str, str]]:
    """A person joins, repeats numbers, and gives the conversation back to Cathy, who then answers once more."""
    staff = get_user_model().objects.create_user(f"staff{rng.random()}", first_name="Robin")
    talk = rows("chat.Conversation").filter(forgotten_at__isnull=True).order_by("?").first()
    phone, card, person = names.national(names.phone(rng)), names.card(rng), _of(town, talk.visitor_id)
    now = utc_now()
    chat.claim(conversation_id=talk.pk, staff_id=staff.pk, staff_name="Robin", now=now)
    text = f"Thank you {person.first}. I noted {phone} and your card {card}."
    chat.staff_reply(
        conversation_id=talk.pk, staff_id=staff.pk, client_id=uuid4(), text=text, now=now, override="quotes_customer"
    )
    chat.return_to_ai(conversation_id=talk.pk, staff_id=staff.pk, now=now)
    chat.receive(conversation_id=talk.pk, client_id=uuid4(), text="Are you a robot?", now=now + timedelta(minutes=1))
    lives.answer(talk.pk)
    return [("phone", phone), ("card", card)]


def _of(town: Town, visitor_id: Any) -> Person:
    return next(person for person in town.people if person.visitor_id == visitor_id)


def told_by_rows() -> str:
    """Everything that runs, tools and verdicts left, and the model's memory."""
    labels = ["cathy.AgentRun", "cathy.ToolCall", "cathy.Verdict", "cathy.RunRecording", "cathy.CompiledPrompt"]
    labels += ["chat.SessionItem"]
    return json.dumps([list(rows(label).values()) for label in labels], default=str, ensure_ascii=False)


def nothing_arrives(values: int, seed: int) -> None:
    with (
        ThinkingModel() as model,
        simulated(
            0, crowd=crowd(2 * values, seed), seed=seed, days=0.3, afterwards=timedelta(days=2),
            OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=model.url, OPENAI_MODEL="wire",
        ) as town,
    ):  # fmt: skip
        rng = Random(seed)
        pushed = secrets_of(town.people)
        for _ in range(max(len(town.people) // 10, 1)):
            pushed += side_doors(town, rng)
        scanner = Scanner.of(pushed)
        assert len(set(pushed)) >= values
        _it_was_really_said(town, scanner, model)
        found = [*scanner.scan("wire", model.recorded()), *scanner.scan("rows", told_by_rows())]
        assert sorted({(hit.place, hit.kind, hit.form, hit.around[-40:]) for hit in found}) == []


def _it_was_really_said(town: Town, scanner: Scanner, model: ThinkingModel) -> None:
    """The search can find, people did talk, and every agent was asked over the wire."""
    said = "\n".join(line.text for person in town.people for line in person.lines)
    assert len(scanner.scan("said", said)) > 5 * len(town.people)
    wire = model.recorded().decode()
    for mark in ("[PHONE_1]", "[SSN]", "[CARD]", "[DOB]", "[ADDRESS_1]", "[NAME_1]", "[EMAIL_1]"):
        assert mark in wire, mark
    asked = set(rows("cathy.AgentRun").values_list("agent", flat=True))
    assert asked == {"VisitorIdentifier", "EmailReengagement", "RealtimeChat", "CreditCheck", "LeadPackaging"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_values_do_not_reach_the_model() -> None:
    nothing_arrives(100, seed=7)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_values_do_not_reach_the_model() -> None:
    nothing_arrives(10_000, seed=11)


@pytest.mark.parametrize(
    "value", ["five one two five five five one", "2100 Maple Street", "555-1234", "dos tres cuatro cinco seis"]
)
def test_a_car_field_takes_no_number_in_words_and_no_address(value: str) -> None:
    with pytest.raises(cleaning.Refused):
        cleaning.clean_car(value, field="vehicle_model", limit=40)


@pytest.mark.parametrize(
    "value", ["F-150", "911 Carrera", "Sierra 2500 HD", "Model 3", "C 300 4MATIC", "Crown Victoria"]
)
def test_a_car_field_takes_cars(value: str) -> None:
    assert cleaning.clean_car(value, field="vehicle_model", limit=40) == value
