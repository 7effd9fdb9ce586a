from __future__ import annotations

import pytest

from carloans.core.lifecycle import IllegalMove, Lifecycle
from carloans.core.models import Switch

LIFE = Lifecycle(field="name", initial="ai", moves={"ai": {"send"}, "send": {"post"}, "post": set()})


def test_an_unknown_initial_state_is_refused_at_import():
    with pytest.raises(ValueError, match="not declared"):
        Lifecycle(initial="nowhere", moves={"ai": {"send"}})


@pytest.mark.django_db
def test_a_move_changes_the_row_and_the_instance():
    row = Switch.objects.create(name="ai")
    assert LIFE.move(row, "send", reason="because")
    assert (row.name, Switch.objects.get().reason) == ("send", "because")


@pytest.mark.django_db
def test_the_second_mover_loses():
    row = Switch.objects.create(name="ai")
    other = Switch.objects.get()
    assert LIFE.move(row, "send")
    assert LIFE.move(other, "send", reason="late") is False
    assert Switch.objects.get().reason == ""


@pytest.mark.django_db
def test_an_undeclared_move_is_our_mistake():
    with pytest.raises(IllegalMove):
        LIFE.move(Switch.objects.create(name="ai"), "post")
