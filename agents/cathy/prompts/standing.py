"""Whether a version may be activated: it was evaluated, broke no rule, and did not do worse than the one that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from cathy.models import PromptEvaluation, PromptVersion

#: A share that differs by less is the same; shares are counts over counts.
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a version may not be activated: a stable code, and words."""

    code: str
    message: str


def obstacle(row: PromptVersion) -> Obstacle | None:
    """Return what stands in the way of activating a version; None when nothing does. A retired one held before."""
    if row.state == "active":
        return Obstacle("already_active", _("This version is active already."))
    if row.state == "retired" and row.activated_at is not None:
        return None
    newest = _newest(row)
    if not newest:
        return Obstacle("not_evaluated", _("Evaluate this version first."))
    for one in newest.values():
        if found := _failed(one):
            return found
    return _regressed(newest)


def _newest(row: PromptVersion) -> dict[tuple[str, str], PromptEvaluation]:
    """The newest evaluation for each suite and model."""
    rows = PromptEvaluation.objects.filter(version=row).defer("report").order_by("at")
    return {(one.suite, one.model): one for one in rows}


def _failed(one: PromptEvaluation) -> Obstacle | None:
    if one.tasks and not one.violations and not one.tool_errors:
        return None
    words = _(
        "The evaluation on “%(suite)s” found %(violations)d violations and %(errors)d tool errors in %(tasks)d tasks."
    )
    numbers = {"suite": one.suite, "violations": one.violations, "errors": one.tool_errors, "tasks": one.tasks}
    return Obstacle("evaluation_failed", words % numbers)


def _regressed(newest: dict[tuple[str, str], PromptEvaluation]) -> Obstacle | None:
    held = PromptVersion.objects.filter(state="active").first()
    for key, before in (_newest(held) if held else {}).items():
        now = newest.get(key)
        if now and (now.pass_one < before.pass_one - _SAME or now.pass_all < before.pass_all - _SAME):
            words = _("On “%(suite)s” it passed %(now)s of the tasks in every trial, the active version %(before)s.")
            shares = {"suite": now.suite, "now": f"{now.pass_all:.1%}", "before": f"{before.pass_all:.1%}"}
            return Obstacle("evaluation_regressed", words % shares)
    return None
