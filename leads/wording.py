"""Whether an agent's words may travel with a lead."""

from __future__ import annotations

from typing import Final

from cathy.guardrails import claims

from carloans.core.privacy import redact

LONGEST: Final = 600


def is_fit(text: str) -> bool:
    """Non-empty, of bearable length, without personal data and without a claim that we may not make."""
    return (
        bool(text.strip())
        and len(text) <= LONGEST
        and not redact(text).spans
        and not claims.check(text, channel="email")
    )
