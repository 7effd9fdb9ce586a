"""A model that is configured wrongly is named when the program starts, and not by the first customer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from carloans import config

FINE = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": "http://127.0.0.1:8080/v1", "OPENAI_MODEL": "m"}


def complaints(settings: Any, **changes: str) -> list[str]:
    for name, value in {**FINE, **changes}.items():
        setattr(settings, name, value)
    return [str(one.id) for one in run_checks() if str(one.id) in {"carloans.E005", "carloans.E006", "carloans.E007"}]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}, []),
        ({"OPENAI_BASE_URL": ""}, []),
        ({"OPENAI_API_KEY": ""}, ["carloans.E005"]),
        ({"OPENAI_MODEL": ""}, ["carloans.E006"]),
        ({"OPENAI_BASE_URL": "https://api.openai.com/v1/responses"}, ["carloans.E007"]),
        ({"OPENAI_BASE_URL": "https://gateway.example/openai/v1/chat/completions"}, ["carloans.E007"]),
    ],
)
def test_what_does_not_belong_together_is_named(settings: Any, changes: dict[str, str], expected: list[str]) -> None:
    assert complaints(settings, **changes) == expected


@pytest.mark.parametrize("value", ["api.openai.com/v1", "ftp://x/v1", "http://"])
def test_an_address_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="OPENAI_BASE_URL"):
        config.url("OPENAI_BASE_URL")


def test_a_protocol_that_nobody_speaks_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API", "completions")
    with pytest.raises(ImproperlyConfigured, match="OPENAI_API"):
        config.choice("OPENAI_API", "responses", ("responses", "chat"))
