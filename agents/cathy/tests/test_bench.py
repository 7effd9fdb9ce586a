"""The engine's benchmark: it needs nobody's database, and says what it measured of the gate."""

from __future__ import annotations

import pytest

from cathy import bench


@pytest.mark.slow
def test_it_runs_where_no_table_has_been_made_and_leaves_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "carloans.settings")
    found = bench.measure(runs=2)
    assert found["engine"]["first_text"]["p50"] > 0
    kinds = {"open_gate", "everyday", "said_before", "never_met", "never_met_wait", "doubtful"}
    assert set(found["gate_per_sentence_ms"]) == kinds
    assert list(tmp_path.iterdir()) == []


def test_each_kind_of_sentence_is_set_against_an_open_gate() -> None:
    found = bench.gate_times(replies=2)
    floor = found.pop("open_gate")
    assert all(one["over_floor"] == round(one["p50"] - floor["p50"], 2) for one in found.values())
    assert found["never_met"]["p50"] > floor["p50"]
