"""The sentence gate: what is said instead, and what is only wrong together."""

from __future__ import annotations

import pytest

from cathy.guardrails import claims
from cathy.guardrails.gate import check_sentence
from cathy.guardrails.replacements import FALLBACK, REPLACEMENTS


@pytest.mark.parametrize("rule", [rule.name for rule in claims.RULES.values() if "chat" in rule.channels])
@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_replacement_is_itself_allowed(rule: str, locale: str) -> None:
    assert claims.check(REPLACEMENTS[rule][locale]) == []
    assert claims.check(FALLBACK[locale]) == []


def test_an_allowed_sentence_passes() -> None:
    verdict = check_sentence("", "I can help you with the next step.")
    assert verdict.allowed
    assert verdict.replacement is None


@pytest.mark.parametrize(
    ("locale", "start"), [("en", "Only a lender"), ("es", "Solo un prestamista"), ("es-MX", "Solo un")]
)
def test_a_claim_is_replaced_in_the_language_of_the_chat(locale: str, start: str) -> None:
    verdict = check_sentence("", "Your approval is guaranteed!", locale=locale)
    assert verdict.rule == "guaranteed_approval"
    assert (verdict.replacement or "").startswith(start)


def test_a_claim_cut_over_two_sentences_is_found() -> None:
    assert check_sentence("You are.", "Approved.").rule == "guaranteed_approval"


def test_what_was_said_before_does_not_taint_the_next_sentence() -> None:
    assert check_sentence("Hi.", "What kind of car do you have in mind?").allowed
