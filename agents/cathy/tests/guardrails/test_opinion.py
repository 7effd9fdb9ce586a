"""The learned layer of the claim linter: that it is whole, weighs in, and is never silently left out."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Sequence

import pytest
from django.core.checks import run_checks

from cathy.guardrails.opinion import attacks, files, judge
from cathy.guardrails.opinion.pieces import UNKNOWN, Pieces


def test_the_models_are_there() -> None:
    assert files.missing() == []
    assert [found for found in run_checks() if found.id == "cathy.E001"] == []


@pytest.mark.parametrize("name", ["ngrams.npz", "attacks.npz"])
def test_nothing_starts_without_a_model(name: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.WEIGHTS, tmp_path / "weights")
    (tmp_path / "weights" / name).unlink()
    monkeypatch.setattr(files, "WEIGHTS", tmp_path / "weights")
    found = [message for message in run_checks() if message.id == "cathy.E001"]
    assert len(found) == 1
    assert name in found[0].msg


@pytest.mark.parametrize("name", files.CLAIMS)
def test_a_damaged_model_is_an_error_and_no_pass(name: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.WEIGHTS, tmp_path / "weights")
    (tmp_path / "weights" / name).write_bytes(b"{}")
    monkeypatch.setattr(judge, "WEIGHTS", tmp_path / "weights")
    with pytest.raises(RuntimeError, match="no text is judged"):
        judge.load.__wrapped__()


def test_a_damaged_model_of_attacks_is_an_error(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / files.ATTACKS).write_bytes(b"{}")
    monkeypatch.setattr(files, "WEIGHTS", tmp_path)
    with pytest.raises(RuntimeError, match="no turn is judged"):
        attacks.load.__wrapped__()


def test_words_are_cut_into_known_pieces() -> None:
    pieces = Pieces(files.WEIGHTS / "pieces.json")
    whole, cut = pieces.ids("loan", 10), pieces.ids("xqzloan", 10)
    assert len(whole) == 1
    assert len(cut) > 1
    assert UNKNOWN not in whole + cut
    assert pieces.ids("☃", 10)[-1] == UNKNOWN
    assert len(pieces.ids("loan " * 200, 72)) == 72


COMPANY = "thanks for writing . your application is saved and you can go on with it on any day ."
LINES = (
    "we keep what you have entered so that nothing gets lost on the way .",
    "the dealer will go through the numbers with you in person .",
    "you are sure to walk out with the keys today , take my word for it .",
    "nobody here can tell you what your monthly figure will be .",
    "your score cannot possibly drop because of the full application .",
    "somebody from our team is glad to help you with the form .",
    "no one ever gets turned away by us , so your loan is as good as done .",
)


def counted(models: judge.Models, monkeypatch: pytest.MonkeyPatch, *, ceiling: float) -> list[str]:
    """Set the ceiling; the texts that the careful reader is given from now on."""
    read: list[str] = []
    careful = models._careful.__wrapped__

    def spy(text: str, context: str) -> judge.Floats:
        read.append(text)
        return careful(text, context)

    weighing = dataclasses.replace(models.weighing, among={**models.weighing.among, "ceiling": ceiling})
    monkeypatch.setattr(models, "weighing", weighing)
    monkeypatch.setattr(models, "_careful", spy)
    return read


def verdicts(models: judge.Models, lines: Sequence[str]) -> list[bool]:
    around = [(f"{COMPANY} {line}", "") for line in lines]
    return [
        models._weighed((line, ""), wide, quick=-1.0, wide=-1.0, broken=False).forbidden
        for line, wide in zip(lines, around, strict=True)
    ]


def test_company_that_can_change_nothing_is_not_read_and_the_verdict_is_the_same(monkeypatch) -> None:
    models = judge.Models(files.WEIGHTS)
    ceiling = models.weighing.among["ceiling"]
    with monkeypatch.context() as patch:
        everything = counted(models, patch, ceiling=1_000.0)
        thorough = verdicts(models, LINES)
    with monkeypatch.context() as patch:
        needed = counted(models, patch, ceiling=ceiling)
        assert verdicts(models, LINES) == thorough
    assert set(thorough) == {True, False}
    assert set(LINES) <= set(needed)
    assert len(needed) < len(everything)


def test_no_text_is_more_forbidden_to_the_careful_reader_than_the_ceiling_says() -> None:
    models = judge.Models(files.WEIGHTS)
    texts = [*LINES, *(f"{COMPANY} {line}" for line in LINES), " ".join(LINES[2::2]), "you are approved . " * 9]
    odds = [judge._log_odds(models._careful(text, "")[: len(models.weighing.labels)]) for text in texts]
    assert max(odds) < models.weighing.among["ceiling"]
