"""Whether an agent's words may travel with a lead."""

from __future__ import annotations

from typing import Final

from carloans.core.privacy import redact
from cathy.guardrails import claims

LONGEST: Final = 600
#: The linter reads for a customer's eyes. A dealer is told about a customer: that is what a lead is for.
_MEANT: Final = frozenset({"leaks_other_customer"})


def is_fit(text: str) -> bool:
    """Non-empty, of bearable length, without personal data and without a claim that we may not make."""
    if not text.strip() or len(text) > LONGEST or redact(text).spans:
        return False
    return all(violation.rule in _MEANT for violation in claims.check(text, channel="email"))
