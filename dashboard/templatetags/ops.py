"""Small wordings of the operations room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carloans.core import switches

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
def cents(value: Any) -> str:
    """0.42 ¢ for 420,000 millionths of a cent, or a dash."""
    return "–" if value is None else f"{float(value) / 1_000_000:.4g} ¢"


@register.filter
def named(names: Mapping[str, str], mark: str) -> str:
    """The name of the account that `mark` ("staff:6") stands for, or nothing."""
    return names.get(mark, "")


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


#: Whose news may put a conversation into a list of the inbox.
_OWNERS_OF = {"queue": "queue", "mine": "human", "colleagues": "human", "ai": "ai", "waiting": "ai human"}


@register.filter
def owners_of(shown: str) -> str:
    """The owners that a list of the inbox holds, for its script."""
    return _OWNERS_OF.get(shown, shown)


@register.simple_tag
def switches_off() -> list[switches.SwitchState]:
    """Every switch that is off, in one query: for the banner over each page."""
    return switches.off()


@register.filter
def days_left(days: int) -> str:
    """How long is left until a deadline, in words."""
    if days < 0:
        return str(ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days})
    return str(ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days})


@register.filter
def by_mode(modes: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Providers gathered by their mode: ("simulated", ["model", "mail"]); the simulated ones first."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for name, mode in modes.items():
        gathered[mode].append(name)
    return sorted(gathered.items(), reverse=True)
