"""Frames are read strictly, whatever a client sends."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import frames
from chat.frames import BadFrame, FrameTooLong

ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "hello"},
        {"type": "hello", "visitor": None, "ticket": None, "after": 7, "lang": "es-MX"},
        {"type": "message", "id": ID, "text": "Hola"},
        {"type": "action", "id": ID, "card": ID, "action": "submit", "fields": {"phone": "1", "dealer_contact": True}},
        {"type": "action", "id": ID, "card": ID, "action": "agree"},
        {"type": "typing", "on": False},
        {"type": "read", "seq": 3},
        {"type": "ping"},
    ],
)
def test_reads_the_protocol(raw):
    assert frames.parse(json.dumps(raw)).type == raw["type"]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        "{",
        '"hello"',
        "{}",
        '{"type":"shout"}',
        '{"type":["hello"]}',
        '{"type":"hello","after":-1}',
        '{"type":"hello","after":1.5}',
        '{"type":"hello","after":true}',
        '{"type":"hello","after":"1"}',
        '{"type":"hello","after":9007199254740992}',
        '{"type":"hello","visitor":"me"}',
        '{"type":"hello","debug":1}',
        f'{{"type":"message","id":"{ID}"}}',
        f'{{"type":"message","id":"{ID}","text":7}}',
        f'{{"type":"message","id":"{ID}","text":"\\ud800"}}',
        '{"type":"message","id":"1","text":"x"}',
        f'{{"type":"action","id":"{ID}","card":"{ID}","action":"pay"}}',
        f'{{"type":"action","id":"{ID}","card":"{ID}","action":"agree","fields":{{"a":{{}}}}}}',
        '{"type":"typing","on":1}',
        '{"type":"read","seq":NaN}',
        "[" * 10_000,
    ],
)
def test_refuses_everything_else(raw):
    with pytest.raises(BadFrame):
        frames.parse(raw)


def test_refuses_more_than_sixteen_kibibytes_of_any_script():
    with pytest.raises(FrameTooLong):
        frames.parse(json.dumps({"type": "message", "id": ID, "text": "ñ" * 8200}, ensure_ascii=False))


def test_names_the_frame_that_was_refused():
    with pytest.raises(BadFrame) as caught:
        frames.parse(json.dumps({"type": "message", "id": ID, "text": 1}))
    assert caught.value.frame_id == ID


def test_never_echoes_what_is_no_id():
    with pytest.raises(BadFrame) as caught:
        frames.parse('{"type":"message","id":"<script>","text":1}')
    assert caught.value.frame_id is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.text()
    | _json.map(json.dumps)
    | st.dictionaries(st.sampled_from(["type", "id", "text", "on"]), _json).map(json.dumps)
)
def test_any_text_is_a_frame_or_a_bad_frame(raw):
    # Anything but a frame or a BadFrame would leave this block.
    with suppress(BadFrame):
        assert frames.parse(raw).type in {"hello", "message", "action", "typing", "read", "ping"}
