"""Which wishes about wording the simulated model hears, and how. It has its own sentences and no taste."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from cathy.guardrails.text import normalise
from cathy.simulation.contract import Turn, parse_style

#: What it honours; the greeting is no model's word, so it holds with every model.
HONOURED: Final = (
    _("greeting"),
    _("words to avoid, where one of its sentences does without"),
    _("longest reply"),
    _("when the contact form is offered, and in which words"),
)
IGNORED: Final = (_("warmth"), _("formality"), _("words to prefer"), _("roles of the agents"))


def style_of(turn: Turn) -> dict[str, Any]:
    """The wishes of a turn; {} when there are none."""
    return parse_style(turn.system)


def without(options: Sequence[str], style: dict[str, Any]) -> Sequence[str]:
    """The options that hold no avoided word; all of them when each does: what must be said is said."""
    avoided = [f" {normalise(str(word)).strip()} " for word in style.get("avoid") or () if str(word).strip()]
    clean = [option for option in options if not any(word in f" {normalise(option).strip()} " for word in avoided)]
    return clean or options


def longest(style: dict[str, Any], otherwise: int) -> int:
    """The most words of a reply."""
    length = style.get("length")
    return min(length, otherwise) if isinstance(length, int) else otherwise
