"""Small wordings of the operations room."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def milliseconds(value: Any) -> str:
    """850 ms, 1.9 s, or a dash."""
    if value is None or value == "":
        return "–"
    number = float(value)
    return f"{number:.0f} ms" if number < 1000 else f"{number / 1000:.1f} s"


@register.filter
def percent(value: Any) -> str:
    """97.2 % for a share of 0.972, or a dash."""
    return "–" if value is None else f"{100 * float(value):.1f} %"


@register.filter
def words(value: Any) -> str:
    """`waiting_consent` as people read it."""
    return str(value).replace("_", " ")


@register.filter
def short(value: Any) -> str:
    """The first block of a UUID."""
    return str(value)[:8]
