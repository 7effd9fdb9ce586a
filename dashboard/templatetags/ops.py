"""Small wordings of the operations room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

_OWNERS: dict[str, str | Promise] = {
    "ai": _("with Cathy"),
    "queue": _("needs a person"),
    "human": _("with a person"),
    "closed": _("closed"),
}


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


@register.filter
def owner(value: str) -> str:
    """Who has a conversation, in words."""
    return str(_OWNERS.get(value, value))


@register.filter
def by_mode(modes: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Providers gathered by their mode: ("simulated", ["model", "mail"]); the simulated ones first."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for name, mode in modes.items():
        gathered[mode].append(name)
    return sorted(gathered.items(), reverse=True)
