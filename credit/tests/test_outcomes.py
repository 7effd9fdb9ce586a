"""What may be said is hand-written, true, and passes the linter in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from cathy.guardrails import claims
from credit.outcomes import FINAL, Outcome, Phrase, Status, allowed_phrases, outcome_of, sentence


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("phrase", list(Phrase))
def test_every_sentence_passes_the_linter(phrase, locale):
    with translation.override(locale):
        words = sentence(phrase)
    assert claims.check(words, channel="chat") == []


def test_spanish_is_spoken_when_it_is_active():
    with translation.override("es"):
        assert sentence("prequalified").startswith("Buenas noticias")
    with translation.override("en"):
        assert sentence("prequalified").startswith("Good news")


@pytest.mark.parametrize("status", sorted(FINAL))
@pytest.mark.parametrize("offers", [True, False])
def test_every_final_status_has_an_outcome_and_a_phrase(status, offers):
    outcome = outcome_of(status, offers=offers)
    assert allowed_phrases(status, outcome)


@pytest.mark.parametrize("status", [Status.ERROR, Status.EXPIRED, Status.DECLINED_CONSENT])
def test_a_fault_is_never_adverse(status):
    assert outcome_of(status, offers=False) == Outcome.UNAVAILABLE


def test_only_a_pull_with_offers_prequalifies():
    good = {
        status for status in Status for offers in (True, False) if outcome_of(status, offers=offers) == "prequalified"
    }
    assert good == {Status.PULLED}
    assert outcome_of(Status.PULLED, offers=False) == Outcome.NEEDS_PERSON
