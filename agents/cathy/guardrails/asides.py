"""Words about a customer, for colleagues and dealers: what an agent writes that the customer does not read.

The claim linter reads for a customer's eyes. Here the customer is spoken of, which is what such a note is for, so the
rule against telling one customer of another does not hold; all others do.
"""

from __future__ import annotations

from cathy.guardrails import claims

_MEANT = frozenset({"leaks_other_customer"})


def broken_rules(text: str) -> list[str]:
    """The rules that a note breaks, each once; empty means that it may be kept."""
    found = (violation.rule for violation in claims.check(text, channel="email"))
    return [rule for rule in found if rule not in _MEANT]
