"""The sentence gate: what is said instead, what is only wrong together, and how long it takes."""

from __future__ import annotations

from statistics import median

import pytest

from carloans.core.tests import processor
from cathy.guardrails import claims
from cathy.guardrails.claims import linter
from cathy.guardrails.gate import check_sentence
from cathy.guardrails.opinion.judge import judge
from cathy.guardrails.replacements import FALLBACK, REPLACEMENTS
from cathy.tests import corpora


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


def test_an_ordinary_sentence_is_judged_within_a_millisecond() -> None:
    said = [line.split("\t")[3] for line in (corpora.FOLDER / "voices" / "house.tsv").read_text("utf-8").splitlines()]
    assert median(costs(said[::5])) < 0.001


def test_a_doubtful_sentence_costs_a_few_milliseconds() -> None:
    assert median(costs([row["text"] for row in corpora.claims()][::20])) < 0.015


def costs(texts: list[str]) -> list[float]:
    """Seconds of the processor for each text, all that was remembered forgotten; the patterns are compiled already."""
    for text in texts:
        check_sentence("", text)
    for remembered in (judge, linter.broken_rules, linter._normal):
        remembered.cache_clear()
    # A second look would find the first one's memory.
    return processor.costs(lambda text: check_sentence("", text), texts, best_of=1)
