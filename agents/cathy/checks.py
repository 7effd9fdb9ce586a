"""System checks: what the guardrails cannot do without."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from cathy.guardrails.opinion import files
from cathy.simulation.understanding import model_file


@register()
def claim_models_are_there(**kwargs: Any) -> list[CheckMessage]:
    """The guardrails' models: without them neither text nor turn can be judged, so nothing may start."""
    if not (missing := files.missing()):
        return []
    return [
        Error(
            f"The guardrails' models are not whole: {', '.join(missing)} missing in {files.WEIGHTS}.",
            hint="Restore the folder from the repository, or make the models anew as docs/agents.md tells.",
            id="cathy.E001",
        )
    ]


@register()
def turn_models_are_there(**kwargs: Any) -> list[CheckMessage]:
    """The recogniser's models: without them no turn can be read, so nothing may start."""
    if not (missing := model_file.missing()):
        return []
    return [
        Error(
            f"The recogniser's models are not whole: {', '.join(missing)} missing in {model_file.WEIGHTS.parent}.",
            hint="Restore the folder from the repository, or make the models anew as docs/agents.md tells.",
            id="cathy.E002",
        )
    ]
