"""The program's own sentences are judged by the rules alone, and by all rules."""

from __future__ import annotations

from carloans.core.tests.processor import seconds
from cathy.guardrails.claims import check, reviewed
from cathy.guardrails.text.normalise import normalise
from tests.own_sentences import collected


def test_the_list_is_what_the_program_says_today() -> None:
    assert reviewed.FILE.read_text("utf-8").splitlines() == collected(), "run python -m tests.own_sentences"


def test_a_gap_takes_some_words_and_no_second_sentence() -> None:
    assert reviewed.knows(normalise("On January 30, 2026 we received your application for credit, reference 6F1F9F0E."))
    assert not reviewed.knows(
        normalise("On time. You are approved. we received your application for credit, reference X.")
    )


def test_an_own_sentence_with_a_promise_in_its_gap_is_refused() -> None:
    assert check("On guaranteed approval we received your application for credit, reference 6F1F9F0E.")


def test_neither_a_placeholder_nor_an_address_is_a_claim() -> None:
    assert check("[CREDIT_CARD]") == []
    assert (
        check("Continue my application:\nhttps://carloans.example/r/3oJbVSrRV1yRhqzHVpgTNPn0Rwcj2wnCkkZYcsbKvJE") == []
    )


def test_a_long_text_does_not_stall_the_look_up() -> None:
    assert seconds(lambda: reviewed.knows("soy cathy , " + "una asistente de " * 400)) < 10
    assert not reviewed.knows("soy cathy , " + "una asistente de " * 400)
