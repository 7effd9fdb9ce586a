"""The widget stays small: the launcher that every page loads, and everything together."""

from __future__ import annotations

from chat import weight


def test_the_launcher_and_the_whole_widget_keep_to_their_weight() -> None:
    assert len(weight.scripts()) > 15
    assert set(weight.BUTTON) < set(weight.scripts())
    assert 1000 < weight.launcher() <= weight.MOST_LAUNCHER
    assert weight.launcher() < weight.widget() <= weight.MOST_WIDGET
