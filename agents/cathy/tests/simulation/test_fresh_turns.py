"""The bars on turns that were written by hand and blind to the recogniser.

The readers have since learned from all of them but the held-out ones: these tests hold what is known, and say little of
how well unknown writers are read (docs/agents.md does).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from cathy.simulation.understanding import Understanding, understand

CORPUS = Path(__file__).parents[1] / "corpus"
SETS = ("fresh_one", "held_out")
#: thousands of turns: only in the long run
LONG = (
    "fresh_two",
    "fresh_three",
    "voices_one",
    "held_out_two",
    "lessons",
    "voices_two",
    "front_porch",
)
#: turns with several wishes, hints and near-misses, where the best intent is often a matter of taste, and turns that
#: the readers have not learned from: the least share whose best intent is right
HARD = {
    "street_voices": 0.92,
    "second_wishes": 0.85,
    "phone_bank": 0.93,
    "last_call": 0.93,
    "kitchen_table": 0.86,
    "held_out_three": 0.86,
    "held_out_four": 0.82,
    "held_out_five": 0.95,
    "held_out_six": 0.85,
    "side_street": 0.9,
    "bus_stop": 0.9,
}
EVERY = (*SETS, *(pytest.param(name, marks=pytest.mark.slow) for name in LONG))
MUST_NOT_MISS = ("stop_contact", "wants_human", "ask_if_bot")


@dataclass(frozen=True)
class Heard:
    """A turn, what it means by its writer, and what was made of it."""

    text: str
    meant: frozenset[str]
    #: those and what is there beside them
    there: frozenset[str]
    slots: dict[str, str]
    found: Understanding


#: of half hints and half near-misses: the most shares of what must not be missed that are missed, and invented
WIDER = {"side_street": (0.15, 0.03)}


@cache
def _heard(name: str) -> tuple[Heard, ...]:
    return tuple(_rows(name))


def _rows(name: str) -> Iterator[Heard]:
    with (CORPUS / f"turns_{name}.tsv").open(encoding="utf-8", newline="") as lines:
        for cells in csv.reader((line for line in lines if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE):
            intents, context, text, beside, slots = _cells(cells)
            wanted = dict(slot.split("=", 1) for slot in re.split("[;|]", slots) if slot)
            meant = frozenset(re.split("[,|]", intents))
            yield Heard(text, meant, meant | frozenset(beside.split("|")), wanted, understand(text, context or None))


def _cells(cells: list[str]) -> tuple[str, str, str, str, str]:
    """Four cells: intents, Cathy's line, turn, slots. Five: Cathy's line, turn, best intents, others, slots."""
    if len(cells) == 5:
        return cells[2], cells[0], cells[1], cells[3], cells[4]
    return cells[0], cells[1], cells[2], "", "".join(cells[3:])


@pytest.mark.parametrize("name", EVERY)
def test_the_best_intent_is_one_that_was_meant(name: str) -> None:
    heard = _heard(name)
    wrong = [(row.text, row.found.intents) for row in heard if row.found.best not in row.meant]
    assert len(heard) >= 100
    assert len(wrong) <= 0.05 * len(heard), wrong


@pytest.mark.parametrize("name", EVERY)
def test_nothing_but_a_yes_is_read_as_one(name: str) -> None:
    asked = [row for row in _heard(name) if "consent_yes" in row.found.intents and "consent_yes" not in row.meant]
    assert [row.text for row in asked if row.found.answer != "yes"] == []
    assert len(asked) <= 0.002 * len(_heard(name)), asked


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("intent", MUST_NOT_MISS)
def test_what_must_not_be_missed_is_caught_and_not_invented(name: str, intent: str) -> None:
    heard = _heard(name)
    meant = [row for row in heard if intent in row.meant and (row.meant == {intent} or row.found.best not in row.meant)]
    missed = [row.text for row in meant if intent not in row.found.intents]
    invented = [row.text for row in heard if intent in row.found.intents and intent not in row.there]
    assert len(missed) <= 0.02 * len(meant), missed
    assert len(invented) <= 0.01 * len(heard), invented


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_hard_turns_are_read_no_worse_than_before(name: str) -> None:
    heard = _heard(name)
    missing, inventing = WIDER.get(name, (0.1, 0.02))
    assert sum(row.found.best in row.meant for row in heard) >= HARD[name] * len(heard)
    for intent in MUST_NOT_MISS:
        missed = [row.text for row in heard if row.meant == {intent} and intent not in row.found.intents]
        assert len(missed) <= max(2, missing * sum(row.meant == {intent} for row in heard)), missed
        invented = [row.text for row in heard if intent in row.found.intents and intent not in row.there]
        assert len(invented) <= inventing * len(heard), invented
    yes = [row.text for row in heard if "consent_yes" in row.found.intents and "consent_yes" not in row.meant]
    assert len(yes) <= 0.01 * len(heard), yes


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fresh_one", "fresh_two", "fresh_three", "voices_one", "held_out_two", "voices_two"])
def test_numbers_and_addresses_are_exact(name: str) -> None:
    pairs = [(row, slot, row.slots[slot]) for row in _heard(name) for slot in ("phone", "email") if slot in row.slots]
    wrong = [
        (row.text, value, row.found.slots.get(slot)) for row, slot, value in pairs if row.found.slots.get(slot) != value
    ]
    assert len(pairs) >= 21
    assert len(wrong) <= 0.05 * len(pairs), wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fresh_one", "fresh_two", "fresh_three"])
def test_names_are_exact(name: str) -> None:
    pairs = [(row, row.slots["name"]) for row in _heard(name) if "name" in row.slots]
    assert len(pairs) >= 8
    assert [(row.text, value) for row, value in pairs if row.found.slots.get("name") != value] == []


@pytest.mark.parametrize("name", EVERY)
def test_a_customer_is_not_taken_for_an_attacker(name: str) -> None:
    heard = _heard(name)
    assert len([row.text for row in heard if row.found.flagged]) <= 0.01 * len(heard)
