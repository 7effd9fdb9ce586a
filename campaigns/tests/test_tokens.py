from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tokens import message_of, unsubscribe_token


def test_a_token_finds_its_message_and_is_always_the_same():
    message = uuid4()
    assert message_of(unsubscribe_token(message)) == message
    assert unsubscribe_token(message) == unsubscribe_token(message)


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "A" * 43, "A" * 44, "A" * 5000, "../../etc", "%00"])
def test_anything_else_finds_nothing(token):
    assert message_of(token) is None


@given(st.integers(min_value=0, max_value=42), st.sampled_from("ABCxyz019-_"))
def test_a_changed_character_is_noticed(place, char):
    message = uuid4()
    token = unsubscribe_token(message)
    changed = token[:place] + char + token[place + 1 :]
    assert changed == token or message_of(changed) is None


def test_another_installation_cannot_make_one(settings):
    token = unsubscribe_token(uuid4())
    settings.SECRET_KEY = "another"
    assert message_of(token) is None
