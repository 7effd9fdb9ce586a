"""The learned layer of the claim linter: that it is whole, weighs in, and is never silently left out."""

from __future__ import annotations

import shutil

import pytest
from django.core.checks import run_checks

from cathy.guardrails.opinion import files, judge
from cathy.guardrails.opinion.pieces import UNKNOWN, Pieces


def test_the_models_are_there() -> None:
    assert files.missing() == []
    assert [found for found in run_checks() if found.id == "cathy.E001"] == []


def test_nothing_starts_without_a_model(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.WEIGHTS, tmp_path / "weights")
    (tmp_path / "weights" / "ngrams.npz").unlink()
    monkeypatch.setattr(files, "WEIGHTS", tmp_path / "weights")
    found = [message for message in run_checks() if message.id == "cathy.E001"]
    assert len(found) == 1
    assert "ngrams.npz" in found[0].msg


@pytest.mark.parametrize("name", files.NAMES)
def test_a_damaged_model_is_an_error_and_no_pass(name: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.WEIGHTS, tmp_path / "weights")
    (tmp_path / "weights" / name).write_bytes(b"{}")
    monkeypatch.setattr(judge, "WEIGHTS", tmp_path / "weights")
    with pytest.raises(RuntimeError, match="no text is judged"):
        judge.load.__wrapped__()


def test_words_are_cut_into_known_pieces() -> None:
    pieces = Pieces(files.WEIGHTS / "pieces.json")
    whole, cut = pieces.ids("loan", 10), pieces.ids("xqzloan", 10)
    assert len(whole) == 1
    assert len(cut) > 1
    assert UNKNOWN not in whole + cut
    assert pieces.ids("☃", 10)[-1] == UNKNOWN
    assert len(pieces.ids("loan " * 200, 72)) == 72
