"""Every family of writing that a blind set showed to be missed, by several examples of our own, and its look-alikes."""

import pytest

from carloans.core.privacy.redaction import find
from carloans.core.tests.privacy import fresh


@pytest.mark.parametrize("example", fresh.read("families_personal"), ids=lambda example: example.text)
def test_finds_each_example_wholly_and_nothing_else(example):
    found = find(example.text)
    assert [gold for gold in example.gold if not fresh.is_found(example.text, gold, found)] == []
    assert [span.type for span in found] == [gold.type for gold in example.gold]


@pytest.mark.parametrize("look_alike", fresh.read("families_clean"), ids=lambda look_alike: look_alike.text)
def test_leaves_the_look_alikes_alone(look_alike):
    assert find(look_alike.text) == ()
