"""What a model's few words become in a note."""

from __future__ import annotations

import pytest

from chat.duties import reason_code


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("not understood twice", "not_understood"),
        ("I do not understand them", "not_understood"),
        ("customer complains", "complaint"),
        ("please", "asked"),
    ],
)
def test_words_become_codes(reason, code):
    assert reason_code(reason) == code
