"""No personal data outside the vault: not in a dump of the database, logs, traces, figures, files, nudges or prompts.

A whole simulation is lived through with a model behind real HTTP, every logger open, and every value that a visitor
held or typed is sought in everything that was left behind. A canary shows for each place that it would be found there.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from agents import trace
from agents.tracing import custom_span
from prometheus_client import REGISTRY
from prometheus_client import Counter as Figure

from carloans.core.clock import utc_now
from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from tests import leak_places
from tests.funnel_stage import simulated
from tests.leak_scanner import Hit, Scanner, forms_of, secrets_of
from tests.thinking_model import ThinkingModel

CANARY = "zorvandoquist.canary@example.org"


class Remains:
    """What a simulation left behind, by place."""

    def __init__(self, town: Town, taps: dict[str, Any]) -> None:
        self.town, self.taps = town, taps

    def places(self) -> Iterator[tuple[str, bytes]]:
        yield from leak_places.database()
        yield from leak_places.files()
        yield "figures", leak_places.figures()
        yield from ((place, tap()) for place, tap in self.taps.items())

    def hits(self, scanner: Scanner) -> list[Hit]:
        return [hit for place, content in self.places() for hit in scanner.scan(place, content)]


def live_and_tap(count: int, check: Any, **span: Any) -> None:
    """Let so many visitors live with a model over the wire, and hand what they left to `check`."""
    with (
        ThinkingModel() as model,
        leak_places.all_logs() as logs,
        leak_places.all_traces() as traces,
        leak_places.all_nudges() as nudges,
        simulated(count, OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=model.url, OPENAI_MODEL="wire", **span) as town,
    ):
        taps = {
            "logs": logs.content,
            "traces": traces.content,
            "nudges": nudges.content,
            "recorded model requests": model.recorded,
        }
        check(Remains(town, taps), model)


def nothing_leaks(remains: Remains, model: ThinkingModel) -> None:
    people = remains.town.people
    agents = set(rows("cathy.AgentRun").values_list("agent", flat=True))
    assert {"VisitorIdentifier", "EmailReengagement", "RealtimeChat"} <= agents
    assert len(model.bodies) >= len(people) // 2
    scanner = Scanner.of(secrets_of(people))
    assert len(scanner) > 10 * len(people)
    found = Counter((hit.place, hit.kind, hit.form, hit.around[-50:]) for hit in remains.hits(scanner))
    assert found == {}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_personal_outside_the_vault() -> None:
    live_and_tap(24, nothing_leaks, days=0.5, afterwards=timedelta(days=1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_personal_outside_the_vault_after_two_hundred_visitors() -> None:
    live_and_tap(200, nothing_leaks)


def _plant_everywhere(model: ThinkingModel) -> None:
    """Put the canary, in one form or another, into every place."""
    from carloans.core.models import FeedEvent

    FeedEvent.objects.create(kind="canary", room="core", summary=CANARY, data={}, at=utc_now())
    logging.getLogger("some.library").debug("hello %s", CANARY)
    with trace("canary"), custom_span("canary", {"said": CANARY}):
        pass
    model.bodies.append({"input": CANARY})


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_canary_is_found_in_each_place(settings: Any) -> None:
    seen: list[set[str]] = []

    def plant(remains: Remains, model: ThinkingModel) -> None:
        _plant_everywhere(model)
        _plant_file(settings.DATA_DIR)
        figure = Figure("canary", "a figure with a person in it", ["who"])
        figure.labels(CANARY).inc()
        try:
            seen.append({hit.place for hit in remains.hits(Scanner.of([("email", CANARY)]))})
        finally:
            REGISTRY.unregister(figure)
            (settings.DATA_DIR / "canary.msg").unlink()

    with leak_places.all_nudges() as nudges:
        _send_nudge()
        assert Scanner.of([("email", CANARY)]).scan("nudges", nudges.content())
    live_and_tap(2, plant, days=0.1, afterwards=timedelta(hours=3))
    places = seen[0]
    assert {"logs", "traces", "figures", "recorded model requests", "file canary.msg", "dump of the database"} <= places
    assert any(place.startswith(("database file", "dump")) for place in places)


def _plant_file(folder: Any) -> None:
    (folder / "canary.msg").write_text(f'{{"kwargs": {{"to": "{CANARY}"}}}}')


def _send_nudge() -> None:
    """A task that does nothing for an id that nobody has, with a canary beside it."""
    from campaigns.tasks import send_mail

    send_mail.apply(kwargs={"message_id": str(uuid4()), "to": CANARY})


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("ssn", "512-34-6789", "their number is 512-34-6789."),
        ("ssn", "512-34-6789", "ref=512346789&"),
        ("card", "4111 1111 1111 1111", "n=%20" + "4111111111111111" + " "),
        ("email", "zorvando.vex@gmail.com", "to=zorvando.vex%40gmail.com"),
        ("email", "zorvando.vex@gmail.com", "ZORVANDO.VEX@GMAIL.COM"),
        ("email", "zorvando.vex@gmail.com", "x: em9ydmFuZG8udmV4QGdtYWlsLmNvbQ=="),
        ("phone", "+15122345678", "call (512) 234-5678 now"),
        ("phone", "+15122345678", "512.234.5678"),
        ("phone", "five one two two three four", "five one two two three four"),
        ("address", "2100 Maple Street", "q=2100+Maple+Street"),
        ("name", "Zorvandovex", "dear zorvandovex,"),
    ],
)
def test_a_value_is_found_in_every_form(kind: str, value: str, written: str) -> None:
    assert Scanner.of([(kind, value)]).scan("here", f"before {written} after")


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_value_is_found_inside_something_in_base64(shift: int) -> None:
    import base64

    hidden = base64.b64encode(b"x" * shift + b"zorvando.vex@gmail.com and more").decode()
    assert Scanner.of([("email", "zorvando.vex@gmail.com")]).scan("here", hidden)


def test_digits_inside_an_id_are_no_find() -> None:
    assert not Scanner.of([("ssn", "512-34-6789")]).scan("here", "id a512346789f0")
    assert not Scanner.of([("ssn", "512-34-6789")]).scan("here", "1512346789")


def test_forms_of_a_phone_number() -> None:
    forms = dict(forms_of("phone", "+15122345678"))
    assert forms["national"] == "5122345678"
    assert forms["URL"] == "%2B15122345678"
