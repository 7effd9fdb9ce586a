"""The `check_contacts` filter."""

import io
import json

import pytest
from django.core.management import CommandError, call_command


def _run(monkeypatch, lines: str, **options) -> tuple[list[dict], int]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    out, status = io.StringIO(), 0
    try:
        call_command("check_contacts", stdout=out, **options)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_answers_for_what_is_there(monkeypatch):
    replies, status = _run(
        monkeypatch, '{"id":1,"email":"Jane@Gmail.con","phone":"512-867-5309 x3"}\n{"id":2,"phone":"123"}\n'
    )
    assert replies == [
        {
            "id": 1,
            "email": {
                "valid": False,
                "normalized": None,
                "reason": "undeliverable_domain",
                "suggestion": "jane@gmail.com",
            },
            "phone": {"valid": True, "e164": "+15128675309", "extension": "3", "reason": None},
        },
        {"id": 2, "phone": {"valid": False, "e164": None, "extension": None, "reason": "too_short"}},
    ]
    assert status == 0


@pytest.mark.parametrize("bad", ["{", '{"id":5}', '{"id":5,"email":7}', '{"id":5,"phone":null}'])
def test_a_bad_line_is_named_and_the_rest_done(monkeypatch, bad):
    replies, status = _run(monkeypatch, f'{bad}\n{{"id":6,"email":"a@x.com"}}\n')
    assert "error" in replies[0]
    assert replies[1]["email"]["valid"]
    assert status == 1


def test_takes_a_region_and_test_numbers(monkeypatch):
    replies, _ = _run(monkeypatch, '{"id":1,"phone":"020 7946 0958"}\n', region="gb")
    assert replies[0]["phone"]["e164"] == "+442079460958"
    replies, _ = _run(monkeypatch, '{"id":1,"phone":"555-123-4567"}\n', allow_test_numbers=True)
    assert replies[0]["phone"]["valid"]


def test_refuses_an_unknown_region(monkeypatch):
    with pytest.raises(CommandError, match="unknown region 'XX'"):
        _run(monkeypatch, "", region="xx")
