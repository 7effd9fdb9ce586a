"""The `redact` filter."""

import io
import json

import pytest
from django.core.management import call_command


def _run(monkeypatch, lines: str) -> tuple[list[dict], int]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    out, status = io.StringIO(), 0
    try:
        call_command("redact", stdout=out)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_answers_line_by_line(monkeypatch):
    replies, status = _run(monkeypatch, '{"id":7,"text":"mi número es 512-555-0188"}\n{"id":"b","text":"hola"}\n')
    assert replies == [
        {"id": 7, "text": "mi número es [PHONE]", "spans": [{"type": "PHONE", "start": 13, "end": 25}]},
        {"id": "b", "text": "hola", "spans": []},
    ]
    assert status == 0


@pytest.mark.parametrize(
    "bad", ["not json", '["list"]', '{"id":2}', '{"id":2,"text":5}', '{"id":2,"text":"x","known_names":3}']
)
def test_a_bad_line_is_named_and_the_rest_done(monkeypatch, bad):
    replies, status = _run(monkeypatch, f'{bad}\n{{"id":3,"text":"ok"}}\n')
    assert "error" in replies[0]
    assert replies[1] == {"id": 3, "text": "ok", "spans": []}
    assert status == 1


def test_known_names_are_persons(monkeypatch):
    replies, _ = _run(monkeypatch, '{"id":1,"text":"I am Ana","known_names":["Ana Diaz"]}\n')
    assert replies[0]["spans"] == [{"type": "PERSON", "start": 5, "end": 8}]
