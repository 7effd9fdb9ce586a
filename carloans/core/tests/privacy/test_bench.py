"""The comparison in `make bench`."""

from carloans.core.bench import redaction, redactors
from carloans.core.privacy.spans import Span


def test_says_how_to_bring_what_is_not_installed(monkeypatch):
    monkeypatch.setattr(redaction, "redactors", lambda: {"carloans": redactors.redactors()["carloans"], "other": None})
    figures = redaction.beside(every=400)
    assert figures["other"] == "not installed: pip install -r requirements-bench.txt"
    assert figures["ratio"] == {}


def test_gives_every_figure_as_a_ratio_to_ours(monkeypatch):
    ours = redactors.redactors()["carloans"]

    def all_is_a_phone(text: str) -> list[Span]:
        return [Span("PHONE", 0, len(text))]

    monkeypatch.setattr(redaction, "redactors", lambda: {"carloans": ours, "zealot": all_is_a_phone})
    figures = redaction.beside(every=400)
    assert figures["zealot"]["recall"]["PHONE"] == 1
    assert figures["zealot"]["recall"]["SSN"] == 0
    assert figures["zealot"]["clean_texts_flagged"] == 1
    assert figures["ratio"]["zealot"]["recall"]["SSN"] == 0
    assert figures["ratio"]["zealot"]["clean_texts_flagged"] > 50
