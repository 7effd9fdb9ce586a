"""The claim linter: each rule's own examples, the corpus, context, disguises."""

from __future__ import annotations

import pytest

from cathy.guardrails import claims
from cathy.guardrails.claims.phrases import compile_phrase
from cathy.guardrails.text.normalise import normalise
from cathy.tests import corpora

EXPECTED_RULES = {
    "guaranteed_approval", "rate_or_payment_promise", "adverse_action_by_bot", "claims_human", "asks_sensitive_in_chat",
    "prohibited_basis", "pressure", "legal_or_credit_repair_advice", "credit_impact_misstatement", "contact_consent",
    "leaks_other_customer", "leaks_system_prompt", "competitor_disparagement", "application_falsification",
    "fees_and_addons", "demeaning_or_unprofessional",
}  # fmt: skip


def broken(text: str, context: str | None = None, channel: str = "chat") -> set[str]:
    return {violation.rule for violation in claims.check(text, context=context, channel=channel)}


def test_the_rules_are_those_of_the_contract() -> None:
    assert set(claims.RULE_NAMES) >= EXPECTED_RULES


@pytest.mark.parametrize("rule", claims.RULES.values(), ids=lambda rule: rule.name)
def test_each_rule_names_its_source_and_proves_its_examples(rule) -> None:
    assert rule.source
    assert len(rule.bad) >= 3
    assert len(rule.good) >= 3
    channel = sorted(rule.channels)[-1]
    assert [text for text in rule.bad if rule.name not in broken(text, channel=channel)] == []
    assert [text for text in rule.good if broken(text, channel=channel)] == []


@pytest.mark.parametrize("name", sorted(EXPECTED_RULES))
def test_each_rule_has_a_corpus_of_both_kinds(name: str) -> None:
    labels = [row["label"] for row in corpora.rows(f"claims_{name}")]
    assert labels.count("bad") >= 20
    assert labels.count("good") >= 20


@pytest.mark.parametrize("name", sorted(EXPECTED_RULES))
def test_the_corpus_of_a_rule_is_caught_by_that_rule(name: str) -> None:
    bad = [row for row in corpora.rows(f"claims_{name}") if row["label"] == "bad"]
    missed = [row["text"] for row in bad if name not in broken(row["text"], row.get("context"))]
    assert len(missed) <= len(bad) * 0.10, missed


def test_look_alikes_pass() -> None:
    good = [row for row in corpora.claims() if row["label"] == "good"]
    flagged = [row["text"] for row in good if broken(row["text"], row.get("context"))]
    assert len(flagged) <= len(good) * 0.02, flagged


@pytest.mark.parametrize(
    "text",
    [
        "Y o u  a r e  a p p r o v e d",
        "You are ap\u200bpro\u200bved!",
        "Yоu аrе аpprоvеd",
        "you are 4ppr0v3d",
        "You are approoooved!!!",
        "You are <b>appro</b>ved &amp; done",
        "you are 𝐚𝐩𝐩𝐫𝐨𝐯𝐞𝐝",
        "You are app🎉roved",
        "You are. Approved.",
    ],
)
def test_disguises_do_not_help(text: str) -> None:
    assert "guaranteed_approval" in broken(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A 2019 Toyota 4Runner", " a 2019 toyota 4 runner "),
        ("Meet me at 5pm, mile 3.", " meet me at 5 pm , mile 3 . "),
        ("It's a CX-5 or an F-150.", " it is a cx - 5 or an f - 150 . "),
    ],
)
def test_ordinary_digits_are_no_disguise(text: str, plain: str) -> None:
    assert normalise(text) == plain
    assert [one for one in claims.check(text) if one.layer == "rule"] == []


@pytest.mark.parametrize(
    ("question", "answer", "rule"),
    [
        ("Are you a real person?", "Yes, I am.", "claims_human"),
        ("Are you a bot?", "No.", "claims_human"),
        ("Am I approved?", "Yes!", "guaranteed_approval"),
        ("Do I qualify?", "Unfortunately not.", "adverse_action_by_bot"),
        ("What would my payment be?", "About 300.", "rate_or_payment_promise"),
    ],
)
def test_a_short_answer_is_judged_by_its_question(question: str, answer: str, rule: str) -> None:
    assert rule in broken(answer, question)
    assert broken(answer) == set()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Are you a bot?", "Yes, I'm an AI assistant."),
        ("Are you human?", "No, I'm an AI assistant."),
        ("Am I approved?", "Only a lender can say that."),
        ("Does the soft check hurt my score?", "No, it doesn't."),
    ],
)
def test_an_honest_short_answer_passes(question: str, answer: str) -> None:
    assert broken(answer, question) == set()


def test_the_excerpt_is_the_sentence_as_it_was_written() -> None:
    found = claims.check("Thanks for waiting. You're APPROVED, congratulations! Bye.")
    assert [violation.excerpt for violation in found] == ["You're APPROVED, congratulations!"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "?!", "\u200b", "🎉" * 50, "a" * 20_000, "((((", "ا" * 500])
def test_odd_texts_are_harmless(text: str) -> None:
    assert claims.check(text) == []


@pytest.mark.parametrize("template", ["(a|b", "(a)b", "(a|)", "{no_such_group}"])
def test_a_broken_phrase_is_told_at_once(template: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        compile_phrase(template)


def test_a_phrase_reads_words_gaps_and_choices() -> None:
    phrase = compile_phrase("^ you ~2 (are|were) very? (kind|good*) ¶".replace("very?", "(very)?"))
    assert phrase.search(" you there are goodness ")
    assert not phrase.search(" and you are good ")
    assert not phrase.search(" you are good today ")


@pytest.mark.parametrize(
    "number", ["(456) 590-2311", "456-590-2311", "456.590.2311", "+1 456 590 2311", "1-456-590-2311", "(456)590-2311"]
)
def test_a_telephone_number_is_neither_an_amount_nor_anothers(number: str) -> None:
    assert broken(f"Thanks Zeldamira, a colleague rings you from {number}.") == set()


@pytest.mark.parametrize("said", ["My social is [SSN] can you check my credit?", "is this a person? I have [PHONE_1]"])
@pytest.mark.parametrize(
    "answer",
    ["Thanks, I've saved your number.", "A person from our team will write to you.", "I've noted your e-mail address."],
)
def test_what_a_customer_typed_makes_no_harmless_answer_forbidden(said: str, answer: str) -> None:
    assert broken(answer, said) == set()
