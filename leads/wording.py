"""Whether an agent's words may travel with a lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carloans.core.privacy import redact
from cathy.guardrails import asides

LONGEST: Final = 600


def faults(text: str) -> list[str]:
    """Why a text may not travel: claims that we may not make, personal data, nothing said or too much."""
    if not text.strip() or len(text) > LONGEST:
        return ["wrong_shape"]
    if redact(text).spans:
        return ["personal_data"]
    return asides.broken_rules(text)


def fitting(summary: str, highlights: Sequence[str]) -> tuple[list[str], list[str]]:
    """The highlights that may stand below a summary, and what the others break; none when they only fail together."""
    judged = [(line, faults(line)) for line in highlights]
    lines = [line for line, wrong in judged if not wrong]
    refused = [rule for _, wrong in judged for rule in wrong]
    together = asides.broken_rules("\n".join((summary, *lines)))
    return ([], [*refused, *together]) if together else (lines, refused)
