"""A name by which a customer introduces themself is hidden in that very message, also when it is not on file."""

from __future__ import annotations

import pytest

from carloans.core.privacy import redact
from cathy.simulation.understanding.slots import introductions


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("My name is Zorvandovex.", "My name is [PERSON]."),
        ("my name is jane doe and i want a kia", "my name is [PERSON] and i want a kia"),
        ("Me llamo Zorvan Brel", "Me llamo [PERSON]"),
        ("Soy María López.", "Soy [PERSON]."),
        ("people call me Will", "people call me [PERSON]"),
        ("Hello, this is Grace Young", "Hello, this is [PERSON]"),
    ],
)
def test_an_introduction_is_hidden(text: str, shown: str) -> None:
    assert redact(text, known_names=introductions(text)).text == shown


@pytest.mark.parametrize(
    "text",
    ["I'm interested", "this is Honda", "call me at 5", "my name is not important", "It's Kia Forte", "I'm back"],
)
def test_nothing_else_is_taken_for_a_name(text: str) -> None:
    assert introductions(text) == []
