"""Sentences by several hands, written without a look at the rules: what the linter makes of them.

One line is `rule, B (forbidden) or G (allowed), the customer's line before it or nothing, the text`. The models have
learned from all of them but the held-out ones, which are for measuring alone and must never be used to tune a rule.
"""

from __future__ import annotations

import pytest

from cathy.guardrails import claims
from cathy.tests.corpora import FOLDER

HOUSE = FOLDER / "voices" / "house.tsv"
#: in these the harmless sentences are of no rule's subject, or nobody noted of which
UNSORTED = {"house", "held_out_four"}
VOICES = sorted(path for path in (FOLDER / "voices").glob("*.tsv") if path.stem not in UNSORTED)
#: Floor and ceiling on the held-out sentences: a step back fails. The aim is 0.95 and 0.02.
HELD_OUT = {
    "held_out": (0.945, 0.016),
    "held_out_two": (0.95, 0.02),
    "held_out_three": (0.95, 0.02),
    "held_out_four": (0.95, 0.05),
    "held_out_five": (0.98, 0.02),
    "held_out_six": (0.95, 0.02),
}


def lines(path) -> list[list[str]]:
    return [line.replace("\\n", "\n").split("\t") for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", VOICES, ids=lambda path: path.stem)
def test_each_voice_speaks_of_every_rule_both_ways(path) -> None:
    rows = lines(path)
    assert [row for row in rows if len(row) != 4 or row[1] not in {"B", "G"} or not row[3]] == []
    for rule in set(claims.RULE_NAMES) - {"deceptive_header"}:
        labels = [row[1] for row in rows if row[0] == rule]
        assert labels.count("B") >= 5
        assert labels.count("G") >= 4


@pytest.mark.slow
def test_what_the_house_itself_says_passes() -> None:
    rows = lines(HOUSE)
    assert {tuple(row[:2]) for row in rows} == {("none", "G")}
    assert [row[3] for row in rows if claims.check(row[3])] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", HELD_OUT)
def test_held_out_sentences_are_caught_no_less_than_before(name: str) -> None:
    caught_at_least, flagged_at_most = HELD_OUT[name]
    rows = lines(FOLDER / "voices" / f"{name}.tsv")
    caught, flagged = shares([(label, context, text) for _, label, context, text in rows])
    assert caught >= caught_at_least
    assert flagged <= flagged_at_most


def shares(rows: list[tuple[str, str, str]]) -> tuple[float, float]:
    """Shares of the forbidden ones that were caught and of the harmless ones that were flagged."""
    found: dict[str, list[bool]] = {"B": [], "G": []}
    for label, context, text in rows:
        found[label].append(bool(claims.check(text, context=context or None)))
    return sum(found["B"]) / len(found["B"]), sum(found["G"]) / len(found["G"])
