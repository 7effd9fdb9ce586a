"""The bars on texts that were written by hand and blind to the recognisers; see `fresh`."""

import pytest

from carloans.core.privacy.redaction import find
from carloans.core.tests.privacy import fresh

SETS = (
    "fresh_one",
    "fresh_two",
    "fresh_three",
    "fresh_four",
    "fresh_five",
    "fresh_six",
    "fresh_seven",
    "fresh_eight",
    "fresh_nine",
    "fresh_ten",
    "fresh_twelve",
    "fresh_thirteen",
    "fresh_fourteen",
)
#: sets of which all is hidden, and nothing of their clean texts
WHOLLY = ("fresh_ten", "fresh_eleven")
BARS = {
    "SSN": 0.98,
    "CREDIT_CARD": 0.98,
    "EMAIL": 0.98,
    "IBAN": 0.98,
    "IP": 0.98,
    "PHONE": 0.95,
    "SSN_LAST4": 0.95,
    "BANK_ACCOUNT": 0.95,
    "ROUTING": 0.95,
    "DOB": 0.95,
    "DRIVER_LICENSE": 0.95,
    "ZIP": 0.95,
    "STREET_ADDRESS": 0.85,
}


@pytest.mark.parametrize("name", SETS)
def test_recall_of_every_type(name):
    found = fresh.recall(fresh.read(f"{name}_personal"), find)
    assert found.keys() == BARS.keys()
    assert {kind: share for kind, share in found.items() if share < BARS[kind]} == {}


@pytest.mark.parametrize("name", SETS)
def test_critical_values_stay_hidden(name):
    texts = fresh.read(f"{name}_personal")
    critical = [text for text in texts if any(gold.type in fresh.CRITICAL for gold in text.gold)]
    leaking = fresh.leaks(texts, find)
    assert len(critical) >= 70
    assert len(leaking) <= 0.02 * len(critical), leaking


@pytest.mark.parametrize("name", SETS)
def test_what_only_looks_personal_stays_readable(name):
    texts = fresh.read(f"{name}_clean")
    flagged = [(text.text, spans) for text in texts if (spans := find(text.text))]
    assert len(texts) >= 130
    assert len(flagged) <= 0.01 * len(texts), flagged


@pytest.mark.parametrize("name", SETS)
def test_nothing_else_in_a_text_is_hidden(name):
    """Outside the marked values hardly anything is flagged, so that a message stays readable."""
    stray = [
        (text.text, span)
        for text in fresh.read(f"{name}_personal")
        for span in find(text.text)
        if not any(gold.start < span.end and span.start < gold.end for gold in text.gold)
    ]
    assert len(stray) <= 0.01 * len(fresh.read(f"{name}_personal")), stray


@pytest.mark.parametrize("name", WHOLLY)
def test_what_was_reached_is_kept(name):
    texts = fresh.read(f"{name}_personal")
    assert {kind for kind, share in fresh.recall(texts, find).items() if share < 1} == set()
    assert fresh.leaks(texts, find) == []
    assert [text.text for text in fresh.read(f"{name}_clean") if find(text.text)] == []
