from __future__ import annotations

import pytest

from carloans.core import errors


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (errors.BadInput(), "bad_input"),
        (errors.NotAllowed(), "not_allowed"),
        (errors.NetworkError(), "network"),
        (errors.AgentTimeout(), "agent_timeout"),
        (errors.ExternalApiError(provider="bureau"), "external_api"),
        (TimeoutError(), "agent_timeout"),
        (ConnectionResetError(), "network"),
        (KeyError("x"), "bug"),
    ],
)
def test_every_exception_has_a_category(error, category):
    assert errors.categorise(error) == category


def test_an_unknown_exception_tells_the_outside_nothing():
    shown = [str(errors.problem(KeyError("555-12-3456"))), errors.tool_text(KeyError("555-12-3456"))]
    assert not any("555" in text for text in shown)


def test_a_problem_document_carries_code_and_category():
    body = errors.problem(errors.BadInput("Say which site.", code="site_missing", field="site"))
    assert body == {
        "type": "about:blank#site_missing", "title": "Site missing", "status": 400, "detail": "Say which site.",
        "code": "site_missing", "category": "bad_input", "field": "site",
    }  # fmt: skip


def test_a_frame_names_the_message_it_answers():
    assert errors.frame(errors.TooFast(), "m1")["id"] == "m1"
