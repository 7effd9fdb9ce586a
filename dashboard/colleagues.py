"""Who is behind `staff:<id>`: the trail keeps ids, and whoever reads it wants to know who that was."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

_KINDS = ("staff", "account")


def names_of(marks: Iterable[str]) -> dict[str, str]:
    """For each "staff:6" or "account:6" the name of the account, in one query; a closed account keeps its name."""
    numbers = {mark: int(number) for mark in marks if (number := _number_of(mark))}
    named = get_user_model().objects.in_bulk(set(numbers.values()))
    return {mark: named[number].get_username() for mark, number in numbers.items() if number in named}


def actor_meant(typed: str) -> str:
    """The trail's word for a colleague's user name; anything else as it was typed."""
    if not typed or ":" in typed:
        return typed
    found = get_user_model().objects.filter(username=typed).values_list("pk", flat=True).first()
    return f"staff:{found}" if found is not None else typed


def _number_of(mark: str) -> str:
    kind, _, number = mark.partition(":")
    return number if kind in _KINDS and number.isascii() and number.isdecimal() and len(number) < 10 else ""
